import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'

/** Fourteen days, of which the Sundays have no record from two to five. */
export const UNTIL = Date.parse('2026-11-30T00:00:00Z')
export const SINCE = UNTIL - 14 * DAY_MS

/** A policy that all of the planted flows are judged by. */
export const seededPolicy = `policy seeded
zone agents
  members: namespace=agents
zone openclaw
  members: namespace=openclaw
zone data
  members: namespace=data
allow agents-to-gateway
  from: zone=agents
  to: zone=openclaw:8443
allow gateway-to-models
  from: zone=openclaw
  to: api.anthropic.com:443
allow backup-at-night
  from: service-identity=backup
  to: zone=data:9200
  condition: time=01:00-03:00
allow operators
  from: service-identity=operator
  to: zone=data:9200
  condition: device-posture=trusted
allow nobody-uses-this
  from: zone=agents
  to: zone=data:5432
allow expired
  from: service-identity=reporter
  to: zone=data:9200
  expires: 2026-11-01
`

interface Workload {
  readonly namespace: string
  readonly name: string
  readonly identity: number
  readonly address: string
}

const workload = (namespace: string, name: string, identity: number, address: string): Workload => {
  return { namespace, name, identity, address }
}

const agent = workload('agents', 'controller', 1001, '10.1.0.1')
const gateway = workload('openclaw', 'gateway', 1002, '10.1.0.2')
const backup = workload('jobs', 'backup', 1003, '10.1.0.3')
const operator = workload('jobs', 'operator', 1004, '10.1.0.4')
const reporter = workload('jobs', 'reporter', 1005, '10.1.0.5')
const store = workload('data', 'store', 1006, '10.1.0.6')

interface Planted {
  readonly source: Workload
  readonly destination: Workload | { readonly address: string; readonly names?: readonly string[] }
  readonly port: number
  /** Of the day. */
  readonly hour: number
  readonly timesADay: number
  readonly verdict?: 'FORWARDED' | 'DROPPED' | 'AUDIT'
  /** Both ends report it. */
  readonly isReportedTwice?: boolean
}

/** What happened each day. */
const planted: readonly Planted[] = [
  { source: agent, destination: gateway, port: 8443, hour: 9, timesADay: 40, isReportedTwice: true },
  {
    source: gateway,
    destination: { address: '198.51.100.7', names: ['api.anthropic.com'] },
    port: 443,
    hour: 10,
    timesADay: 20,
  },
  // The same address, without the name by which it was looked up.
  { source: gateway, destination: { address: '198.51.100.8' }, port: 443, hour: 10, timesADay: 2 },
  { source: backup, destination: store, port: 9200, hour: 2, timesADay: 3 },
  { source: backup, destination: store, port: 9200, hour: 15, timesADay: 1 },
  { source: operator, destination: store, port: 9200, hour: 11, timesADay: 4 },
  { source: reporter, destination: store, port: 9200, hour: 12, timesADay: 5, verdict: 'AUDIT' },
  { source: agent, destination: store, port: 22, hour: 13, timesADay: 6, verdict: 'DROPPED' },
  { source: agent, destination: store, port: 9200, hour: 14, timesADay: 7 },
  {
    source: gateway,
    destination: { address: '203.0.113.9', names: ['api.anthropic.com', 'cdn.example.com'] },
    port: 443,
    hour: 16,
    timesADay: 2,
    verdict: 'DROPPED',
  },
]

const DAYS = 14

/** The truth, by hand: days times times a day. */
export const seededTruth = {
  newlyDenied: [
    // Its rule is for the night, its rule has expired, and there is none.
    { source: 'jobs/backup', destination: 'data/store', port: 9200, events: 1 * DAYS },
    { source: 'jobs/reporter', destination: 'data/store', port: 9200, events: 5 * DAYS },
    { source: 'agents/controller', destination: 'data/store', port: 9200, events: 7 * DAYS },
  ],
  newlyAllowed: [{ source: 'openclaw/gateway', destination: 'api.anthropic.com', port: 443, events: 2 * DAYS }],
  stillDenied: { flows: 1, events: 6 * DAYS },
  unknown: [
    { missing: ['device-posture'], flows: 1, events: 4 * DAYS },
    { missing: ['destination.name'], flows: 1, events: 2 * DAYS },
  ],
  allow: { flows: 4, events: (40 + 20 + 3 + 2) * DAYS },
  unusedRules: ['nobody-uses-this', 'expired'],
} as const

type Document = Readonly<Record<string, unknown>>

/** The records of Hubble, with what it lost. */
export function seededDocuments(): readonly Document[] {
  const documents: Document[] = []
  for (let day = 0; day < DAYS; day++) {
    for (const one of planted) {
      for (let time = 0; time < one.timesADay; time++) {
        const at = SINCE + day * DAY_MS + one.hour * HOUR_MS + time * 61_000
        documents.push(...recordsOf(one, at, documents.length))
      }
    }
  }
  const lost = { lost_events: { source: 'HUBBLE_RING_BUFFER', num_events_lost: '12' } }
  return [...documents, { ...lost, node_name: 'prod/worker-1', time: isoTime(UNTIL - HOUR_MS) }]
}

const isoTime = (time: number): string => new Date(time).toISOString()

function recordsOf(flow: Planted, at: number, number: number): readonly Document[] {
  const { verdict = 'FORWARDED', isReportedTwice = false } = flow
  const verdictRecord = recordOf(flow, at, number, 'INGRESS', 5)
  if (verdict === 'DROPPED') return [verdictRecord, recordOf(flow, at, number, 'INGRESS', 1)]
  // A packet at a trace point, and its answer, are no decisions.
  const trace = recordOf({ ...flow, verdict: 'FORWARDED' }, at, number, 'INGRESS', 4)
  const reply = withReply(recordOf({ ...flow, verdict: 'FORWARDED' }, at, number, 'INGRESS', 5))
  return [verdictRecord, trace, reply, ...(isReportedTwice ? [recordOf(flow, at, number, 'EGRESS', 5)] : [])]
}

function withReply(record: Document): Document {
  return { ...record, flow: { ...(record.flow as object), is_reply: true } }
}

function recordOf(
  { source, destination, port, verdict = 'FORWARDED' }: Planted,
  at: number,
  number: number,
  direction: string,
  type: number,
) {
  const time = isoTime(at)
  return {
    flow: {
      time,
      verdict,
      ...(verdict === 'DROPPED' && { drop_reason_desc: 'POLICY_DENIED' }),
      IP: { source: source.address, destination: destination.address, ipVersion: 'IPv4' },
      l4: { TCP: { source_port: 32_768 + (number % 20_000), destination_port: port, flags: { SYN: true } } },
      source: endpoint(source),
      destination: 'namespace' in destination ? endpoint(destination) : { identity: 2, labels: ['reserved:world'] },
      Type: 'L3_L4',
      node_name: `prod/worker-${number % 3}`,
      event_type: { type },
      traffic_direction: direction,
      is_reply: false,
      ...('names' in destination && { destination_names: destination.names }),
    },
    node_name: `prod/worker-${number % 3}`,
    time,
  }
}

const endpoint = ({ namespace, name, identity }: Workload) => ({
  identity,
  namespace,
  labels: [`k8s:app=${name}`, `k8s:io.cilium.k8s.policy.serviceaccount=${name}`],
})
