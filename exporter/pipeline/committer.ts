import { type Clock, type EpochMs, HOUR_MS } from '../../core/clock.ts'
import { ClawtrustError, failureReason } from '../../core/errors.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { Series, SeriesStore } from '../../service/series/series.ts'
import type { StateDatabase, StateTransaction } from '../../service/state/state.ts'
import type { Pipeline } from './pipeline.ts'
import { UncommittedChanges } from './uncommitted-changes.ts'

export interface CommitterOptions {
  readonly pipeline: Pick<Pipeline, 'bound' | 'changes' | 'closeMinutes' | 'committed' | 'observe'>
  readonly store: SeriesStore
  readonly database: StateDatabase
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'error'>
  /** How long the counts of minutes are kept, milliseconds. */
  readonly retention: number
  /** Largest size of the state folder, bytes. */
  readonly limit: number
  /** Pause between commits, milliseconds. Default: 1000. */
  readonly interval?: number
}

export interface CommitHealth {
  readonly ok: boolean
  /** A sentence when not. */
  readonly reason?: string
  readonly lastCommit?: EpochMs
}

/** Longest time that a commit waits for minutes to close, milliseconds. */
const CLOSING_MS = 2_000

/**
 * Commit, then publish: what was ingested is exposed when the transaction that holds it, with the cursor after it, is
 * on the disk. After a failure the same changes, and later ones, are tried again; until then nothing moves.
 */
export class Committer {
  readonly #options: CommitterOptions
  readonly #uncommitted = new UncommittedChanges()
  readonly #timestamp: Series
  readonly #usage: Series
  #health: CommitHealth = { ok: true }
  #running: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  #pruned = Number.NEGATIVE_INFINITY
  #recovery: PromiseWithResolvers<void> | undefined
  /** Who waits for a commit that holds what was ingested before the wait. */
  #awaiting: (() => void)[] = []

  constructor(options: CommitterOptions) {
    this.#options = options
    this.#timestamp = options.store
      .define({
        name: 'clawtrust_state_commit_timestamp_seconds',
        help: 'Time at which the state database last contained everything that had been read, seconds since 1970.',
        type: 'gauge',
        labels: [],
        durable: false,
      })
      .series()
    const gauge = (name: string, help: string) =>
      options.store.define({ name, help, type: 'gauge', labels: [], durable: false }).series()
    this.#usage = gauge('clawtrust_state_folder_bytes', 'Size of the state folder, bytes.')
    gauge('clawtrust_state_folder_limit_bytes', 'Size of the state folder at which reading pauses, bytes.').value =
      options.limit
  }

  /** Commits about once a second until `stop`. */
  start(): void {
    const again = () => {
      this.#timer = setTimeout(async () => {
        await this.commit()
        if (!this.#stopped) again()
      }, this.#options.interval ?? 1000)
    }
    again()
  }

  /** Ends the rhythm and commits what is left. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
    await this.commit()
    this.#recovery?.resolve()
    for (const resolve of this.#awaiting.splice(0)) resolve()
  }

  /** One commit; never rejects, `health` reports the result. A commit under way is waited for instead. */
  commit(): Promise<void> {
    this.#running ??= this.#commitOnce().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  health(): CommitHealth {
    return this.#health
  }

  /**
   * Resolves at once while commits succeed, otherwise when one does again: reading waits for it, so that memory stays
   * bounded.
   */
  whenWritable(): Promise<void> {
    if (this.#health.ok || this.#stopped) return Promise.resolve()
    this.#recovery ??= Promise.withResolvers()
    return this.#recovery.promise
  }

  /** Resolves when the state holds everything that is ingested by now, or with the end of all commits. */
  whenCommitted(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise(resolve => this.#awaiting.push(resolve))
  }

  async #commitOnce(): Promise<void> {
    const { pipeline, store, database, clock } = this.#options
    // After an outage there are many; what is not closed in time waits for the next commit.
    const end = clock.monotonic() + CLOSING_MS
    while (pipeline.closeMinutes() && clock.monotonic() < end) await new Promise(resume => setImmediate(resume))
    pipeline.observe()
    // From here to the commit nothing waits: cursors, series and minutes are those of one moment.
    this.#uncommitted.add(pipeline.changes())
    const transaction: StateTransaction = { ...this.#uncommitted.all(), series: store.changes() }
    const awaiting = this.#awaiting.length
    try {
      if (!isEmpty(transaction)) await database.commit(transaction)
    } catch (error) {
      this.#failed(error)
      return
    }
    this.#uncommitted.clear()
    store.publish(transaction.series)
    pipeline.committed()
    for (const resolve of this.#awaiting.splice(0, awaiting)) resolve()
    try {
      await this.#prune()
      this.#timestamp.value = clock.now() / 1000
      pipeline.bound()
      await this.#refuseFullFolder()
    } catch (error) {
      this.#failed(error)
      return
    }
    this.#succeeded()
  }

  async #refuseFullFolder(): Promise<void> {
    const { database, limit } = this.#options
    const bytes = await database.usage()
    this.#usage.value = bytes
    if (bytes <= limit) return
    const [size, most] = [bytes, limit].map(amount => `${Math.ceil(amount / 2 ** 20)} MiB`)
    throw new ClawtrustError(
      'STATE_FOLDER_FULL',
      `The state folder has ${size}, and exporter.state_limit allows ${most}; reading pauses and nothing is lost. Raise the limit and reload.`,
      { recoverable: true },
    )
  }

  /** Once an hour; the minutes of one hour more do no harm. */
  async #prune(): Promise<void> {
    const { database, clock, retention } = this.#options
    const now = clock.now()
    if (now - this.#pruned < HOUR_MS) return
    await database.prune(Math.floor((now - retention) / 1000))
    this.#pruned = now
  }

  #failed(error: unknown): void {
    const reason = failureReason(error)
    if (this.#health.ok) this.#options.logger.error(reason, { error })
    this.#health = { ...this.#health, ok: false, reason }
  }

  #succeeded(): void {
    if (!this.#health.ok)
      this.#options.logger.info('The state database can be written again; exposed values are updated.')
    this.#health = { ok: true, lastCommit: this.#options.clock.now() }
    this.#recovery?.resolve()
    this.#recovery = undefined
  }
}

export function createCommitter(options: CommitterOptions): Committer {
  return new Committer(options)
}

function isEmpty(transaction: StateTransaction): boolean {
  return Object.values(transaction).every(part => part.length === 0)
}
