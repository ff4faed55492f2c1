import type { EpochMs } from '../../core/clock.ts'
import type { Flow, FlowEnd, FlowReport, Transport } from '../../core/flow.ts'
import { isObject } from '../../core/json.ts'
import type { Decision, Policy, PolicyEngine } from '../../core/labels/policy.ts'
import { policyDecision } from './claims.ts'
import { textOf } from './fields.ts'
import type { ClaimedActor, Decoding, Origin, Pair } from './record.ts'

/** What one record says that a policy engine decided on a flow, or on several of the same ends. */
export interface FlowDecision {
  readonly engine: PolicyEngine
  readonly policy: Policy
  readonly decision: Decision
  readonly time: EpochMs
  /** Flows. */
  readonly count: number
  readonly origin: Origin
  readonly flow: Flow
  readonly pair?: Pair | undefined
}

/** The actor is the source of the packet: the address of none that may be blocked, because a packet proves nothing. */
export function flowClaim({ engine, policy, decision, time, count, origin, flow, pair }: FlowDecision): Decoding {
  const { signal, labels, outcome, severity } = policyDecision(engine, policy, decision)
  const { address } = flow.source
  const actor: ClaimedActor = address === undefined ? NOBODY : { packetAddress: address }
  // Written out: objects that are spread into others take a tenth of the time of a flow.
  const claim =
    pair === undefined
      ? { signal, labels, outcome, severity, time, count, stream: 'other' as const, origin, actor, flow }
      : { signal, labels, outcome, severity, time, count, stream: 'other' as const, origin, actor, flow, pair }
  return { kind: 'claim', time, claim }
}

const NOBODY: ClaimedActor = {}

/** What a record may have of one end; texts are checked, and what is none, or empty, is left out. */
export interface FlowEndFields {
  readonly address?: unknown
  readonly namespace?: unknown
  readonly service?: unknown
  readonly workloadLabels?: Readonly<Record<string, string>> | undefined
  /** A list of DNS names. */
  readonly names?: unknown
  /** See `FlowEnd`. */
  readonly isIdentified?: boolean
}

export function flowEnd(fields: FlowEndFields): FlowEnd {
  const end: { -readonly [K in keyof FlowEnd]: FlowEnd[K] } = {}
  const address = textOf(fields.address)
  const namespace = textOf(fields.namespace)
  const service = textOf(fields.service)
  const names = namesIn(fields.names)
  if (address !== undefined) end.address = address
  if (namespace !== undefined) end.namespace = namespace
  if (service !== undefined) end.service = service
  if (fields.workloadLabels !== undefined) end.workloadLabels = fields.workloadLabels
  if (names !== undefined) end.names = names
  if (fields.isIdentified === true) end.isIdentified = true
  return end
}

/** More than any address has; the rest is left out. */
const MAX_NAMES = 64

/** DNS names are compared without regard to case, and with or without the dot of the root. */
function namesIn(list: unknown): readonly string[] | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined
  const names: string[] = []
  for (const value of list.slice(0, MAX_NAMES)) {
    const name = textOf(value)?.toLowerCase().replace(/\.$/, '')
    if (name !== undefined && name !== '') names.push(name)
  }
  return names.length === 0 ? undefined : names
}

/** The flow of two ends, with what is known of its transport. */
export function flowBetween(
  source: FlowEnd,
  destination: FlowEnd,
  protocol?: unknown,
  port?: unknown,
  report?: FlowReport,
): Flow {
  const transport = transportsByName.get(protocol)
  const number = portOf(port)
  const flow: { -readonly [K in keyof Flow]: Flow[K] } = { source, destination }
  if (transport !== undefined) flow.transport = transport
  if (transport !== undefined && transport !== 'icmp' && number !== undefined) flow.port = number
  if (report !== undefined) flow.report = report
  return flow
}

/** By the words and the numbers (IANA Protocol Numbers) of flow records. */
const transportsByName: ReadonlyMap<unknown, Transport> = new Map<unknown, Transport>([
  ...(['tcp', 'udp', 'sctp', 'icmp'] as const).flatMap(
    name =>
      [
        [name, name],
        [name.toUpperCase(), name],
      ] as [string, Transport][],
  ),
  ...['ICMPv4', 'ICMPv6', 'icmp6', 'icmpv6'].map(name => [name, 'icmp'] as [string, Transport]),
  ...([
    ['1', 'icmp'],
    ['6', 'tcp'],
    ['17', 'udp'],
    ['58', 'icmp'],
    ['132', 'sctp'],
  ] as [string, Transport][]),
])

function portOf(value: unknown): number | undefined {
  const port = readCount(value)
  return port === undefined || port > 65_535 ? undefined : port
}

/** More than any workload has; the rest is left out. */
const MAX_LABELS = 64

/** A label by its name; undefined for one that is left out. */
export type LabelReader = (label: string) => readonly [name: string, value: string] | undefined

/** `name=value`; without `=` the value is empty. */
export const readLabel: LabelReader = label => {
  const split = label.indexOf('=')
  return split < 0 ? [label, ''] : [label.slice(0, split), label.slice(split + 1)]
}

/** Labels that are a list of texts. */
export function labelsOf(list: unknown, read = readLabel): Readonly<Record<string, string>> | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined
  const labels: Record<string, string> = Object.create(null)
  for (let index = 0; index < list.length && index < MAX_LABELS; index++) {
    const text = textOf(list[index])
    const label = text === undefined ? undefined : read(text)
    if (label !== undefined && !(label[0] in labels)) labels[label[0]] = label[1]
  }
  return labels
}

/** A number of flows or records: as a number, or in digits as Protocol Buffers write 64 bits in JSON. */
export function readCount(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined
}

export const objectOf = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : NOTHING)

const NOTHING: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null))
