import type { EpochMs } from '../../core/clock.ts'
import type { Flow, FlowEnd } from '../../core/flow.ts'
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
  readonly ends: Flow
  readonly pair?: Pair | undefined
}

/** The actor is the source of the packet: the address of none that may be blocked, because a packet proves nothing. */
export function flowClaim({ engine, policy, decision, time, count, origin, ends, pair }: FlowDecision): Decoding {
  const { signal, labels, outcome, severity } = policyDecision(engine, policy, decision)
  const { address } = ends.source
  const actor: ClaimedActor = address === undefined ? NOBODY : { packetAddress: address }
  // Written out: objects that are spread into others take a tenth of the time of a flow.
  const claim =
    pair === undefined
      ? { signal, labels, outcome, severity, time, count, stream: 'other' as const, origin, actor, ends }
      : { signal, labels, outcome, severity, time, count, stream: 'other' as const, origin, actor, ends, pair }
  return { kind: 'claim', time, claim }
}

const NOBODY: ClaimedActor = {}

/** The parts of one end as a record has them: those that are no text, or an empty one, are left out. */
export function flowEnd(
  address: unknown,
  namespace: unknown,
  service: unknown,
  workloadLabels?: Readonly<Record<string, string>>,
): FlowEnd {
  const end: { -readonly [K in keyof FlowEnd]: FlowEnd[K] } = {}
  const addressText = textOf(address)
  const namespaceText = textOf(namespace)
  const serviceText = textOf(service)
  if (addressText !== undefined) end.address = addressText
  if (namespaceText !== undefined) end.namespace = namespaceText
  if (serviceText !== undefined) end.service = serviceText
  if (workloadLabels !== undefined) end.workloadLabels = workloadLabels
  return end
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
