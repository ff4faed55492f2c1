import type { WebConfig } from './web-config.ts'

/** What every response says unless a page or the web configuration says otherwise: nothing from elsewhere, in no frame. */
export const defaultHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'deny',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

/** Names and values as configured; the empty value means that the header is not sent. */
export function configuredHeaders({ http_server_config }: WebConfig): readonly (readonly [string, string])[] {
  return Object.entries(http_server_config.headers).map(([name, value = '']) => [name, value])
}
