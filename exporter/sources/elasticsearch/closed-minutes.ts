import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange } from '../../contracts/source.ts'
import type { IntervalCount } from './window-plan.ts'

const KEY_PREFIX = 'closed/'

/**
 * Watches minutes that the horizon has left. Their ids are gone, so a document that turns up there can no longer be
 * distinguished from one that was counted: it is only detected, by its minute's growth, and reported as beyond the
 * overlap.
 */
export class ClosedMinutes {
  readonly #documents = new Map<EpochMs, number>()

  /** Remembers how many documents had been read of a minute when the horizon left it. */
  close(minuteStart: EpochMs, documents: number): CursorChange[] {
    if (documents === 0) return []
    this.#documents.set(minuteStart, documents)
    return [{ key: KEY_PREFIX + minuteStart, value: documents }]
  }

  /** How many documents appeared since the last look, and the cursor entries that remember having seen them. */
  growth(indexed: readonly IntervalCount[]): { readonly documents: number; readonly changes: CursorChange[] } {
    const grown = indexed.filter(({ start, documents }) => documents > (this.#documents.get(start) ?? 0))
    const documents = grown.reduce(
      (sum, minute) => sum + minute.documents - (this.#documents.get(minute.start) ?? 0),
      0,
    )
    return { documents, changes: grown.flatMap(minute => this.close(minute.start, minute.documents)) }
  }

  /** Stops watching what is older. */
  forget(before: EpochMs): CursorChange[] {
    const old = [...this.#documents.keys()].filter(start => start + MINUTE_MS <= before)
    for (const start of old) this.#documents.delete(start)
    return old.map(start => ({ key: KEY_PREFIX + start, value: null }))
  }

  restore(cursor: ReadonlyMap<string, Json>): void {
    for (const [key, value] of cursor) {
      if (!key.startsWith(KEY_PREFIX) || typeof value !== 'number') continue
      this.#documents.set(Number(key.slice(KEY_PREFIX.length)), value)
    }
  }
}
