import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ClawtrustError } from '../../core/errors.ts'
import { databaseFailure, isSqliteError, SQLITE_BUSY } from '../sqlite/sqlite-error.ts'

export const LOCK_FILE = 'owner.lock'

/**
 * Locks a state folder for this process. The lock is SQLite's own on an empty file, which the kernel releases when the
 * process ends, however it ends; a file with a process id would remain after `kill -9`.
 */
export function ownFolder(folder: string): Disposable {
  let lock: DatabaseSync | undefined
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, LOCK_FILE)
    closeSync(openSync(path, 'a', 0o600))
    lock = new DatabaseSync(path)
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    if (isSqliteError(cause, SQLITE_BUSY)) {
      throw new ClawtrustError(
        'STATE_FOLDER_IN_USE',
        `Another clawtrust process uses the state folder ${folder}; stop it, or set another state folder for this one.`,
        { cause },
      )
    }
    throw new ClawtrustError(
      'STATE_UNUSABLE',
      `The state folder ${folder} cannot be used: ${databaseFailure(cause)}; check that it is a folder that is writable for this user.`,
      { cause },
    )
  }
  const held = lock
  return { [Symbol.dispose]: () => held.close() }
}

/** The same; undefined while another process has it. @throws ClawtrustError STATE_UNUSABLE */
export function ownFolderIfFree(folder: string): Disposable | undefined {
  try {
    return ownFolder(folder)
  } catch (error) {
    if (error instanceof ClawtrustError && error.code === 'STATE_FOLDER_IN_USE') return undefined
    throw error
  }
}
