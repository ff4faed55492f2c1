import { header } from '../../../service/page/header.ts'
import { Html, type HtmlValue, html } from '../../../service/page/html.ts'
import { refreshScript, refreshSeconds } from '../../../service/page/refresh.ts'
import { contentSecurityPolicyOf, pageHeadersOf } from '../../../service/page/security.ts'
import { style as shared } from '../../../service/page/style.ts'

export interface RenderedPage {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

export interface LiveFacts {
  readonly version: string
  readonly now: number
  readonly readiness: { readonly ready: boolean }
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

const livePolicy = (forms: boolean) => contentSecurityPolicyOf({ style, script: refreshScript, forms })
const formPolicy = contentSecurityPolicyOf({ style, forms: true })

/** A page that asks for news of itself. */
export function liveDocument(title: string, facts: LiveFacts, content: HtmlValue): RenderedPage {
  const head = html`<noscript><meta http-equiv="refresh" content="${refreshSeconds * 2}"></noscript>`
  const body = html`<a class="skip" id="skip" href="#main">Skip to the content</a>
${header(facts)}
<main id="main" class="wrap" tabindex="-1">${content}</main>
<footer><div class="wrap"><nav aria-label="Endpoints"><ul><li><a href="/metrics">Metrics</a></li><li><a href="/-/healthy">Healthy</a></li><li><a href="/-/ready">Ready</a></li></ul></nav></div></footer>
<script>${new Html(refreshScript)}</script>`
  return rendered(title, livePolicy(facts.mayCommand), head, body)
}

/** A page that asks a person something. */
export function formDocument(title: string, content: HtmlValue): RenderedPage {
  return rendered(title, formPolicy, undefined, html`<main id="main" class="wrap question">${content}</main>`)
}

function rendered(title: string, policy: string, head: HtmlValue, body: HtmlValue): RenderedPage {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
${head}
<style>${new Html(style)}</style>
</head>
<body>
${body}
</body>
</html>
`
  return { body: document.markup, headers: pageHeadersOf(policy) }
}
