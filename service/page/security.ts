import { createHash } from 'node:crypto'

export interface DocumentSources {
  /** The document's one style sheet. */
  readonly style: string
  /** Its one script, where it has one. */
  readonly script?: string
  /** True where it sends forms to its own address. */
  readonly forms?: boolean
}

/** A document's own policy, also for its meta element: its style sheet, its script, its own address, nothing else. */
export function contentSecurityPolicyOf({ style, script, forms = false }: DocumentSources): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${script === undefined ? "'none'" : hashOf(script)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    `form-action ${forms ? "'self'" : "'none'"}`,
  ].join('; ')
}

/** Headers that go with such a document. */
export function pageHeadersOf(contentSecurityPolicy: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    // frame-ancestors has no effect in a meta element.
    'content-security-policy': `${contentSecurityPolicy}; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
  }
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
