import { formDocument as formOf, liveDocument as liveOf, type RenderedPage } from '../../../service/page/document.ts'
import type { HeaderFacts } from '../../../service/page/header.ts'
import type { HtmlValue } from '../../../service/page/html.ts'
import { style as shared } from '../../../service/page/style.ts'

export interface LiveFacts extends HeaderFacts {
  /** True where it holds commands as buttons. */
  readonly mayCommand: boolean
}

/** The product's style sheet and what a form needs beside it. */
const style = `${shared}
h1{overflow-wrap:anywhere}
main.question{max-width:800px;padding-top:28px;padding-bottom:40px}
.question p{margin-top:8px}
form.command{display:inline}
form.command button{margin:0 6px 2px 0}
.note{color:var(--muted);font-size:13px;padding:8px 0 4px}
code{color:var(--text);font:12px ui-monospace,SFMono-Regular,Menlo,"Liberation Mono",monospace;white-space:nowrap}
.verdict form.command{margin-left:6px}
form.decision{display:flex;flex-wrap:wrap;align-items:center;gap:12px;margin:14px 0}
.cancel{display:inline-block;padding:4px 0}
.facts-list{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 16px;margin:10px 0}
.facts-list dt{color:var(--muted)}
.facts-list dd{margin:0;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--sunken);border-radius:6px;padding:10px 12px;font-size:12px}
`

/** A page that asks for news of itself. */
export const liveDocument = (title: string, facts: LiveFacts, content: HtmlValue): RenderedPage =>
  liveOf({ title, style, content }, facts, facts.mayCommand)

/** A page that asks a person something. */
export const formDocument = (title: string, content: HtmlValue): RenderedPage => formOf({ title, style, content })
