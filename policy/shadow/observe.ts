import type { EpochMs } from '../../core/clock.ts'
import type { Decision } from '../../core/labels/policy.ts'
import { decisions } from '../../core/labels/policy.ts'
import type { Decoded } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import type { FlowObservation } from './history.ts'
import { requestOfFlow } from './request.ts'

/** What a store or a reader knows of like records besides one of them. */
export interface Seen {
  readonly events: number
  readonly firstSeen: EpochMs
  readonly lastSeen: EpochMs
  readonly sample: string
}

/** What a record says of a flow or an access; undefined where it is about neither. */
export function observationOf({ decoding, access }: Decoded, seen: Seen): FlowObservation | undefined {
  if (access !== undefined) {
    return { request: requestOfFlow(access, access, seen.firstSeen), decision: access.decision, ...seen }
  }
  if (decoding.kind !== 'claim') return undefined
  const { flow, actor, labels } = decoding.claim
  const decision = decisionOf(labels.decision)
  if (flow === undefined || decision === undefined) return undefined
  return { request: requestOfFlow(flow, actor, seen.firstSeen), decision, report: flow.report, ...seen }
}

const decisionOf = (word: string | undefined): Decision | undefined => decisions.find(decision => decision === word)

/** Names of the dialects of flows: of all of their records the coverage is counted. */
export const flowDecoders: ReadonlySet<string> = new Set(
  dialects.filter(({ signals, observer }) => isOfNetwork(signals, observer)).map(({ name }) => name),
)

/** Names of the dialects of accesses: of their records with one the coverage is counted. */
export const accessDecoders: ReadonlySet<string> = new Set(
  dialects.filter(({ access }) => access !== undefined).map(({ name }) => name),
)

function isOfNetwork(signals: readonly string[], observer: string): boolean {
  return observer === 'network' && signals.includes('policy_decisions')
}

/** The template of records of packets that answer others: of no flow of their own. */
export const REPLY = 'hubble-reply'
