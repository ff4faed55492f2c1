import { greatest, grown, held } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, knownOfAddress, mostFrom, offender, place } from '../text.ts'
import type { Values } from '../values.ts'

const expiry =
  'min by (gateway, trust_zone, subject, place) (min_over_time(clawtrust_certificate_expiry_timestamp_seconds[3m])) - time()'

/** Changes of certificates that a source of type `certificates` reports, and of peers that one of type `wireguard` does. */
export const OF_CERTIFICATES = 'certificate_issuer_changed|certificate_weak|certificate_untrusted'
export const OF_TUNNELS = 'tunnel_unknown_peer'

const drifts = (kinds: string) =>
  `${greatest('gateway, trust_zone, kind', `sum without (severity) (${grown(`clawtrust_posture_drifts_total{kind=~"${kinds}"}`, '15m')})`)} > 0`

const OF_PEER = 'gateway, trust_zone, peer'

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
      description: `${offender} failed ${count} mutual TLS handshakes in 5 minutes ${place}, and was refused.${knownOfAddress} The playbook mtls-unknown-source decides on a block: run clawtrust remediation list. A client of your own with an expired certificate looks the same.`,
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
      expr: `0 < (${expiry}) < ${values.certificate_days_left * 86_400}`,
      severity: 'warning',
      playbook: 'certificate-rotation',
      summary: 'A certificate expires soon.',
      description: `The certificate of {{ $labels.subject }}, in use ${place}{{ with $labels.place }} ({{ . }}){{ end }}, expires in {{ $value | humanizeDuration }}. Renew it: after that its holder is refused. The playbook certificate-rotation requests it where a destination rotates certificates.`,
      dashboard: 'posture',
      controls: ['IA-5', 'SC-12'],
    },
    {
      alert: 'ClawtrustCertificateExpired',
      expr: `${expiry} <= 0`,
      severity: 'critical',
      playbook: 'certificate-rotation',
      summary: 'A certificate has expired.',
      description: `The certificate of {{ $labels.subject }}, in use ${place}{{ with $labels.place }} ({{ . }}){{ end }}, has expired: its holder is locked out, and may be blocked. Renew it, then unblock its address.`,
      dashboard: 'posture',
      controls: ['IA-5', 'SC-12'],
    },
    {
      alert: 'ClawtrustCertificateChanged',
      expr: drifts(OF_CERTIFICATES),
      severity: 'critical',
      summary: 'A watched certificate is not as it should be.',
      description: `A certificate that clawtrust watches has a change of kind {{ $labels.kind }} ${place}: another issuer, a weak key, or a chain that leads to no trusted authority. Unless your team changed it, suspect interception. The page shows the place, and the values before and after.`,
      dashboard: 'posture',
      controls: ['IA-5', 'SC-12', 'SC-23'],
    },
    {
      alert: 'ClawtrustTunnelPeerUnknown',
      expr: drifts(OF_TUNNELS),
      severity: 'critical',
      summary: 'A WireGuard interface has an unknown peer.',
      description: `A change of kind {{ $labels.kind }} ${place}: a WireGuard interface has a peer that is not in the configuration, and who has its key is inside the tunnel. The page shows its public key and endpoint. Remove the peer, unless your team added it.`,
      dashboard: 'posture',
      controls: ['AC-17', 'SC-8'],
    },
    {
      alert: 'ClawtrustTunnelStale',
      expr: `time() - ${greatest(OF_PEER, held('clawtrust_tunnel_last_handshake_timestamp_seconds'))} - on (${OF_PEER}) ${greatest(OF_PEER, held('clawtrust_tunnel_max_handshake_age_seconds'))} > 0`,
      severity: 'warning',
      summary: 'A tunnel has no fresh handshake.',
      description: `The last WireGuard handshake with {{ $labels.peer }} is {{ $value | humanizeDuration }} older than its configuration allows ${place}: the tunnel is down, or the peers are no longer read.`,
      dashboard: 'posture',
      controls: ['AC-17', 'SC-8'],
    },
  ],
})
