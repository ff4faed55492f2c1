import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { EpochMs } from '../../core/clock.ts'
import { ClawtrustError, Fault, failureReason } from '../../core/errors.ts'
import { OVERFLOW_FOLDER } from './key-runs.ts'
import type { Answer, Question, ThreadStart } from './protocol.ts'
import type { SavedState, StateDatabase } from './state.ts'
import { stateFileOf, unusable } from './state-file.ts'

export interface OpenedFolder {
  readonly database: StateDatabase
  /** A sentence for the log and the page if an unusable file was renamed and a new one was created. */
  readonly setAside?: string
}

type Ask = Question extends infer Q ? (Q extends Question ? Omit<Q, 'id'> : never) : never

/**
 * Opens the state database of a folder, which this process owns until `close`. Writes happen in a separate thread,
 * because an fsync can take arbitrarily long.
 *
 * @throws ClawtrustError STATE_FOLDER_IN_USE, STATE_UNUSABLE
 */
export async function openStateFolder(folder: string, now: EpochMs): Promise<OpenedFolder> {
  const thread = new StateThread(startThread('thread', { folder, now } satisfies ThreadStart))
  try {
    const opened = await thread.ask({ kind: 'open' })
    const setAside = opened.kind === 'opened' ? opened.setAside : undefined
    return {
      database: databaseOf(thread, folder),
      ...(setAside === undefined ? {} : { setAside }),
    }
  } catch (error) {
    await thread.end()
    throw error
  }
}

function startThread(script: string, workerData: unknown): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  // The threads keep objects only briefly; by default, V8 reserves tens of megabytes for each.
  const resourceLimits = { maxYoungGenerationSizeMb: 8 }
  return new Worker(new URL(`./${script}.${extension}`, import.meta.url), { workerData, resourceLimits })
}

async function load(folder: string): Promise<SavedState> {
  try {
    const [saved] = await once(startThread('loading-thread', stateFileOf(folder)), 'message')
    return saved
  } catch (error) {
    throw unusable(stateFileOf(folder), error)
  }
}

function databaseOf(thread: StateThread, folder: string): StateDatabase {
  return {
    overflowFolder: join(folder, OVERFLOW_FOLDER),
    load: () => load(folder),
    commit: async transaction => void (await thread.ask({ kind: 'commit', transaction })),
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
    const { code, message, recoverable } = answer.failure
    waiting?.reject(new ClawtrustError(code, message, { recoverable }))
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
