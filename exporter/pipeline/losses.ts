import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'

/** Most minutes with a loss that are remembered of one source; the oldest goes first. */
const MINUTE_CAPACITY = 2_000

/** Minutes of which a source is known to have lost records: their counts are lower bounds. */
export class Losses implements JsonPersistent {
  readonly key = 'losses/'
  readonly format = 'json'
  readonly #minutes = new Map<string, Set<number>>()
  readonly #changed = new Set<string>()

  add(source: string, minute: number): void {
    const minutes = this.#of(source)
    if (minutes.has(minute)) return
    minutes.add(minute)
    if (minutes.size > MINUTE_CAPACITY) minutes.delete(Math.min(...minutes))
    this.#changed.add(source)
  }

  has(sources: Iterable<string>, minute: number): boolean {
    for (const source of sources) if (this.#minutes.get(source)?.has(minute)) return true
    return false
  }

  /** Minutes from `first` up to, not including, `end`. */
  between(sources: Iterable<string>, first: number, end: number): Set<number> {
    const found = [...sources].flatMap(source => [...(this.#minutes.get(source) ?? [])])
    return new Set(found.filter(minute => minute >= first && minute < end))
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows = [...this.#changed].map(source => ({ name: source, value: [...this.#of(source)] }))
    this.#changed.clear()
    return rows
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const { name, value } of rows) this.#minutes.set(name, new Set(value as number[]))
  }

  #of(source: string): Set<number> {
    let minutes = this.#minutes.get(source)
    if (minutes === undefined) {
      minutes = new Set()
      this.#minutes.set(source, minutes)
    }
    return minutes
  }
}
