/**
 * Label values of mutual TLS.
 * The sets are closed. A value of a log line that is not in its set becomes `other`: nothing that a caller can write
 * becomes a label value of a domain series.
 */

/** The reverse proxy that reported a failed handshake. */
export const proxies = ['nginx', 'envoy', 'haproxy', 'caddy', 'traefik'] as const
export type ReverseProxy = (typeof proxies)[number]

/** Why a mutual TLS handshake failed; one set for all proxies. */
export const mtlsReasons = [
  'no_certificate',
  'untrusted_issuer',
  'expired',
  'not_yet_valid',
  'revoked',
  'wrong_usage',
  'protocol',
  'plaintext',
  'server_certificate_rejected',
  'sni_mismatch',
  'other',
] as const
export type MtlsReason = (typeof mtlsReasons)[number]
