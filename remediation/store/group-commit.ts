import type { DatabaseSync } from 'node:sqlite'
import { ClawtrustError } from '../../core/errors.ts'
import {
  databaseFailure,
  isSqliteError,
  SQLITE_BUSY,
  SQLITE_CORRUPT,
  SQLITE_FULL,
} from '../../service/sqlite/sqlite-error.ts'

interface Waiting {
  readonly work: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

type Settled = readonly [Waiting, { readonly value: unknown } | { readonly error: unknown }]

/** Works of one transaction: what many senders ask for at once must not hold the event loop. */
const MAX_IN_COMMIT = 1_000

/** Attempts while another program has locked the database, and the pause between two, milliseconds: 5 s in all. */
const MAX_ATTEMPTS = 100
const PAUSE_MS = 50

const systemPause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

/**
 * Writes that are asked for in the same moment share one transaction, and so one fsync. While another program has locked
 * the database, they wait without the event loop: its own connection must not wait for locks (`busy_timeout = 0`).
 */
export class GroupCommit {
  readonly #database: DatabaseSync
  readonly #pause: (milliseconds: number) => Promise<void>
  readonly #waiting: Waiting[] = []
  #flushed: Promise<void> = Promise.resolve()
  /** What the work of the open transaction has asked for. */
  #afterCommit: (() => void)[] = []

  constructor(database: DatabaseSync, pause = systemPause) {
    this.#database = database
    this.#pause = pause
  }

  write<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#waiting.push({ work, resolve: resolve as Waiting['resolve'], reject })
    if (this.#waiting.length === 1) this.#schedule()
    return promise
  }

  #schedule(): void {
    this.#flushed = new Promise(done => {
      setImmediate(async () => {
        await this.#flush()
        if (this.#waiting.length > 0) this.#schedule()
        done()
      })
    })
  }

  /** For work that is under way: calls this after the commit, and never where the work is taken back. */
  onCommit(call: () => void): void {
    this.#afterCommit.push(call)
  }

  /** Resolves when nothing is waiting to be written. */
  async idle(): Promise<void> {
    do await this.#flushed
    while (this.#waiting.length > 0)
  }

  async #flush(): Promise<void> {
    if (this.#waiting.length === 0) return
    let group: readonly Waiting[] = []
    let settled: readonly Settled[]
    try {
      await this.#begin()
      group = this.#waiting.splice(0, MAX_IN_COMMIT)
      settled = group.map(waiting => [waiting, this.#attempt(waiting)])
      this.#database.exec('COMMIT')
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#afterCommit = []
      const failed = group.length > 0 ? group : this.#waiting.splice(0)
      for (const { reject } of failed) reject(writeFailed(cause))
      return
    }
    for (const call of this.#afterCommit.splice(0)) call()
    for (const [{ resolve, reject }, result] of settled) {
      if ('value' in result) resolve(result.value)
      else reject(result.error)
    }
  }

  async #begin(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.#database.exec('BEGIN IMMEDIATE')
        return
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isSqliteError(error, SQLITE_BUSY)) throw error
      }
      await this.#pause(PAUSE_MS)
    }
  }

  /** Work that fails takes only itself back. */
  #attempt({ work }: Waiting): Settled[1] {
    this.#database.exec('SAVEPOINT work')
    const before = this.#afterCommit.length
    try {
      const value = work()
      this.#database.exec('RELEASE work')
      return { value }
    } catch (error) {
      // A full disk has ended the whole transaction already.
      if (!this.#database.isTransaction) throw error
      this.#database.exec('ROLLBACK TO work; RELEASE work')
      this.#afterCommit.length = before
      return { error: isSqliteError(error, SQLITE_CORRUPT, SQLITE_FULL) ? writeFailed(error) : error }
    }
  }
}

function writeFailed(cause: unknown): ClawtrustError {
  const why = databaseFailure(cause)
  return new ClawtrustError('STATE_WRITE_FAILED', `The ledger cannot be written: ${why}; it is tried again.`, {
    cause,
    recoverable: true,
  })
}
