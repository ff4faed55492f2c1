import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { ClawtrustError, Fault, failureReason } from '../../core/errors.ts'
import { OVERFLOW_FOLDER } from './key-runs.ts'
import { type Answer, errorOf, type Loaded, type Question } from './protocol.ts'
import type { SavedState, StateDatabase } from './state.ts'
import { stateFailure, stateFileOf, undecodableState } from './state-file.ts'

export interface OpenedFolder {
  readonly database: StateDatabase
  /** True where there was no state: counters start from zero. */
  readonly isNew: boolean
}

type Ask = Question extends infer Q ? (Q extends Question ? Omit<Q, 'id'> : never) : never

/**
 * Opens the state database of a folder, which this process owns until `close`. A file that cannot be used is left
 * unchanged. Writes happen in a separate thread, because an fsync can take arbitrarily long.
 *
 * @throws ClawtrustError STATE_FOLDER_IN_USE, STATE_DAMAGED, STATE_UNUSABLE
 */
export async function openStateFolder(folder: string): Promise<OpenedFolder> {
  const thread = new StateThread(startThread('thread', folder))
  try {
    const opened = await thread.ask({ kind: 'open' })
    const isNew = opened.kind === 'opened' && opened.isNew
    return { database: databaseOf(thread, folder, isNew), isNew }
  } catch (error) {
    await thread.end()
    throw error
  }
}

function startThread(script: string, workerData: string): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  // The threads keep objects only briefly; by default, V8 reserves tens of megabytes for each.
  const resourceLimits = { maxYoungGenerationSizeMb: 8 }
  return new Worker(new URL(`./${script}.${extension}`, import.meta.url), { workerData, resourceLimits })
}

const NOTHING: SavedState = { series: [], cursors: [], minutes: [], documents: [], blobs: [] }

async function load(path: string): Promise<SavedState> {
  const thread = startThread('loading-thread', path)
  const [loaded] = (await once(thread, 'message').catch(error => {
    throw stateFailure(path, error)
  })) as [Loaded]
  if ('failure' in loaded) throw errorOf(loaded.failure)
  return loaded.saved
}

function databaseOf(thread: StateThread, folder: string, isNew: boolean): StateDatabase {
  const path = stateFileOf(folder)
  // A new one is not read: that would take a thread of its own.
  let isEmpty = isNew
  return {
    overflowFolder: join(folder, OVERFLOW_FOLDER),
    load: async () => (isEmpty ? NOTHING : load(path)),
    undecodable: cause => undecodableState(path, cause),
    begin: async () => void (await thread.ask({ kind: 'begin' })),
    commit: async transaction => {
      isEmpty = false
      await thread.ask({ kind: 'commit', transaction })
    },
    prune: async before => void (await thread.ask({ kind: 'prune', before })),
    usage: async () => {
      const answer = await thread.ask({ kind: 'usage' })
      if (answer.kind !== 'used') throw new TypeError(`expected the size of the folder, got ${answer.kind}`)
      return answer.bytes
    },
    close: async () => {
      await thread.ask({ kind: 'close' })
      await thread.end()
    },
  }
}

/** Requests to the thread, each with the promise of its response. */
class StateThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>()
  #asked = 0
  #ended: Error | undefined

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (answer: Answer) => this.#take(answer))
    worker.on('error', error => this.#fail(error))
    worker.on('exit', () => this.#fail(new Fault('the state thread has ended')))
  }

  ask(question: Ask): Promise<Answer> {
    if (this.#ended !== undefined) return Promise.reject(gone(this.#ended))
    const id = ++this.#asked
    const waiting = Promise.withResolvers<Answer>()
    this.#waiting.set(id, waiting)
    this.#worker.postMessage({ ...question, id })
    return waiting.promise
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (answer.kind !== 'failed') {
      waiting?.resolve(answer)
      return
    }
    waiting?.reject(errorOf(answer.failure))
  }

  #fail(error: Error): void {
    this.#ended ??= error
    for (const waiting of this.#waiting.values()) waiting.reject(gone(this.#ended))
    this.#waiting.clear()
  }
}

const gone = (cause: Error) =>
  new ClawtrustError('STATE_UNUSABLE', `The state database is closed: ${failureReason(cause)}; restart clawtrust.`, {
    cause,
  })
