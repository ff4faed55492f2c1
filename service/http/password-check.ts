import { Worker } from 'node:worker_threads'
import type { Comparison, ComparisonResult } from './password-worker.ts'

/** Maximum number of queued comparisons; more are refused, so that wrong passwords cannot fill the memory. */
const MAX_WAITING = 64
/** Of one peer: a flood of one address leaves room for the sign-ins of others. */
const MAX_WAITING_OF_PEER = 16

export interface PasswordCheck {
  /** True if the bcrypt hash is of this password; rejects if the queue is full, or the peer's share of it. */
  compare(password: string, hash: string, peer: string): Promise<boolean>
  stop(): Promise<void>
}

export class TooManyComparisons extends Error {}

/** Compares in a worker thread, started with the first comparison, so that the event loop is not blocked. */
export class ThreadedPasswordCheck implements PasswordCheck {
  readonly #waiting = new Map<number, PromiseWithResolvers<boolean> & { readonly peer: string }>()
  #worker: Worker | undefined
  #nextId = 0

  compare(password: string, hash: string, peer = ''): Promise<boolean> {
    const ofPeer = [...this.#waiting.values()].filter(waiting => waiting.peer === peer).length
    if (this.#waiting.size >= MAX_WAITING || ofPeer >= MAX_WAITING_OF_PEER)
      return Promise.reject(new TooManyComparisons())
    const answer = { ...Promise.withResolvers<boolean>(), peer }
    const id = this.#nextId++
    this.#waiting.set(id, answer)
    this.#started().postMessage({ id, password, hash } satisfies Comparison)
    return answer.promise
  }

  async stop(): Promise<void> {
    const worker = this.#worker
    this.#fail(new Error('The service is stopping.'))
    await worker?.terminate()
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker
    // The package contains .js files, a clone .ts files.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./password-worker.${extension}`, import.meta.url))
    worker.unref()
    worker.on('message', ({ id, equal }: ComparisonResult) => {
      this.#waiting.get(id)?.resolve(equal)
      this.#waiting.delete(id)
    })
    worker.on('error', error => this.#fail(error))
    this.#worker = worker
    return worker
  }

  /** The next comparison gets a new thread. */
  #fail(error: Error): void {
    for (const answer of this.#waiting.values()) answer.reject(error)
    this.#waiting.clear()
    this.#worker = undefined
  }
}
