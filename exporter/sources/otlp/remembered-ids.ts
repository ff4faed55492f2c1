import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange } from '../../contracts/source.ts'
import { RecentIds } from '../recent-ids/recent-ids.ts'
import { bitsOf } from './record-ids.ts'

/** Ids that are remembered at most, about 15 bytes each: those of 8 minutes at 10,000 records a second. */
export const MAX_IDS = 5_000_000

export interface RememberedIdsOptions {
  /** How long an id is remembered after its record came last, milliseconds. */
  readonly horizon: number
  /** Default: `MAX_IDS`. */
  readonly limit?: number
}

/** The ids of the records that came within the horizon, by the minute in which they came last. */
export class RememberedIds {
  readonly #horizon: number
  readonly #limit: number
  readonly #ids = new RecentIds()
  #isShortened = false

  constructor({ horizon, limit = MAX_IDS }: RememberedIdsOptions, cursor: ReadonlyMap<string, Json>) {
    this.#horizon = horizon
    this.#limit = limit
    this.#ids.restore(cursor)
  }

  get size(): number {
    return this.#ids.size
  }

  /** True where ids were forgotten before the horizon since the start, because they were too many. */
  get isShortened(): boolean {
    return this.#isShortened
  }

  /** True where the id is not remembered. It is from now on. */
  isNew(id: string, now: EpochMs): boolean {
    return this.#ids.add(bitsOf(id), now) === 'new'
  }

  /** What of the cursor has changed since the last call: ids that were added, and minutes that are forgotten now. */
  changes(now: EpochMs): CursorChange[] {
    const changes = this.#ids.changes()
    // A minute is forgotten when all of it is over the horizon.
    for (const minute of this.#ids.minutesBefore(now - this.#horizon)) changes.push(...this.#ids.forget(minute))
    if (this.#ids.size > this.#limit) changes.push(...this.#shorten(now))
    return changes
  }

  #shorten(now: EpochMs): CursorChange[] {
    const changes: CursorChange[] = []
    const minutes = this.#ids.minutesBefore(Math.floor(now / MINUTE_MS) * MINUTE_MS).toSorted((a, b) => a - b)
    for (const minute of minutes) {
      if (this.#ids.size <= this.#limit) break
      changes.push(...this.#ids.forget(minute))
      this.#isShortened = true
    }
    return changes
  }
}
