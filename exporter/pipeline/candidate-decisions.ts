import type { SecurityEvent } from '../../core/event.ts'
import type { MetricDefinition, SeriesStore } from '../../service/series/series.ts'
import type { CandidatePolicy } from '../contracts/candidate-policy.ts'
import type { EventPhase, EventSubscriber } from '../contracts/subscriber.ts'
import { SeriesHandles } from './series-handles.ts'

const definition = {
  name: 'clawtrust_policy_shadow_decisions_total',
  help: 'What a candidate policy of policy.shadow would have decided on flows and on sign-ins at gateways; unknown where a record lacks what a rule needs. Nothing is enforced.',
  type: 'counter',
  labels: ['gateway', 'trust_zone', 'policy', 'decision', 'source_zone', 'destination_zone'],
  durable: true,
} as const satisfies MetricDefinition

/**
 * Counts what candidate policies would have decided on the flows that enforced policies decided on, between the zones of
 * the enforced decision, so that both can be compared, and on sign-ins at gateways. No event, no minute and no score comes of it.
 */
export class CandidateDecisions implements EventSubscriber {
  readonly #candidates: readonly CandidatePolicy[]
  readonly #handles: SeriesHandles

  constructor(store: SeriesStore, candidates: readonly CandidatePolicy[]) {
    this.#candidates = candidates
    this.#handles = new SeriesHandles(store.define(definition), definition.labels.length)
  }

  onEvent(event: SecurityEvent, phase: EventPhase): void {
    const { flow, access, gateway, trustZone, labels, count } = event
    if ((flow === undefined && access === undefined) || phase === 'backfill') return
    const { source_zone: from = access?.sourceZone ?? '', destination_zone: to = trustZone } = labels
    for (const { name, decide } of this.#candidates) {
      this.#handles.of([gateway, trustZone, name, decide(event), from, to]).value += count
    }
  }
}
