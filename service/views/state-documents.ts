import type { DatabaseSync } from 'node:sqlite'
import { type EpochMs, SECOND_MS } from '../../core/clock.ts'
import { parseJson } from '../../core/json.ts'
import { damaged, type SqliteFault } from '../sqlite/format.ts'
import { isTime } from '../sqlite/sound-number.ts'

/** A document of the state: a row of a part of the exporter, see exporter/contracts/persistent.ts. */
export interface StateDocument {
  /** Without the key of its part. */
  readonly name: string
  readonly value: unknown
}

/**
 * The rows of a part, by name.
 *
 * @throws SqliteFault `damaged` where one of them is no JSON
 */
export function documentsOf(database: DatabaseSync, key: string): readonly StateDocument[] {
  const rows = database.prepare('SELECT name, value FROM documents WHERE substr(name, 1, ?1) = ?2 ORDER BY name')
  return rows.all(key.length, key).map(row => {
    const value = parseJson(String(row.value))
    if (typeof row.name !== 'string' || value === undefined) throw damagedRow('documents')
    return { name: row.name.slice(key.length), value }
  })
}

/** The time of a number of seconds. @throws SqliteFault where it is none */
export function timeOfSeconds(table: string, seconds: unknown): EpochMs {
  const time = typeof seconds === 'number' ? seconds * SECOND_MS : undefined
  if (!isTime(time)) throw damagedRow(table)
  return time
}

export const damagedRow = (table: string): SqliteFault => damaged(`a row of the table ${table} cannot be read`)
