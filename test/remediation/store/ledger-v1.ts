import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const dump = new URL('../../fixtures/remediation/ledger-v1.sql', import.meta.url)

/** What the dump says of itself. */
export const written = {
  head: '66b81e46746c1056635fa35973c55e25a2720ec66c3422c5f5fc39b04c4542fd',
  records: 36,
  /** When the service that wrote it ended. */
  at: 1_795_496_406_482,
} as const

export type Row = Readonly<Record<string, unknown>>

/** Puts a ledger of version 1 into a folder; gives its path. */
export function writeLedgerV1(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'ledger.db')
  onFile(path, database => database.exec(`PRAGMA journal_mode = WAL; ${readFileSync(dump, 'utf8')}`))
  return path
}

export function onFile<T>(path: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path)
  try {
    return work(database)
  } finally {
    database.close()
  }
}

/** Every row of every table, by table. */
export function rowsOf(path: string): Readonly<Record<string, readonly Row[]>> {
  return onFile(path, database => {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
    return Object.fromEntries(tables.map(({ name }) => [String(name), database.prepare(`SELECT * FROM ${name}`).all()]))
  })
}
