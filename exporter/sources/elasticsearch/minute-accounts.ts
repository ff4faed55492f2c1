import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange } from '../../contracts/source.ts'
import type { RecentIds } from '../recent-ids/recent-ids.ts'

const KEY_PREFIX = 'surplus/'

/**
 * How many documents of each minute are accounted for, so that another one in the index shows. These are the ids of the
 * minute and a surplus, which is set whenever the index is known to hold another number: positive where several
 * documents have one id (copies in two indices of a stream), negative where documents were deleted.
 *
 * A document that comes under a known id with a newer ingest time moves its id to the newer minute. The surpluses stay,
 * so the old minute accounts for one document less and the newer one for one more, as in the index. Where the old
 * document is still there, the old minute is read once more and settled. That ends, because an id never moves back.
 */
export class MinuteAccounts {
  readonly #recentIds: Pick<RecentIds, 'count' | 'minutesBefore'>
  readonly #surplus = new Map<EpochMs, number>()

  constructor(recentIds: Pick<RecentIds, 'count' | 'minutesBefore'>) {
    this.#recentIds = recentIds
  }

  /** Documents of the minute that begins at this time that need not be read any more. */
  documents(start: EpochMs): number {
    return this.#recentIds.count(start) + (this.#surplus.get(start) ?? 0)
  }

  /** Starts of the minutes with documents that end at or before this time. */
  minutesBefore(time: EpochMs): EpochMs[] {
    const surplus = [...this.#surplus.keys()].filter(start => start + MINUTE_MS <= time)
    return [...new Set([...this.#recentIds.minutesBefore(time), ...surplus])]
  }

  /** The index holds that many documents in the minute, and all of them are accounted for. */
  settle(start: EpochMs, documents: number): CursorChange[] {
    if (documents === this.documents(start)) return []
    const surplus = documents - this.#recentIds.count(start)
    if (surplus === 0) return this.forget(start)
    this.#surplus.set(start, surplus)
    return [{ key: KEY_PREFIX + start, value: surplus }]
  }

  forget(start: EpochMs): CursorChange[] {
    return this.#surplus.delete(start) ? [{ key: KEY_PREFIX + start, value: null }] : []
  }

  restore(cursor: ReadonlyMap<string, Json>): void {
    for (const [key, value] of cursor) {
      if (!key.startsWith(KEY_PREFIX) || typeof value !== 'number') continue
      this.#surplus.set(Number(key.slice(KEY_PREFIX.length)), value)
    }
  }
}
