/** When the first of the lines below was written. */
const NOON = Date.parse('2026-11-22T12:00:00Z')

/** As Cilium and DefenseClaw write it, but for the offset. */
const WRITTEN = new Date(NOON).toISOString().replace('Z', '+00:00')

/** Workloads of the demo cluster; addresses for documentation. */
const workloads = {
  agents: { ip: '192.0.2.31', port: 40_212, namespace: 'agents', app: 'agent-controller' },
  gateway: { ip: '192.0.2.10', port: 18_789, namespace: 'openclaw', app: 'gateway' },
  search: { ip: '192.0.2.50', port: 9_200, namespace: 'analytics', app: 'elasticsearch' },
  collector: { ip: '192.0.2.40', port: 4_318, namespace: 'ingest', app: 'collector' },
} as const
type Workload = keyof typeof workloads

/** Lines of the programs beside the demo gateway, by what they report. */
export const demoNeighbours = {
  guardAllowed: [inspected('allow')],
  guardBlocked: [inspected('block')],
  guardFailedOpen: [
    guardRecord('subsystem.degraded', 'platform.health', 'degraded', 'HIGH', {
      'defenseclaw.health.subsystem': 'managed_aid_fail_open.aid_unavailable',
    }),
  ],
  agentsReachGateway: [flow('agents', 'gateway', { verdict: 'FORWARDED', event_type: { type: 5 } })],
  gatewayReachesSearch: [flow('gateway', 'search', { verdict: 'FORWARDED', event_type: { type: 5 } })],
  /** A new policy that only watches yet. */
  agentsWouldBeDenied: [flow('agents', 'collector', { verdict: 'AUDIT', event_type: { type: 5 } })],
  agentsDeniedSearch: [flow('agents', 'search', { verdict: 'DROPPED', drop_reason_desc: 'POLICY_DENIED' })],
} as const satisfies Record<string, readonly string[]>

function inspected(decision: 'allow' | 'block'): string {
  const isAllowed = decision === 'allow'
  const [outcome, severity] = isAllowed ? ['allowed', 'INFO'] : ['blocked', 'HIGH']
  return guardRecord('guardrail.evaluation.completed', 'guardrail.evaluation', outcome, severity, {
    'defenseclaw.guardrail.decision': decision,
    'defenseclaw.guardrail.mode': 'enforce',
    'defenseclaw.guardrail.phase': 'finalize',
    'defenseclaw.guardrail.direction': 'tool',
    'defenseclaw.guardrail.would_block': false,
    'defenseclaw.guardrail.enforced': !isAllowed,
  })
}

/** A record of DefenseClaw, format 8; its id is replaced when it is played. */
function guardRecord(
  event: string,
  bucket: string,
  outcome: string | undefined,
  severity: string | undefined,
  body: Readonly<Record<string, string | boolean>>,
): string {
  return JSON.stringify({
    timestamp: WRITTEN,
    schema_version: 1,
    bucket_catalog_version: 1,
    bucket,
    event_name: event,
    record_id: '7b0c52fe-33aa-4f8e-8a17-0c5b7f1d9e42',
    signal: 'logs',
    source: 'gateway',
    severity,
    outcome,
    provenance: { producer: 'gateway', binary_version: '8.0.0' },
    body,
  })
}

/** A connection as the Hubble exporter writes it, reported where it ends. */
function flow(from: Workload, to: Workload, verdict: Readonly<Record<string, unknown>>): string {
  const [source, destination] = [workloads[from], workloads[to]]
  return JSON.stringify({
    time: WRITTEN,
    flow: {
      time: WRITTEN,
      uuid: '2d4e8c10-5b1a-4c73-9f0e-6a1b2c3d4e5f',
      IP: { source: source.ip, destination: destination.ip, ipVersion: 'IPv4' },
      l4: { TCP: { source_port: source.port, destination_port: destination.port, flags: { SYN: true } } },
      source: endpoint(source),
      destination: endpoint(destination),
      traffic_direction: 'INGRESS',
      is_reply: false,
      node_name: 'demo/worker-1',
      ...verdict,
    },
    node_name: 'demo/worker-1',
  })
}

function endpoint({ namespace, app }: (typeof workloads)[Workload]): object {
  return {
    // Below those of workloads: no other end reports the same flow.
    identity: 100,
    cluster_name: 'demo',
    namespace,
    labels: [`k8s:app=${app}`, `k8s:io.kubernetes.pod.namespace=${namespace}`],
    workloads: [{ name: app, kind: 'Deployment' }],
  }
}
