import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { ClawtrustError } from '../../core/errors.ts'
import { databaseFailure, isSqliteError, SQLITE_CORRUPT, SQLITE_NOTADB } from '../sqlite/sqlite-error.ts'
import { OVERFLOW_FOLDER } from './key-runs.ts'
import { ownFolder } from './ownership.ts'
import { type Answer, failureOf, type Question } from './protocol.ts'
import type { StateTransaction } from './state.ts'
import { type OpenedState, openStateFile, prepareStateFile, stateFileOf } from './state-file.ts'

/** The state thread: owns the folder and the database, so that an fsync delays only the next commit. */
const folder = workerData as string
const path = stateFileOf(folder)
let owner: Disposable | undefined
let state: OpenedState | undefined

parentPort?.on('message', (question: Question) => {
  try {
    parentPort?.postMessage(answer(question))
  } catch (error) {
    const failure = failureOf(error, writeFailure)
    parentPort?.postMessage({ id: question.id, kind: 'failed', failure } satisfies Answer)
  }
})

function answer(question: Question): Answer {
  const { id } = question
  switch (question.kind) {
    case 'open':
      return { id, kind: 'opened', ...open() }
    case 'begin':
      begun()
      return { id, kind: 'done' }
    case 'commit':
      try {
        begun().tables.commit(question.transaction)
      } finally {
        release(question.transaction)
      }
      return { id, kind: 'done' }
    case 'prune':
      begun().tables.prune(question.before)
      return { id, kind: 'done' }
    case 'usage':
      return { id, kind: 'used', bytes: bytesOf(folder) }
    case 'close':
      state?.database.close()
      owner?.[Symbol.dispose]()
      return { id, kind: 'done' }
  }
}

/**
 * Frees the memory of a transaction's blobs immediately: this thread allocates so little else that garbage collection
 * rarely runs.
 */
function release({ blobs }: StateTransaction): void {
  for (const { value } of blobs) if (value?.buffer instanceof ArrayBuffer) value.buffer.transfer(0)
}

function bytesOf(path: string): number {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return files.reduce((sum, file) => {
    // A run of keys may be deleted in the meantime.
    return sum + (statSync(join(file.parentPath, file.name), { throwIfNoEntry: false })?.size ?? 0)
  }, 0)
}

function open() {
  const folderOwner = ownFolder(folder)
  try {
    const prepared = prepareStateFile(path)
    // Overflow files of an earlier process: the database contains all committed entries.
    rmSync(join(folder, OVERFLOW_FOLDER), { recursive: true, force: true })
    owner = folderOwner
    return prepared
  } catch (error) {
    folderOwner[Symbol.dispose]()
    throw error
  }
}

/** The connection that writes, opened with its first use. */
function begun(): OpenedState {
  state ??= openStateFile(path)
  return state
}

function writeFailure(error: unknown): ClawtrustError {
  if (isSqliteError(error, SQLITE_CORRUPT, SQLITE_NOTADB)) {
    return new ClawtrustError(
      'STATE_DAMAGED',
      `The state file ${path} is damaged and cannot be written; exposed values are frozen and reading is paused. Restart clawtrust: it checks the file and says what to do.`,
    )
  }
  return new ClawtrustError(
    'STATE_WRITE_FAILED',
    `The state file ${path} cannot be written: ${databaseFailure(error)}; exposed values are frozen until it can, and nothing is lost.`,
    { recoverable: true },
  )
}
