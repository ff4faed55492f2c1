import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { asSqliteFault, BUSY_MS, examineSqlite } from './examine.ts'
import { older, type SqliteFormat, versionIn, versionOf } from './format.ts'

export interface OpenOptions {
  /** True for the one process that owns the file; other processes refuse a file that is not migrated. */
  readonly migrate: boolean
  /** True where the owner has called `examineSqlite` already. Default: false. */
  readonly isExamined?: boolean
}

/** The path of the copy that is kept from before a migration of a version. */
export const backupOf = (path: string, version: number): string => `${path}.v${version}-backup`

/**
 * Opens a database, or creates it. The owner's file is examined first, which changes nothing. An older file is copied
 * (`backupOf`) and then migrated, in one transaction for each version.
 *
 * @param path a file, or `:memory:`
 * @throws SqliteFault if the file is not of this format and version; errors of SQLite and of the file system
 */
export function openSqlite(
  path: string,
  format: SqliteFormat,
  { migrate, isExamined = false }: OpenOptions,
): DatabaseSync {
  if (path !== ':memory:') {
    if (migrate && !isExamined) examineSqlite(path, format)
    // Its permissions must not depend on when SQLite creates it.
    if (!existsSync(path)) closeSync(openSync(path, 'a', format.mode))
  }
  let database: DatabaseSync | undefined
  try {
    // Until the format's pragmas are set.
    database = new DatabaseSync(path, { timeout: BUSY_MS })
    const version = versionIn(database, format, versionOf(format))
    // Only after the file is identified: the journal mode is written into it.
    database.exec(format.pragmas)
    if (version === undefined) create(database, format)
    else if (version < versionOf(format)) {
      if (!migrate) throw older(version, versionOf(format))
      migrateFrom(version, { database, path, format })
    }
    return database
  } catch (error) {
    if (database?.isOpen) database.close()
    throw asSqliteFault(error)
  }
}

function create(database: DatabaseSync, format: SqliteFormat): void {
  inTransaction(database, () => {
    database.exec(format.schema)
    database.exec(`PRAGMA application_id = ${format.applicationId}; PRAGMA user_version = ${versionOf(format)}`)
  })
}

function migrateFrom(
  version: number,
  { database, path, format }: { readonly database: DatabaseSync; readonly path: string; readonly format: SqliteFormat },
): void {
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
