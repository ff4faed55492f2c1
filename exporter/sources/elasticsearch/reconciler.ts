import { type Clock, DAY_MS, type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange } from '../../contracts/source.ts'
import type { RecentIds } from '../recent-ids/recent-ids.ts'
import { ClosedMinutes } from './closed-minutes.ts'
import { MinuteAccounts } from './minute-accounts.ts'
import type { ElasticsearchSourceOptions } from './options.ts'
import { MAX_CLOCK_LEAD, type Window } from './window.ts'
import type { CountedWindow, IntervalCount } from './window-plan.ts'

/** How long minutes beyond the horizon are still watched for documents that can no longer be counted. */
const WATCH = DAY_MS
/** They are many and change seldom: they are compared only once in that many comparisons. */
const WATCH_EVERY = 10

type Rules = Pick<ElasticsearchSourceOptions, 'horizon' | 'reconcileInterval' | 'maxSkew'>

/** Result of a comparison. */
export interface Comparison {
  /** Minutes, or the parts of them within the window, that hold more documents than are accounted for. */
  readonly differing: readonly CountedWindow[]
  readonly changes: readonly CursorChange[]
}

/** When which minutes are compared with what was read of them. */
export class Reconciler {
  readonly #rules: Rules
  readonly #recentIds: RecentIds
  readonly #clock: Clock
  readonly #accounts: MinuteAccounts
  readonly #closed = new ClosedMinutes()
  #doneAt = Number.NEGATIVE_INFINITY
  #doneThrough = Number.NEGATIVE_INFINITY
  #comparisons = 0

  constructor(rules: Rules, recentIds: RecentIds, clock: Clock, cursor: ReadonlyMap<string, Json>) {
    this.#rules = rules
    this.#recentIds = recentIds
    this.#clock = clock
    this.#accounts = new MinuteAccounts(recentIds)
    this.#accounts.restore(cursor)
    this.#closed.restore(cursor)
  }

  /** At the interval, and, while catching up, before the minutes of the last comparison could be forgotten. */
  isDue(swept: EpochMs): boolean {
    const { horizon, reconcileInterval } = this.#rules
    return this.#clock.monotonic() - this.#doneAt >= reconcileInterval || swept - this.#doneThrough >= horizon / 2
  }

  expectDifferences(): void {
    this.#doneAt = Number.NEGATIVE_INFINITY
  }

  done(swept: EpochMs): void {
    this.#doneAt = this.#clock.monotonic()
    this.#doneThrough = swept
    this.#comparisons++
  }

  /** The horizon, and what is dated so far ahead that the sweeps will not come to it soon. */
  windows(began: EpochMs, swept: EpochMs): Window[] {
    const now = this.#clock.now()
    // From the beginning of its minute: what was read of a minute would hide what is left of it.
    const ahead = Math.floor(Math.max(swept, now + this.#rules.maxSkew) / MINUTE_MS) * MINUTE_MS
    return [
      { after: Math.max(began, this.#horizonStart(swept) - 1), through: swept },
      // Bounded by what was read too, so that the remembered minutes lie within the span that RecentIds can hold.
      { after: Math.max(began, ahead - 1), through: Math.min(now, swept + DAY_MS) + MAX_CLOCK_LEAD },
    ]
  }

  /** Compares what the index holds in each minute of the window with what is accounted for. */
  compare(window: Window, indexed: readonly IntervalCount[]): Comparison {
    const held = new Map(indexed.map(({ start, documents }) => [start, documents]))
    // Documents are deleted in the ordinary way of an index's life; the places that they leave must not hide later ones.
    const changes = this.#accounts
      .minutesBefore(window.through + 1)
      .filter(start => isWhole(start, window) && (held.get(start) ?? 0) < this.#accounts.documents(start))
      .flatMap(start => this.#accounts.settle(start, held.get(start) ?? 0))
    const differing = indexed
      .filter(({ start, documents }) => documents > this.#accounts.documents(start))
      .map(({ start, documents }) => ({
        after: Math.max(window.after, start - 1),
        through: Math.min(window.through, start + MINUTE_MS - 1),
        documents,
        step: MINUTE_MS,
      }))
    return { differing, changes }
  }

  /** A window that differed was read again and held that many documents. */
  settle({ after, through }: Window, documents: number): CursorChange[] {
    const start = Math.floor(through / MINUTE_MS) * MINUTE_MS
    const isPart = through - after < MINUTE_MS
    return isPart && documents < this.#accounts.documents(start) ? [] : this.#accounts.settle(start, documents)
  }

  /** What lies beyond the horizon, when it is to be compared again. */
  watchedWindow(began: EpochMs, swept: EpochMs): Window | undefined {
    if (this.#comparisons % WATCH_EVERY !== 0) return undefined
    const horizon = this.#horizonStart(swept)
    const after = Math.max(began, horizon - WATCH - 1)
    return after < horizon - 1 ? { after, through: horizon - 1 } : undefined
  }

  growth(indexed: readonly IntervalCount[]) {
    return this.#closed.growth(indexed)
  }

  /** Forgets the ids that the horizon has left, and keeps their number. */
  forget(swept: EpochMs): CursorChange[] {
    const horizon = this.#horizonStart(swept)
    const left = this.#accounts.minutesBefore(horizon)
    const changes = left.flatMap(start => [
      ...this.#closed.close(start, this.#accounts.documents(start)),
      ...this.#accounts.forget(start),
      ...this.#recentIds.forget(start),
    ])
    return [...changes, ...this.#closed.forget(horizon - WATCH)]
  }

  /** Start of the earliest minute whose ids are remembered in full. */
  #horizonStart(swept: EpochMs): EpochMs {
    return Math.ceil((swept - this.#rules.horizon) / MINUTE_MS) * MINUTE_MS
  }
}

const isWhole = (start: EpochMs, { after, through }: Window) => after < start && start + MINUTE_MS - 1 <= through
