import type { WebConfig } from './web-config.ts'

/**
 * Default headers of every response, which a page or the web configuration may override: no content from other origins,
 * no framing.
 */
export const defaultHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'deny',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

/** Names and values as configured; a header with an empty value is not sent. */
export function configuredHeaders({ http_server_config }: WebConfig): readonly (readonly [string, string])[] {
  return Object.entries(http_server_config.headers).map(([name, value = '']) => [name, value])
}
