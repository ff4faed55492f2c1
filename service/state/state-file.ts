import { existsSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../core/clock.ts'
import { ClawtrustError } from '../../core/errors.ts'
import { openSqlite, SqliteFault } from '../sqlite/open.ts'
import { databaseFailure } from '../sqlite/sqlite-error.ts'
import { STATE } from './schema.ts'
import type { SavedState } from './state.ts'
import { Tables } from './tables.ts'

export interface OpenedState {
  readonly database: DatabaseSync
  readonly tables: Tables
  /** A sentence for the log and the page if the existing file could not be used and a new one was created. */
  readonly setAside?: string
}

export const STATE_FILE = 'state.db'

export const stateFileOf = (folder: string) => join(folder, STATE_FILE)

/** Loads the whole content of a state file that another connection keeps open. */
export function loadStateFile(path: string): SavedState {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return new Tables(database).load()
  } finally {
    database.close()
  }
}

/**
 * Opens the state database, or creates it. An older one is copied and then migrated. A damaged or foreign file is
 * renamed, never overwritten: the counters start from zero, as after an ordinary restart of a target.
 *
 * @param path a file, or `:memory:`
 * @throws ClawtrustError STATE_UNUSABLE if a newer clawtrust wrote the file, which is left unchanged, and if it cannot
 * be opened
 */
export function openStateFile(path: string, now: EpochMs): OpenedState {
  try {
    if (path !== ':memory:' && statSync(path, { throwIfNoEntry: false })?.size === 0) throw isEmpty
    const database = openSqlite(path, STATE, { migrate: true })
    if (isWhole(database)) return { database, tables: new Tables(database) }
    database.close()
    throw new SqliteFault('damaged', 'it is damaged')
  } catch (error) {
    if (!(error instanceof SqliteFault) || error.kind === 'newer') throw unusable(path, error)
    return createBeside(path, error, now)
  }
}

const isEmpty = new SqliteFault('foreign', `it is empty and not ${STATE.name}`)

const isWhole = (database: DatabaseSync): boolean =>
  Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0] === 'ok'

function createBeside(path: string, { message }: SqliteFault, now: EpochMs): OpenedState {
  const kept = `${path}.${new Date(now).toISOString().replaceAll(':', '')}.aside`
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, kept + suffix)
  }
  const setAside = `The state file ${path} cannot be used: ${message}. It is kept as ${kept}, and counters start from zero.`
  const database = openSqlite(path, STATE, { migrate: true })
  return { database, tables: new Tables(database), setAside }
}

export function unusable(path: string, cause: unknown): ClawtrustError {
  const sentence = `The state file ${path} cannot be opened: ${databaseFailure(cause)}; check its permissions and the free space of its disk.`
  return new ClawtrustError('STATE_UNUSABLE', sentence, { cause })
}
