import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import type { DocumentValue } from '../../service/state/state.ts'
import { FirstSeenEntities } from './first-seen-entities.ts'
import { FirstSuccess } from './first-success.ts'
import { Spray } from './spray.ts'

/** What no record tells by itself: seen only in the light of the events before. Memory is bounded. */
export class Derivation {
  readonly #entities: FirstSeenEntities
  readonly #firstSuccess = new FirstSuccess()
  readonly #spray = new Spray()

  constructor(store: SeriesStore) {
    this.#entities = new FirstSeenEntities(store)
  }

  /** Events that follow from this one. */
  derive(event: SecurityEvent, now: EpochMs): SecurityEvent[] {
    this.#entities.see(event, now, true)
    const derived = [this.#firstSuccess.derive(event, now), this.#spray.derive(event, now)]
    return derived.filter(one => one !== undefined)
  }

  /** Takes note of the past: who was there is known, and nothing is told of it. */
  learn(event: SecurityEvent, now: EpochMs): void {
    this.#entities.see(event, now, false)
    this.#firstSuccess.derive(event, now)
  }

  changes(): DocumentValue[] {
    return [this.#entities, this.#firstSuccess, this.#spray].flatMap(memory => memory.changes())
  }

  restore(documents: readonly DocumentValue[]): void {
    for (const memory of [this.#entities, this.#firstSuccess, this.#spray]) memory.restore(documents)
  }
}
