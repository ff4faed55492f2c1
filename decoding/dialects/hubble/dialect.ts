import type { FlowEnd, FlowReport } from '../../../core/flow.ts'
import { isObject } from '../../../core/json.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import {
  flowBetween,
  flowClaim,
  flowEnd,
  type LabelReader,
  labelsOf,
  objectOf,
  readCount,
  readLabel,
} from '../../toolkit/flow.ts'
import type { Decoding, Origin, Pair } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect, MissingField } from '../dialect.ts'
import { hubbleFootprint, hubbleSetup } from './setup.ts'
import { hubbleTuple } from './tuple.ts'
import { dropReasonOf, type FlowVerdict, isOfLayer7, isPolicyVerdict, verdictOf } from './verdict.ts'

const withoutDropReason: MissingField = {
  field: 'flow.drop_reason_desc',
  consequence:
    'whether a policy dropped a packet is unknown, so that every drop counts as a denial of the policy "other"',
  advice: 'add drop_reason_desc to the field mask of the exporter',
}

const withoutEventType: MissingField = {
  field: 'flow.event_type',
  consequence: 'allowed flows cannot be distinguished from packets and are not counted',
  advice: 'add event_type to the field mask of the exporter',
}

/** Flows and lost events as Cilium's Hubble exporter writes them (`ExportEvent` in observer.proto, as JSON). */
export const hubbleDialect: JsonLineDialect = {
  name: 'hubble',
  format: 'json-line',
  // A denial, a would-be denial, the verdict of a policy, a request at a proxy, events that were lost.
  prefilter: [
    '"verdict":"DROPPED"',
    '"verdict":"AUDIT"',
    '"event_type":{"type":5',
    '"event_type":{"type":129',
    '"lost_events":{',
  ],
  sourceFields: [
    'time',
    'node_name',
    'lost_events',
    'flow.time',
    'flow.node_name',
    'flow.verdict',
    'flow.drop_reason',
    'flow.drop_reason_desc',
    'flow.event_type',
    'flow.Type',
    'flow.is_reply',
    'flow.traffic_direction',
    'flow.IP',
    'flow.l4',
    ...['source', 'destination'].flatMap(end => [
      `flow.${end}.identity`,
      `flow.${end}.namespace`,
      `flow.${end}.labels`,
      `flow.${end}_service`,
      `flow.${end}_names`,
    ]),
  ],
  recognises: ({ flow, lost_events: lost }) =>
    isObject(flow) ? typeof flow.verdict === 'string' : isObject(lost) && typeof lost.source === 'string',
  lacks: ({ flow }) => (isObject(flow) ? missingIn(flow) : undefined),
  signals: ['policy_decisions'],
  observer: 'network',
  tuple: hubbleTuple,
  footprint: hubbleFootprint,
  decode,
  documentation: {
    reads: 'flows and lost events of Cilium as its Hubble exporter and `hubble observe -o json` write them',
    rules: [
      'A flow of **Hubble** is a decision where a policy gave a verdict (event type 5), a proxy wrote its access log (129), or a packet was dropped for a reason of policies (`POLICY_DENIED`, `POLICY_DENY`, `AUTH_REQUIRED`, `UNENCRYPTED_TRAFFIC`, `DENIED_BY_LB_SRC_RANGE_CHECK`). Packets that are forwarded at a trace point, drops for technical reasons, verdicts `ERROR`, `TRACED` and `TRANSLATED`, and replies (`is_reply`; without it packets with `SYN` and `ACK`, or `RST`) are none.',
      'All records of one flow of Hubble are one decision: the verdicts at both ends, the drop beside the verdict, requests beside their connection. A flow is of one protocol, two addresses and two ports, and its records are in the same half minute or in neighbouring ones. Denied by one end is `deny`; else what one end would have denied (`AUDIT`) is `audit`; else it is `allow`. A denial counts at once. Where the other end may still say more, the decision waits for it one minute.',
      '`policy` of Cilium is the kind of rule: `default_deny` where no rule allows the flow, `deny_rule`, `allow_rule`, `l7_rule` of a proxy, `auth_required`, `unencrypted_traffic`, `source_range`. Names of policies are not labels: they are in the record (`ingress_denied_by` and the like).',
      'Records of Hubble belong to the gateway that is configured for the source, else to the cluster that `node_name` begins with. `lost_events` are telemetry loss.',
    ],
    samples: {
      kind: 'documented',
      from: "Cilium's `flow.proto` and `observer.proto` (1.19) and the documentation of its exporter",
    },
    setup: hubbleSetup,
  },
}

