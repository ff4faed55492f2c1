import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'

/** As it is saved. */
interface SavedLevel {
  readonly levels: number
  readonly ends: [contributingSources: string, end: number][]
}

/**
 * How far many things have come that wait for the watermarks of their contributing sources, such as series of minutes:
 * when nothing is left to do, all are level, and those with the same contributing sources have come to the same minute.
 * One small document says it for all of them, so that not each needs to be saved each minute.
 *
 * What begins or is not level is saved by itself, with the number of levels so far. Of the two, the one that was saved
 * later is right.
 */
export class Levels implements JsonPersistent {
  readonly key: string
  readonly format = 'json'
  /** Start of the minute that comes next, by the name of the contributing sources. */
  readonly #ends = new Map<string, number>()
  #count = 0
  #changed = false

  constructor(key: string) {
    this.key = key
  }

  /** How often all have been level. */
  get count(): number {
    return this.#count
  }

  /**
   * All are level: each is at the end of its contributing sources, or where it was saved individually, if that is
   * later.
   *
   * @param ends by the name of the contributing sources
   * @returns false where a watermark is below that of an earlier start: what is older is further than what is new,
   *   so that each must be saved by itself
   */
  reach(ends: Iterable<readonly [contributingSources: string, end: number]>): boolean {
    const all = [...ends]
    if (
      all.some(([contributingSources, end]) => end < (this.#ends.get(contributingSources) ?? Number.NEGATIVE_INFINITY))
    )
      return false
    for (const [contributingSources, end] of all) if (Number.isFinite(end)) this.#ends.set(contributingSources, end)
    this.#count += 1
    this.#changed = true
    return true
  }

  /** The position of something that was saved individually at `next`, after that many levels. */
  since(levels: number, contributingSources: string, next: number): number {
    return levels < this.#count ? Math.max(next, this.#ends.get(contributingSources) ?? next) : next
  }

  changes(): readonly ChangedRow<Json>[] {
    if (!this.#changed) return []
    this.#changed = false
    return [{ name: '', value: { levels: this.#count, ends: [...this.#ends] } }]
  }

  /** Before any position is asked for. */
  restore([row]: readonly SavedRow<Json>[]): void {
    const saved = row?.value as SavedLevel | undefined
    for (const [contributingSources, end] of saved?.ends ?? []) this.#ends.set(contributingSources, end)
    this.#count = saved?.levels ?? 0
  }
}
