import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { parseJson } from '../../core/json.ts'
import { damaged } from '../sqlite/format.ts'
import type { Json, SavedMinutes, SavedState, StateTransaction } from './state.ts'

/** Reads and writes the tables of one open database. Synchronous; the caller chooses the thread. */
export class Tables {
  readonly #database: DatabaseSync
  readonly #statements: ReturnType<typeof prepare>
  /** Numbers of the minute series in the database. */
  readonly #minuteSeries = new Map<string, number>()

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#statements = prepare(database)
    this.#readMinuteSeries()
  }

  /** @throws SqliteFault `damaged` where a row does not contain what its table is for */
  load(): SavedState {
    const rows = (sql: string) => this.#database.prepare(sql).all() as { [column: string]: unknown }[]
    return {
      series: rows('SELECT metric, labels, value FROM series').map(({ metric, labels, value }) => ({
        metric: text('series', metric),
        labels: textsIn('series', labels),
        value: typeof value === 'number' ? value : unreadable('series'),
      })),
      cursors: rows('SELECT source, key, value FROM cursors').map(({ source, key, value }) => ({
        source: text('cursors', source),
        key: text('cursors', key),
        value: jsonIn('cursors', value),
      })),
      minutes: this.#loadMinutes(),
      documents: rows('SELECT name, value FROM documents').map(({ name, value }) => ({
        name: text('documents', name),
        value: jsonIn('documents', value),
      })),
      blobs: rows('SELECT name, value FROM blobs').map(({ name, value }) => ({
        name: text('blobs', name),
        value: value instanceof Uint8Array ? value : unreadable('blobs'),
      })),
    }
  }

  /** Writes all or nothing; throws SQLite's error if nothing was written. */
  commit(transaction: StateTransaction): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      this.#write(transaction)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#readMinuteSeries()
      throw error
    }
  }

  /** Row by row into columns of known length: an object for each minute would take a gigabyte. */
  #loadMinutes(): SavedMinutes[] {
    const lengths = this.#database.prepare('SELECT series, count(*) AS length FROM minutes GROUP BY series')
    const labels = new Map([...this.#minuteSeries].map(([labels, id]) => [id, textsIn('minute_series', labels)]))
    const columns = new Map<number, SavedMinutes & { filled: number }>()
    for (const { series, length } of lengths.iterate() as Iterable<{ series: number; length: number }>) {
      const [starts, counts] = [new Uint32Array(length), new Float64Array(length)]
      columns.set(series, { series: labels.get(series) ?? unreadable('minutes'), starts, counts, filled: 0 })
    }
    const minutes = this.#database.prepare('SELECT minute, series, count FROM minutes ORDER BY minute, series')
    for (const row of minutes.iterate() as Iterable<{ minute: number; series: number; count: number }>) {
      const column = columns.get(row.series)
      if (column === undefined || !Number.isInteger(row.minute) || typeof row.count !== 'number') unreadable('minutes')
      column.starts[column.filled] = row.minute
      column.counts[column.filled++] = row.count
    }
    return [...columns.values()].map(({ series, starts, counts }) => ({ series, starts, counts }))
  }

  prune(before: number): void {
    this.#statements.prune.run(before)
  }

  #write(transaction: StateTransaction): void {
    const run = this.#statements
    for (const { metric, labels, value } of transaction.series) run.series.run(metric, JSON.stringify(labels), value)
    for (const { source, key, value } of transaction.cursors) {
      if (value === null) run.forgetCursor.run(source, key)
      else run.cursor.run(source, key, JSON.stringify(value))
    }
    for (const { series, minute, count } of transaction.minutes) run.minute.run(minute, this.#number(series), count)
    for (const { name, value } of transaction.documents) {
      if (value === null) run.forgetDocument.run(name)
      else run.document.run(name, JSON.stringify(value))
    }
    for (const { name, value } of transaction.blobs) {
      if (value === null) run.forgetBlob.run(name)
      else run.blob.run(name, value)
    }
  }

  #number(series: readonly string[]): number {
    const labels = JSON.stringify(series)
    const known = this.#minuteSeries.get(labels)
    if (known !== undefined) return known
    const made = Number(this.#statements.minuteSeries.run(labels).lastInsertRowid)
    this.#minuteSeries.set(labels, made)
    return made
  }

  #readMinuteSeries(): void {
    this.#minuteSeries.clear()
    const rows = this.#database.prepare('SELECT id, labels FROM minute_series').all() as {
      id: number
      labels: string
    }[]
    for (const { id, labels } of rows) this.#minuteSeries.set(labels, id)
  }
}

function prepare(database: DatabaseSync) {
  const upsert = (table: string, columns: string, key: string, changed: string): StatementSync =>
    database.prepare(
      `INSERT INTO ${table} (${columns}) VALUES (${columns.replaceAll(/\w+/g, '?')})
       ON CONFLICT (${key}) DO UPDATE SET ${changed} = excluded.${changed}`,
    )
  return {
    series: upsert('series', 'metric, labels, value', 'metric, labels', 'value'),
    cursor: upsert('cursors', 'source, key, value', 'source, key', 'value'),
    forgetCursor: database.prepare('DELETE FROM cursors WHERE source = ? AND key = ?'),
    minute: upsert('minutes', 'minute, series, count', 'minute, series', 'count'),
    minuteSeries: database.prepare('INSERT INTO minute_series (labels) VALUES (?)'),
    document: upsert('documents', 'name, value', 'name', 'value'),
    forgetDocument: database.prepare('DELETE FROM documents WHERE name = ?'),
    blob: upsert('blobs', 'name, value', 'name', 'value'),
    forgetBlob: database.prepare('DELETE FROM blobs WHERE name = ?'),
    prune: database.prepare('DELETE FROM minutes WHERE minute < ?'),
  }
}

type Table = 'blobs' | 'cursors' | 'documents' | 'minute_series' | 'minutes' | 'series'

function unreadable(table: Table): never {
  throw damaged(`a row of the table ${table} cannot be read`)
}

const text = (table: Table, value: unknown): string => (typeof value === 'string' ? value : unreadable(table))

function jsonIn(table: Table, value: unknown): Json {
  const json = parseJson(text(table, value))
  return json === undefined ? unreadable(table) : (json as Json)
}

function textsIn(table: Table, value: unknown): readonly string[] {
  const texts = jsonIn(table, value)
  return Array.isArray(texts) ? texts.map(each => text(table, each)) : unreadable(table)
}