function missingIn(flow: Fields): MissingField | undefined {
  if (flow.verdict === 'DROPPED') {
    return dropReasonOf(flow) === undefined && !isOfLayer7(flow) ? withoutDropReason : undefined
  }
  return flow.verdict === 'FORWARDED' && flow.event_type === undefined ? withoutEventType : undefined
}

function decode(fields: Fields): Decoding {
  const { flow, lost_events: lost } = fields
  if (!isObject(flow)) return decodeLost(fields, objectOf(lost))
  const time = timeIn(flow.time) ?? timeIn(fields.time)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const verdict = verdictOf(flow)
  if (verdict === undefined) return { kind: 'no_signal', time, template: 'hubble-flow' }
  if (isReply(flow)) return { kind: 'no_signal', time, template: 'hubble-reply' }
  const { source, destination } = objectOf(flow.IP)
  const layer4 = layer4Of(flow.l4)
  const ends = flowBetween(
    endOf(source, flow.source, flow.source_service, flow.source_names),
    endOf(destination, flow.destination, flow.destination_service, flow.destination_names),
    layer4?.protocol,
    layer4?.header.destination_port,
    reportOf(flow),
  )
  const { policy, decision } = verdict
  const origin = originOf(textOf(flow.node_name) ?? textOf(fields.node_name))
  return flowClaim({
    engine: 'cilium',
    policy,
    decision,
    time,
    count: 1,
    origin,
    flow: ends,
    pair: pairOf(flow, layer4, verdict),
  })
}

function decodeLost(fields: Fields, { num_events_lost: lost }: Fields): Decoding {
  const time = timeIn(fields.time)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  // Protocol Buffers leave out what is 0: the record itself says that something was lost.
  const records = lost === undefined ? 1 : readCount(lost)
  return records === undefined
    ? { kind: 'undecoded', time, reason: 'unknown_layout' }
    : { kind: 'telemetry_lost', time, records }
}

/** Text with up to nine decimals, or none where the second is whole. */
function timeIn(value: unknown): number | undefined {
  return typeof value === 'string' ? readTime(value) : undefined
}

/** Without `is_reply` it is unknown, as of every drop: then the flags tell of TCP alone. */
function isReply({ is_reply: reply, l4 }: Fields): boolean {
  if (typeof reply === 'boolean') return reply
  const { SYN, ACK, RST } = objectOf(objectOf(objectOf(l4).TCP).flags)
  return RST === true || (SYN === true && ACK === true)
}

/** `cluster/node`: the cluster that enforces is the gateway, whichever of its nodes reports. */
function originOf(node: string | undefined): Origin {
  if (node === undefined) return { service: SERVICE }
  const split = node.indexOf('/')
  return split < 1
    ? { service: SERVICE, host: node }
    : { service: SERVICE, serviceInstance: node.slice(0, split), host: node.slice(split + 1) }
}

const SERVICE = 'cilium'

function endOf(address: unknown, endpoint: unknown, service: unknown, names: unknown): FlowEnd {
  const { namespace, labels } = objectOf(endpoint)
  const workloadLabels = labelsOf(labels, readCiliumLabel)
  return flowEnd({
    address,
    namespace,
    service: objectOf(service).name,
    workloadLabels,
    names,
    // Cilium knows each identity by all of its labels.
    isIdentified: workloadLabels !== undefined,
  })
}

interface Layer4 {
  readonly protocol: string
  readonly hasPorts: boolean
  readonly header: Fields
}

