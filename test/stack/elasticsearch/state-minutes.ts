import { DatabaseSync } from 'node:sqlite'
import { SavedParts } from '../../../exporter/pipeline/saved-parts.ts'
import { SeriesPositions } from '../../../exporter/pipeline/series-positions.ts'

/** What a stopped exporter's state database holds of minutes. */
export class StateMinutes {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Failed sign-ins by minute, seconds since 1970. */
  failures(): Map<number, number> {
    const rows = this.#rows<{ minute: number; count: number }>(
      `SELECT minute, SUM(count) AS count FROM minutes JOIN minute_series ON id = series
       WHERE labels LIKE '%"auth_failures"]' GROUP BY minute HAVING SUM(count) > 0`,
    )
    return new Map(rows.map(({ minute, count }) => [minute, count]))
  }

  /**
   * Minutes through which series have lived and that went to no scorer, or went twice; 0 where each went once. The zeros
   * before a first event go with its minute, when that is closed. Not for an exporter that has read a history, whose
   * minutes are given in one piece.
   */
  skipped(): number {
    const rows = this.#rows<{ name: string; value: string }>('SELECT name, value FROM documents')
    const documents = rows.map(({ name, value }) => ({ name, value: JSON.parse(value) }))
    const positions = new SeriesPositions([])
    new SavedParts(positions.persistents).restore({ documents, blobs: [] })
    const begun = positions.takeRestored().filter(({ isNew }) => !isNew)
    const lived = begun.reduce((sum, { first, next }) => sum + (next - first) / 60, 0)
    const [scored] = this.#rows<{ value: number }>("SELECT value FROM series WHERE metric = 'clawtrust_scorings_total'")
    return lived - (scored?.value ?? 0)
  }

  #rows<T>(sql: string): T[] {
    const database = new DatabaseSync(this.#path, { readOnly: true })
    try {
      return database.prepare(sql).all() as T[]
    } finally {
      database.close()
    }
  }
}
