import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { ClawtrustError } from '../../core/errors.ts'
import { databaseFailure } from '../sqlite/sqlite-error.ts'
import { OVERFLOW_FOLDER } from './key-runs.ts'
import { ownFolder } from './ownership.ts'
import type { Answer, Failure, Question, ThreadStart } from './protocol.ts'
import type { StateTransaction } from './state.ts'
import { type OpenedState, openStateFile, stateFileOf } from './state-file.ts'

/** The state thread: owns the folder and the database, so that an fsync delays only the next commit. */
const { folder, now } = workerData as ThreadStart
const path = stateFileOf(folder)
let held: { readonly owner: Disposable; readonly state: OpenedState } | undefined

parentPort?.on('message', (question: Question) => {
  try {
    parentPort?.postMessage(answer(question))
  } catch (error) {
    parentPort?.postMessage({ id: question.id, kind: 'failed', failure: failureOf(error) } satisfies Answer)
  }
})

function answer(question: Question): Answer {
  const { id } = question
  if (question.kind === 'open') {
    const { setAside } = open().state
    return { id, kind: 'opened', ...(setAside === undefined ? {} : { setAside }) }
  }
  const { owner, state } = open()
  switch (question.kind) {
    case 'commit':
      try {
        state.tables.commit(question.transaction)
      } finally {
        release(question.transaction)
      }
      return { id, kind: 'done' }
    case 'prune':
      state.tables.prune(question.before)
      return { id, kind: 'done' }
    case 'usage':
      return { id, kind: 'used', bytes: bytesOf(folder) }
    case 'close':
      state.database.close()
      owner[Symbol.dispose]()
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
  if (held !== undefined) return held
  const owner = ownFolder(folder)
  try {
    // Overflow files of an earlier process: the database contains all committed entries.
    rmSync(join(folder, OVERFLOW_FOLDER), { recursive: true, force: true })
    held = { owner, state: openStateFile(path, now) }
    return held
  } catch (error) {
    owner[Symbol.dispose]()
    throw error
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof ClawtrustError) {
    return { code: error.code, message: error.message, recoverable: error.recoverable }
  }
  return {
    code: 'STATE_WRITE_FAILED',
    message: `The state file ${path} cannot be written: ${databaseFailure(error)}; exposed values are frozen until it can, and nothing is lost.`,
    recoverable: true,
  }
}
