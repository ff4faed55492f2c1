import { greatest, grown, held } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, mostFrom, place } from '../text.ts'
import type { Values } from '../values.ts'

const expiry =
  'min by (gateway, trust_zone, subject) (min_over_time(clawtrust_certificate_expiry_timestamp_seconds[3m])) - time()'

/** Mutual TLS in front of the gateway, and client certificates. */
export const transport = ({ transport: values }: Values): RuleGroup => ({
  name: 'clawtrust-transport',
  dashboard: 'authentication',
  rules: [
    {
      alert: 'ClawtrustMtlsUnknownSource',
      expr: `${greatest('gateway, trust_zone, source_ip', held('clawtrust_offender_events{signal="mtls_handshake_failures",source_ip!="__overflow__"}'))} >= ${values.handshakes_of_one_address}`,
      severity: 'critical',
      playbook: 'mtls-unknown-source',
      summary: 'An address without a valid certificate connects repeatedly.',
      description: `{{ $labels.source_ip }} failed ${count} mutual TLS handshakes in 5 minutes ${place}, and was refused. The playbook mtls-unknown-source decides on a block: run clawtrust remediation list. A client of your own with an expired certificate looks the same.`,
      controls: ['IA-3', 'SC-8', 'SI-4'],
    },
    {
      alert: 'ClawtrustMtlsFailuresHigh',
      expr: `${greatest('gateway, trust_zone, proxy', `sum without (reason) (${grown('clawtrust_mtls_handshake_failures_total{reason!="server_certificate_rejected"}', '5m')})`)} >= ${values.handshakes_in_5m}`,
      severity: 'warning',
      summary: 'Many mutual TLS handshakes fail.',
      description: `${count} handshakes failed in 5 minutes ${place}, reported by {{ $labels.proxy }}. If no single address dominates, check the certificate authority of the proxy and certificates that expired together: legitimate clients may be locked out.${mostFrom('mtls_handshake_failures')}`,
      controls: ['IA-3', 'IA-5', 'SC-8'],
    },
    {
      alert: 'ClawtrustServerCertificateRejected',
      expr: `${greatest('gateway, trust_zone, proxy', grown('clawtrust_mtls_handshake_failures_total{reason="server_certificate_rejected"}', '15m'))} >= ${values.rejections_in_15m}`,
      severity: 'warning',
      summary: 'Clients reject the certificate of the proxy.',
      description: `Clients rejected the certificate of {{ $labels.proxy }} ${count} times in 15 minutes ${place} and could not connect. Check its chain, name and expiry; if only some networks reject it, suspect interception.`,
      controls: ['IA-5', 'SC-23'],
    },
    {
      alert: 'ClawtrustCertificateExpiring',
      expr: `${expiry} < ${values.certificate_days_left * 86_400}`,
      severity: 'warning',
      summary: 'A client certificate expires soon.',
      description: `The certificate of {{ $labels.subject }}, in use ${place}, expires in {{ $value | humanizeDuration }}. Renew it: after that its holder is refused.`,
      dashboard: 'posture',
      controls: ['IA-5', 'SC-12'],
    },
    {
      alert: 'ClawtrustCertificateExpired',
      expr: `${expiry} <= 0`,
      severity: 'critical',
      summary: 'A client certificate has expired.',
      description: `The certificate of {{ $labels.subject }}, in use ${place}, has expired: its holder is locked out, and may be blocked. Renew it, then unblock its address.`,
      dashboard: 'posture',
      controls: ['IA-5', 'SC-12'],
    },
  ],
})
