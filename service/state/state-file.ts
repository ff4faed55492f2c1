import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { ClawtrustError, failureReason } from '../../core/errors.ts'
import { examineSqlite, faultOfRead, readUnchanged } from '../sqlite/examine.ts'
import { SqliteFault, versionOf } from '../sqlite/format.ts'
import { openSqlite } from '../sqlite/open.ts'
import { databaseFailure } from '../sqlite/sqlite-error.ts'
import { STATE } from './schema.ts'
import type { SavedState } from './state.ts'
import { Tables } from './tables.ts'

export interface OpenedState {
  readonly database: DatabaseSync
  readonly tables: Tables
}

export const STATE_FILE = 'state.db'

export const stateFileOf = (folder: string) => join(folder, STATE_FILE)

/**
 * Checks the state database before anything is written to it. One that is damaged, foreign or newer is left unchanged, as
 * are the files beside it. An older one is copied and then migrated.
 *
 * @returns whether the database is new
 * @throws ClawtrustError STATE_DAMAGED, STATE_UNUSABLE
 */
export function prepareStateFile(path: string): { readonly isNew: boolean } {
  return attempt(path, () => {
    const version = examineSqlite(path, STATE)
    const isNew = version === undefined
    if (version === versionOf(STATE)) return { isNew }
    // All versions have the tables of version 1. A migration must not begin where a row cannot be read.
    if (!isNew) loadStateFile(path)
    openStateFile(path).database.close()
    return { isNew }
  })
}

/**
 * Loads the whole content of a prepared state database, which another connection may keep open.
 *
 * @throws ClawtrustError STATE_DAMAGED, STATE_UNUSABLE
 */
export const loadStateFile = (path: string): SavedState =>
  attempt(path, () => readUnchanged(path, database => new Tables(database).load()))

/**
 * Opens a prepared state database to write it.
 *
 * @param path a file, or `:memory:`
 * @throws ClawtrustError STATE_UNUSABLE
 */
export function openStateFile(path: string): OpenedState {
  return attempt(path, () => {
    const database = openSqlite(path, STATE, { migrate: true, isExamined: true })
    return { database, tables: new Tables(database) }
  })
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof ClawtrustError ? error : stateFailure(path, faultOfRead(error, STATE.name))
  }
}

/** The error of a state database that cannot be opened or read. */
export function stateFailure(path: string, cause: unknown): ClawtrustError {
  if (!(cause instanceof SqliteFault)) {
    const sentence = `The state file ${path} cannot be opened: ${databaseFailure(cause)}; check its permissions and the free space of its disk.`
    return new ClawtrustError('STATE_UNUSABLE', sentence, { cause })
  }
  const { kind, message } = cause
  if (kind === 'damaged' || kind === 'foreign') return damagedState(path, message, cause)
  return new ClawtrustError('STATE_UNUSABLE', `The state file ${path} cannot be used: ${message}.`, { cause })
}

/** The error of a state database whose rows do not hold what this version reads. */
export const undecodableState = (path: string, cause: unknown): ClawtrustError =>
  damagedState(path, `it is damaged (${failureReason(cause)})`, cause)

function damagedState(path: string, what: string, cause: unknown): ClawtrustError {
  const sentence = `The state file ${path} cannot be used: ${what}. It was left unchanged. Restore a copy of it, or move it away with its -wal and -shm files: counters then start from zero.`
  return new ClawtrustError('STATE_DAMAGED', sentence, { cause })
}
