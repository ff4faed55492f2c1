import { drift, guarded, noSignal, type Template } from './template.ts'

const tls = ['gateway/tls', 'gateway'] as const

/** Certificates of the gateway and of its egress proxy, and the fingerprint that a client expected. */
export const tlsTemplates: readonly Template[] = [
  {
    id: 'tls-self-signed',
    subsystems: tls,
    prefix: 'gateway tls: generated self-signed cert at ',
    evidence: 'captured',
    ...drift('tls_self_signed', 'medium'),
  },
  {
    id: 'tls-degraded',
    subsystems: tls,
    prefix: '[GATEWAY_TLS_DEGRADED] ',
    evidence: 'source',
    ...drift('tls_degraded', 'high'),
  },
  {
    id: 'tls-renewed',
    subsystems: tls,
    prefix: 'gateway TLS certificate renewed ',
    evidence: 'source',
    ...drift('certificate_renewed', 'info'),
  },
  {
    id: 'tls-renewal-failed',
    subsystems: tls,
    prefix: 'gateway TLS renewal failed; ',
    evidence: 'source',
    ...drift('certificate_renewal_failed', 'high'),
  },
  {
    id: 'tls-renewal-deferred',
    subsystems: tls,
    prefix: 'gateway TLS renewal deferred ',
    evidence: 'source',
    ...noSignal,
  },
  {
    id: 'tls-discovery-failed',
    subsystems: tls,
    prefix: 'gateway TLS renewed but discovery refresh failed: ',
    evidence: 'source',
    ...noSignal,
  },
  {
    id: 'egress-tls-unavailable',
    subsystems: ['secrets/egress-proxy'],
    prefix: 'secret egress TLS certificate unavailable; ',
    evidence: 'source',
    ...drift('tls_degraded', 'high'),
  },
  {
    id: 'tls-fingerprint',
    subsystems: [''],
    prefix: 'gateway connect failed: ',
    evidence: 'source',
    ...guarded(rest => rest.includes('gateway tls fingerprint '), drift('tls_fingerprint', 'high')),
  },
]
