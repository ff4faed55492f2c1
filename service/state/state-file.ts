import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../core/clock.ts'
import { ClawtrustError } from '../../core/errors.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts'
import { isSqliteError, SQLITE_CORRUPT, SQLITE_NOTADB } from './sqlite-error.ts'
import type { SavedState } from './state.ts'
import { Tables } from './tables.ts'

export interface OpenedState {
  readonly database: DatabaseSync
  readonly tables: Tables
  /** A sentence for the log and the page when the file that was there could not be used and a new one was begun. */
  readonly setAside?: string
}

export const stateFileOf = (folder: string) => join(folder, 'state.db')

/** Everything that a state file holds which another connection keeps open. */
export function loadStateFile(path: string): SavedState {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return new Tables(database).load()
  } finally {
    database.close()
  }
}

/**
 * Opens the state database, or begins it. A file of another version, a cut or a foreign one is renamed, never
 * overwritten: the counters start anew, which Prometheus takes for an ordinary restart.
 *
 * @param path a file, or `:memory:`
 */
export function openStateFile(path: string, now: EpochMs): OpenedState {
  if (path === ':memory:' || !existsSync(path)) return begin(path)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path)
    const fault = faultOf(database)
    if (fault === undefined) return { database: configure(database), tables: new Tables(database) }
    database.close()
    return beginBeside(path, fault, now)
  } catch (error) {
    if (database?.isOpen) database.close()
    if (isSqliteError(error, SQLITE_CORRUPT, SQLITE_NOTADB)) return beginBeside(path, 'is damaged', now)
    throw unusable(path, error)
  }
}

function begin(path: string): OpenedState {
  try {
    const database = configure(new DatabaseSync(path))
    database.exec(`BEGIN; ${SCHEMA} COMMIT`)
    return { database, tables: new Tables(database) }
  } catch (error) {
    throw unusable(path, error)
  }
}

function beginBeside(path: string, fault: string, now: EpochMs): OpenedState {
  const kept = `${path}.${new Date(now).toISOString().replaceAll(':', '')}.aside`
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, kept + suffix)
  }
  const setAside = `The state file ${path} ${fault}; it was moved to ${kept}, and counting starts again.`
  return { ...begin(path), setAside }
}

/** What is wrong with a file that SQLite could open, to follow its name; undefined where it is ours and whole. */
function faultOf(database: DatabaseSync): string | undefined {
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  if (pragma('application_id') !== APPLICATION_ID) return 'is not a state file of clawtrust'
  const version = pragma('user_version')
  if (version !== SCHEMA_VERSION) return `has version ${version}, and this clawtrust needs version ${SCHEMA_VERSION}`
  return pragma('quick_check(1)') === 'ok' ? undefined : 'is damaged'
}

/** Write-ahead log and full synchronisation: a resolved commit has been through fsync. */
function configure(database: DatabaseSync): DatabaseSync {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 1000')
  return database
}

export function unusable(path: string, cause: unknown): ClawtrustError {
  const sentence = `The state file ${path} cannot be opened: ${(cause as Error).message}; check its permissions and the free space of its disk.`
  return new ClawtrustError('STATE_UNUSABLE', sentence, { cause })
}
