import { at, counter, type Scenario } from './scenario.ts'

const ofPeer = 'gateway="gw-1",trust_zone="agent-control",peer="laptop"'

/** Of the alerts on watched certificates and tunnels. */
export const transportScenarios: readonly Scenario[] = [
  counter(
    'ClawtrustCertificateChanged',
    'clawtrust_posture_drifts_total',
    at({ kind: 'certificate_issuer_changed' }),
    { severity: 'high' },
    [0, 1],
    15,
  ),
  counter(
    'ClawtrustTunnelPeerUnknown',
    'clawtrust_posture_drifts_total',
    at({ kind: 'tunnel_unknown_peer' }),
    { severity: 'high' },
    [0, 1],
    15,
  ),
  {
    alert: 'ClawtrustTunnelStale',
    shapes: [
      {
        series: `clawtrust_tunnel_last_handshake_timestamp_seconds{${ofPeer}}`,
        kind: 'age',
        good: 60,
        near: 290,
        bad: 600,
      },
      {
        series: `clawtrust_tunnel_max_handshake_age_seconds{${ofPeer}}`,
        kind: 'gauge',
        good: 300,
        near: 300,
        bad: 300,
      },
    ],
    labels: at({ peer: 'laptop' }),
    value: '5m 0s',
    firesAfter: 12,
    resolvesAfter: 5,
  },
]
