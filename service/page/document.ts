import { type HeaderFacts, header } from './header.ts'
import { Html, type HtmlValue, html } from './html.ts'
import { refreshScript, refreshSeconds } from './refresh.ts'
import { contentSecurityPolicyOf, pageHeadersOf } from './security.ts'

export interface RenderedPage {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

export interface DocumentParts {
  readonly title: string
  /** Its only style sheet. */
  readonly style: string
  readonly content: HtmlValue
}

/**
 * A page that asks for news of itself.
 *
 * @param forms true where it holds commands as buttons
 */
export function liveDocument(
  { title, style, content }: DocumentParts,
  facts: HeaderFacts,
  forms: boolean,
): RenderedPage {
  const head = html`<noscript><meta http-equiv="refresh" content="${refreshSeconds * 2}"></noscript>`
  const body = html`<a class="skip" id="skip" href="#main">Skip to the content</a>
${header(facts)}
<main id="main" class="wrap" tabindex="-1">${content}</main>
<footer><div class="wrap"><nav aria-label="Endpoints"><ul><li><a href="/metrics">Metrics</a></li><li><a href="/-/healthy">Healthy</a></li><li><a href="/-/ready">Ready</a></li></ul></nav></div></footer>
<script>${new Html(refreshScript)}</script>`
  return rendered(
    { title, style, content: body },
    contentSecurityPolicyOf({ style, script: refreshScript, forms }),
    head,
  )
}

/** A page that asks a person something. */
export function formDocument({ title, style, content }: DocumentParts): RenderedPage {
  const body = html`<main id="main" class="wrap question">${content}</main>`
  return rendered({ title, style, content: body }, contentSecurityPolicyOf({ style, forms: true }))
}

function rendered({ title, style, content }: DocumentParts, policy: string, head?: HtmlValue): RenderedPage {
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
${content}
</body>
</html>
`
  return { body: document.markup, headers: pageHeadersOf(policy) }
}
