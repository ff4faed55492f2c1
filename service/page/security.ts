import { createHash } from 'node:crypto'

export interface DocumentSources {
  /** The document's only style sheet. */
  readonly style: string
  /** The document's only script, if any. */
  readonly script?: string
  /** True if it sends forms to its own address. */
  readonly forms?: boolean
}

/** The policy of a document, also for its meta element: its style sheet, its script, its own address, nothing else. */
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

/** The headers of such a document. */
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
