import type { DatabaseSync } from 'node:sqlite'
import { ClawtrustError } from '../../core/errors.ts'
import { databaseFailure, isSqliteError, SQLITE_CORRUPT, SQLITE_FULL } from '../../service/sqlite/sqlite-error.ts'

interface Waiting {
  readonly work: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

type Settled = readonly [Waiting, { readonly value: unknown } | { readonly error: unknown }]

/** Writes that are asked for in the same moment share one transaction, and so one fsync. */
export class GroupCommit {
  readonly #database: DatabaseSync
  #waiting: Waiting[] = []
  #flushed: Promise<void> = Promise.resolve()
  /** What the work of the open transaction has asked for. */
  #afterCommit: (() => void)[] = []

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  write<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#waiting.push({ work, resolve: resolve as Waiting['resolve'], reject })
    if (this.#waiting.length === 1) {
      this.#flushed = new Promise(done => {
        setImmediate(() => {
          this.#flush()
          done()
        })
      })
    }
    return promise
  }

  /** For work that is under way: calls this after the commit, and never where the work is taken back. */
  onCommit(call: () => void): void {
    this.#afterCommit.push(call)
  }

  /** Resolves when nothing is waiting to be written. */
  idle(): Promise<void> {
    return this.#flushed
  }

  #flush(): void {
    const group = this.#waiting
    this.#waiting = []
    let settled: readonly Settled[]
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      settled = group.map(waiting => [waiting, this.#attempt(waiting)])
      this.#database.exec('COMMIT')
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#afterCommit = []
      for (const { reject } of group) reject(writeFailed(cause))
      return
    }
    for (const call of this.#afterCommit.splice(0)) call()
    for (const [{ resolve, reject }, result] of settled) {
      if ('value' in result) resolve(result.value)
      else reject(result.error)
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
