import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../core/errors.ts'
import { isSqliteError, SQLITE_CORRUPT, SQLITE_NOTADB } from './sqlite-error.ts'

/** Migrates the tables from one version to the next, inside a transaction. */
export type Migration = (database: DatabaseSync) => void

/** A kind of database file: its marks, its tables, and its migrations. */
export interface SqliteFormat {
  /** SQLite's `application_id`, which marks a file as one of this kind. */
  readonly applicationId: number
  /** The name of this kind of file in messages: `a ledger of clawtrust`. */
  readonly name: string
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

export interface OpenOptions {
  /** True for the one process that owns the file; other processes refuse a file that is not migrated. */
  readonly migrate: boolean
}

/** How long to wait for a lock of another connection before the format's pragmas are set, milliseconds. */
const BUSY_MS = 2_000

/** The version that this program writes. */
export const versionOf = ({ migrations }: SqliteFormat): number => migrations.length + 1

/** The path of the copy that is kept from before a migration of a version. */
export const backupOf = (path: string, version: number): string => `${path}.v${version}-backup`

/**
 * Opens a database, or creates it. An older file is copied (`backupOf`) and then migrated, in one transaction for each
 * version.
 *
 * @param path a file, or `:memory:`
 * @throws SqliteFault if the file is not of this format and version; errors of SQLite and of the file system
 */
export function openSqlite(path: string, format: SqliteFormat, { migrate }: OpenOptions): DatabaseSync {
  // Its permissions must not depend on when SQLite creates it.
  if (path !== ':memory:' && !existsSync(path)) closeSync(openSync(path, 'a', format.mode))
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: BUSY_MS })
    const version = isEmpty(database) ? undefined : versionIn(database, format)
    // Only after the file is identified: the journal mode is written into it.
    database.exec(format.pragmas)
    if (version === undefined) create(database, format)
    else if (version < versionOf(format)) {
      if (!migrate) {
        const needed = `version ${version}, and this clawtrust needs version ${versionOf(format)}`
        throw new SqliteFault('older', `it has ${needed}; start the service once, which migrates it and keeps a copy`)
      }
      migrateFrom(version, { database, path, format })
    }
    return database
  } catch (error) {
    if (database?.isOpen) database.close()
    if (!isSqliteError(error, SQLITE_CORRUPT, SQLITE_NOTADB)) throw error
    throw new SqliteFault('damaged', 'it is damaged', { cause: error })
  }
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}

/** A process may have ended between the creation of the file and the commit of its tables. */
function isEmpty(database: DatabaseSync): boolean {
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()
  return pragma(database, 'application_id') === 0 && pragma(database, 'user_version') === 0 && tables?.count === 0
}

function create(database: DatabaseSync, format: SqliteFormat): void {
  inTransaction(database, () => {
    database.exec(format.schema)
    database.exec(`PRAGMA application_id = ${format.applicationId}; PRAGMA user_version = ${versionOf(format)}`)
  })
}

function versionIn(database: DatabaseSync, format: SqliteFormat): number {
  if (pragma(database, 'application_id') !== format.applicationId) {
    throw new SqliteFault('foreign', `it is not ${format.name}`)
  }
  const version = Number(pragma(database, 'user_version'))
  if (version <= versionOf(format)) return version
  const known = versionOf(format)
  const message = `it has version ${version} and was written by a newer clawtrust, this one reads up to version ${known}; run the newer one, or take back the copy that it kept (.v${known}-backup)`
  throw new SqliteFault('newer', message)
}

function migrateFrom(
  version: number,
  { database, path, format }: { readonly database: DatabaseSync; readonly path: string; readonly format: SqliteFormat },
): void {
  if (pragma(database, 'quick_check(1)') !== 'ok') throw new SqliteFault('damaged', 'it is damaged')
  if (path !== ':memory:') backUp(database, path, backupOf(path, version))
  format.migrations.slice(version - 1).forEach((migration, index) => {
    inTransaction(database, () => {
      migration(database)
      database.exec(`PRAGMA user_version = ${version + index + 1}`)
    })
  })
}

/**
 * Writes a complete copy, including the write-ahead log, and renames it when it is on disk. A different copy of an
 * earlier migration is kept under a number.
 */
function backUp(database: DatabaseSync, path: string, backup: string): void {
  const unfinished = `${backup}.unfinished`
  rmSync(unfinished, { force: true })
  closeSync(openSync(unfinished, 'wx', statSync(path).mode & 0o777))
  try {
    database.prepare('VACUUM INTO ?').run(unfinished)
    synchronise(unfinished)
    if (existsSync(backup) && !areEqual(backup, unfinished)) renameSync(backup, numbered(backup))
    renameSync(unfinished, backup)
    synchronise(dirname(backup))
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

function numbered(path: string): string {
  let number = 1
  while (existsSync(`${path}.${number}`)) number++
  return `${path}.${number}`
}

const COMPARED_BYTES = 1024 * 1024

/** Compares two files in parts: they may be larger than memory. */
function areEqual(one: string, other: string): boolean {
  if (statSync(one).size !== statSync(other).size) return false
  const files = [openSync(one, 'r'), openSync(other, 'r')]
  const [first, second] = [Buffer.alloc(COMPARED_BYTES), Buffer.alloc(COMPARED_BYTES)]
  try {
    for (;;) {
      const [length, length2] = [first, second].map((part, index) => readSync(files[index] as number, part))
      if (length !== length2 || !first.equals(second)) return false
      if (length === 0) return true
    }
  } finally {
    for (const file of files) closeSync(file)
  }
}

function synchronise(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
