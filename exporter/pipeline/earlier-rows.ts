import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'

/** Rows of an earlier layout: read once, and deleted with the next commit, which saves the same in the present one. */
export class EarlierRows implements JsonPersistent {
  readonly key: string
  readonly format = 'json'
  readonly #read: (rows: readonly SavedRow<Json>[]) => void
  #obsolete: readonly string[] = []

  constructor(key: string, read: (rows: readonly SavedRow<Json>[]) => void) {
    this.key = key
    this.#read = read
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows = this.#obsolete.map(name => ({ name, value: null }))
    this.#obsolete = []
    return rows
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    this.#obsolete = rows.map(({ name }) => name)
    this.#read(rows)
  }
}
