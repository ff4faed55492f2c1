import { greatest, grown, held } from '../promql.ts'
import type { RuleGroup } from '../rule.ts'
import type { Values } from '../values.ts'

const expiry =
  'min by (gateway, trust_zone, subject) (min_over_time(clawtrust_certificate_expiry_timestamp_seconds[3m])) - time()'

/** Mutual TLS in front of the gateway, and the certificates behind it. */
export const transport = ({ transport: values }: Values): RuleGroup => ({
  name: 'clawtrust-transport',
  rules: [
    {
      alert: 'ClawtrustMtlsUnknownSource',
      expr: `${greatest('gateway, trust_zone, source_ip', held('clawtrust_offender_events{signal="mtls_handshake_failures",source_ip!="__overflow__"}'))} >= ${values.handshakes_of_one_address}`,
      severity: 'critical',
      playbook: 'mtls-unknown-source',
      summary: 'An address without a valid certificate knocks again and again.',
      description:
        '{{ $labels.source_ip }} failed {{ $value | humanize }} mutual TLS handshakes in 5 minutes at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}.',
      controls: ['IA-3', 'SC-8', 'SI-4'],
    },
    {
      alert: 'ClawtrustMtlsFailuresHigh',
      expr: `${greatest('gateway, trust_zone, proxy', `sum without (reason) (${grown('clawtrust_mtls_handshake_failures_total{reason!="server_certificate_rejected"}', '5m')})`)} >= ${values.handshakes_in_5m}`,
      severity: 'warning',
      summary: 'Mutual TLS handshakes fail in large number.',
      description:
        '{{ $value | humanize }} handshakes failed in 5 minutes at {{ $labels.proxy }} in front of gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}.',
      controls: ['IA-3', 'IA-5', 'SC-8'],
    },
    {
      alert: 'ClawtrustServerCertificateRejected',
      expr: `${greatest('gateway, trust_zone, proxy', grown('clawtrust_mtls_handshake_failures_total{reason="server_certificate_rejected"}', '15m'))} >= ${values.rejections_in_15m}`,
      severity: 'warning',
      summary: 'Clients reject the certificate of the proxy.',
      description:
        '{{ $value | humanize }} clients rejected the certificate of {{ $labels.proxy }} in front of gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}, in 15 minutes.',
      controls: ['IA-5', 'SC-23'],
    },
    {
      alert: 'ClawtrustCertificateExpiring',
      expr: `${expiry} < ${values.certificate_days_left * 86_400}`,
      severity: 'warning',
      summary: 'A client certificate expires soon.',
      description:
        'The certificate of {{ $labels.subject }}, shown at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}, is valid for another {{ $value | humanizeDuration }}.',
      controls: ['IA-5', 'SC-12'],
    },
    {
      alert: 'ClawtrustCertificateExpired',
      expr: `${expiry} <= 0`,
      severity: 'critical',
      summary: 'A client certificate has expired.',
      description:
        'The certificate of {{ $labels.subject }}, last shown at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}, is no longer valid: its holder is locked out.',
      controls: ['IA-5', 'SC-12'],
    },
  ],
})
