import { DAY_MS, type EpochMs, HOUR_MS } from '../../core/clock.ts'
import type { DocumentValue } from '../../service/state/state.ts'
import { ExpiringKeys } from './expiring-keys.ts'

/** How long a key is remembered after it was last seen. */
const MEMORY_MS = 30 * DAY_MS

/** A memory that is younger knows nobody yet: it learns and says nothing. */
const LEARNING_MS = DAY_MS

/** Keys are remembered anew at most so often, so that ordinary traffic writes nothing. */
const REFRESH_MS = DAY_MS

/**
 * Whether a key was seen in the 30 days before, by the time of the events. Bounded: when it is full, those that end first
 * make room. Saved by the hour in which keys end.
 */
export class FirstSeen {
  readonly #beginning: string
  /** By key the time from which it is remembered anew. */
  readonly #keys: ExpiringKeys<number>
  /** Time of the earliest event. */
  #began = Number.POSITIVE_INFINITY
  #newest = Number.NEGATIVE_INFINITY
  #changed = false

  /** @param name start of the names of its documents; no other family's may begin with it */
  constructor(name: string, capacity: number) {
    this.#beginning = `beginning of ${name}`
    this.#keys = new ExpiringKeys(name, capacity)
  }

  /**
   * Takes note of a key.
   *
   * @param now of the clock: an event from the future ends nobody's memory
   * @returns true where it is new to a memory that has learned for a day
   */
  see(key: string, time: EpochMs, now: EpochMs): boolean {
    this.#advance(time, now)
    const until = Math.ceil((time + MEMORY_MS) / HOUR_MS) * HOUR_MS
    if (until <= this.#newest) return false
    const refreshFrom = this.#keys.get(key)
    if (refreshFrom === undefined || time >= refreshFrom) this.#keys.set(key, time + REFRESH_MS, until)
    return refreshFrom === undefined && time - this.#began >= LEARNING_MS
  }

  changes(): DocumentValue[] {
    const documents = this.#keys.changes()
    if (this.#changed) documents.push({ name: this.#beginning, value: this.#began })
    this.#changed = false
    return documents
  }

  restore(documents: readonly DocumentValue[]): void {
    this.#keys.restore(documents)
    for (const { name, value } of documents) if (name === this.#beginning) this.#began = value as number
  }

  #advance(time: EpochMs, now: EpochMs): void {
    if (time < this.#began) {
      this.#began = time
      this.#changed = true
    }
    this.#newest = Math.max(this.#newest, Math.min(time, now))
    this.#keys.expire(this.#newest)
  }
}
