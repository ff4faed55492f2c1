import type { ClaimDraft } from './claim.ts'

/**
 * A request that a proxy accepted over a version of TLS before 1.2, which RFC 8996 forbids: a client, and the
 * configuration of the proxy, need an update.
 */
export const obsoleteTls: ClaimDraft = {
  signal: 'posture_drifts',
  labels: { kind: 'tls_obsolete', severity: 'high' },
  outcome: 'success',
  severity: 'high',
}

/** As OpenSSL and BoringSSL call the versions before 1.2: in nginx, Envoy and HAProxy. */
export const obsoleteVersions: readonly string[] = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1']

export const isObsoleteVersion = (name: unknown): boolean => (obsoleteVersions as readonly unknown[]).includes(name)
