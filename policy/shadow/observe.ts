import type { EpochMs } from '../../core/clock.ts'
import type { Decision } from '../../core/labels/policy.ts'
import { decisions } from '../../core/labels/policy.ts'
import { dialects } from '../../decoding/registry.ts'
import type { Claim } from '../../decoding/toolkit/record.ts'
import type { FlowObservation } from './history.ts'
import { requestOfFlow } from './request.ts'

/** What a store or a reader knows of like records besides one of them. */
export interface Seen {
  readonly events: number
  readonly firstSeen: EpochMs
  readonly lastSeen: EpochMs
  readonly sample: string
}

/** What a record claims of a flow; undefined where it is about none. */
export function observationOf({ flow, actor, labels }: Claim, seen: Seen): FlowObservation | undefined {
  const decision = decisionOf(labels.decision)
  if (flow === undefined || decision === undefined) return undefined
  return { request: requestOfFlow(flow, actor, seen.firstSeen), decision, report: flow.report, ...seen }
}

const decisionOf = (word: string | undefined): Decision | undefined => decisions.find(decision => decision === word)

/** Names of the dialects of flows: of their records the coverage is counted. */
export const flowDecoders: ReadonlySet<string> = new Set(
  dialects
    .filter(({ tuple, signals, observer }) => tuple !== undefined || isOfNetwork(signals, observer))
    .map(({ name }) => name),
)

function isOfNetwork(signals: readonly string[], observer: string): boolean {
  return observer === 'network' && signals.includes('policy_decisions')
}

/** The template of records of packets that answer others: of no flow of their own. */
export const REPLY = 'hubble-reply'