/** The protocols of layer 4 that the exporter writes; those of ICMP have a type and a code in place of ports. */
const protocolsOfLayer4 = [
  ...['TCP', 'UDP', 'SCTP'].map(protocol => ({ protocol, hasPorts: true })),
  ...['ICMPv4', 'ICMPv6'].map(protocol => ({ protocol, hasPorts: false })),
]

function layer4Of(l4: unknown): Layer4 | undefined {
  const protocols = objectOf(l4)
  for (const { protocol, hasPorts } of protocolsOfLayer4) {
    const header = protocols[protocol]
    if (isObject(header)) return { protocol, hasPorts, header }
  }
  return undefined
}

const OF_KUBERNETES = 'k8s:'
const RESERVED = 'reserved:'

/**
 * Labels have their source before them. Those of Kubernetes are known by their own names; a reserved identity, such as
 * `reserved:world`, by a name with a colon, which no label of Kubernetes can have: no workload can pretend to it.
 */
const readCiliumLabel: LabelReader = label => {
  if (label.startsWith(OF_KUBERNETES)) return readLabel(label.slice(OF_KUBERNETES.length))
  return label.startsWith(RESERVED) ? ['cilium:reserved', label.slice(RESERVED.length)] : undefined
}

/** Identities of workloads of the cluster: below are reserved ones, above those of networks (CIDR) and remote nodes. */
const FIRST_WORKLOAD = 256
const FIRST_LOCAL = 2 ** 24

/** True unless it is known that no endpoint with policies of its own is at this end. */
function mayHavePolicies(endpoint: unknown): boolean {
  const { identity } = objectOf(endpoint)
  return typeof identity !== 'number' || (identity >= FIRST_WORKLOAD && identity < FIRST_LOCAL)
}

/** Undefined where the flow cannot be told from others: its record is a decision of its own. */
function pairOf(flow: Fields, layer4: Layer4 | undefined, verdict: FlowVerdict): Pair | undefined {
  const key = layer4 && keyOf(flow.IP, layer4)
  return key === undefined ? undefined : { key, role: roleOf(flow, verdict), isReused: true }
}

const reportOf = (flow: Fields): FlowReport =>
  reports[flow.traffic_direction === 'INGRESS' ? 'destination' : 'source'][
    isOfLayer7(flow) ? 'request' : isPolicyVerdict(flow) ? 'verdict' : 'drop'
  ]

const reportsAt = (end: FlowReport['end']) => ({
  verdict: { end, kind: 'verdict' } as const,
  drop: { end, kind: 'drop' } as const,
  request: { end, kind: 'request' } as const,
})
const reports = { source: reportsAt('source'), destination: reportsAt('destination') }

/**
 * A denial leads, wherever it is given. What is allowed, or would have been denied, leads where no other end can say more
 * of the flow, and waits for that otherwise.
 */
function roleOf(flow: Fields, { decision }: FlowVerdict): Pair['role'] {
  if (decision === 'deny') return 'leading'
  const isIngress = flow.traffic_direction === 'INGRESS'
  if (decision === 'audit') return isIngress || !mayHavePolicies(flow.destination) ? 'leading' : 'deputy'
  // A proxy decides on the requests of a connection that is redirected to it.
  if (flow.verdict === 'REDIRECTED' || isOfLayer7(flow)) return 'partner'
  return mayHavePolicies(isIngress ? flow.source : flow.destination) ? 'partner' : 'leading'
}

function keyOf(ip: unknown, { protocol, hasPorts, header }: Layer4): string | undefined {
  const { source, destination } = objectOf(ip)
  if (typeof source !== 'string' || typeof destination !== 'string') return undefined
  const flow = `cilium ${protocol} ${source} ${destination}`
  // Protocol Buffers leave out what is 0.
  if (!hasPorts) return `${flow} ${header.type ?? 0} ${header.code ?? 0}`
  const { source_port: from, destination_port: to } = header
  // Without its ports, which a field mask may leave out, any number of flows looks alike.
  return from === undefined || to === undefined ? undefined : `${flow} ${from} ${to}`
}
