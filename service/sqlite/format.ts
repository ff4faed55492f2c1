import type { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../core/errors.ts'

/** Migrates the tables from one version to the next, inside a transaction. */
export type Migration = (database: DatabaseSync) => void

/** By what a file is known as one of a kind. */
export interface SqliteMarks {
  /** SQLite's `application_id`, which marks a file as one of this kind. */
  readonly applicationId: number
  /** The name of this kind of file in messages: `a ledger of clawtrust`. */
  readonly name: string
}

/** A kind of database file: its marks, its tables, and its migrations. */
export interface SqliteFormat extends SqliteMarks {
  /** Creates the tables of the current version in an empty file. */
  readonly schema: string
  /** The first migrates version 1 to version 2, and so on; the current version is their number plus one. */
  readonly migrations: readonly Migration[]
  /** Set on every connection. */
  readonly pragmas: string
  /** Permissions of a new file, minus the umask. */
  readonly mode: number
}

/**
 * Why a file is not opened. `foreign`: it belongs to another program. `newer`: a later version wrote it. `older`: it is
 * not migrated, and this opener may not do so. `damaged`: it is not a database, or fails SQLite's check.
 */
export type SqliteFaultKind = 'foreign' | 'newer' | 'older' | 'damaged'

/** The file is left unchanged. The message follows the file's name: `it is ...`. */
export class SqliteFault extends Fault {
  readonly kind: SqliteFaultKind

  constructor(kind: SqliteFaultKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SqliteFault'
    this.kind = kind
  }
}

/** The fault of a database that is damaged in this way. */
export const damaged = (how: string, cause?: unknown): SqliteFault =>
  new SqliteFault('damaged', `it is damaged (${how})`, { cause })

/** The fault of a database of an earlier version, which only its owner may migrate. */
export const older = (version: number, needed: number): SqliteFault =>
  new SqliteFault(
    'older',
    `it has version ${version}, and this clawtrust needs version ${needed}; start the service once, which migrates it and keeps a copy`,
  )

/** The version that this program writes. */
export const versionOf = ({ migrations }: SqliteFormat): number => migrations.length + 1

/**
 * The version of an open database; undefined if it has no tables yet, because a process may have ended between the
 * creation of the file and the commit of its tables.
 *
 * @param known the newest version that this program reads
 * @throws SqliteFault `foreign`, `newer`, `damaged`
 */
export function versionIn(
  database: DatabaseSync,
  { applicationId, name }: SqliteMarks,
  known: number,
): number | undefined {
  if (isEmpty(database)) return undefined
  if (pragma(database, 'application_id') !== applicationId) throw new SqliteFault('foreign', `it is not ${name}`)
  const version = Number(pragma(database, 'user_version'))
  if (version < 1) throw damaged('it has no version')
  if (version <= known) return version
  const message = `it has version ${version} and was written by a newer clawtrust, this one reads up to version ${known}; run the newer one, or take back the copy that it kept (.v${known}-backup)`
  throw new SqliteFault('newer', message)
}

function isEmpty(database: DatabaseSync): boolean {
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()
  return pragma(database, 'application_id') === 0 && pragma(database, 'user_version') === 0 && tables?.count === 0
}

export function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}
