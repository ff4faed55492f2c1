import { type Clock, DAY_MS, type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange } from '../source.ts'
import type { ElasticsearchSourceOptions } from './options.ts'
import { ClosedMinutes, differingMinutes, type MinuteCount } from './reconciliation.ts'
import type { SeenIds } from './seen-ids.ts'
import type { Window } from './window.ts'

/** How long minutes beyond the horizon are still watched for documents that nobody can count any more. */
const WATCH = DAY_MS
/** They are many and change seldom: they are looked at in every so many comparisons. */
const WATCH_EVERY = 10

type Rules = Pick<ElasticsearchSourceOptions, 'horizon' | 'reconcileInterval' | 'maxSkew'>

/** When which minutes are compared with what was read of them. */
export class Reconciler {
  readonly #rules: Rules
  readonly #seen: SeenIds
  readonly #clock: Clock
  readonly #closed = new ClosedMinutes()
  /** Documents of minutes that were read again and hold more than ids: the same id twice in one minute. */
  readonly #explained = new Map<EpochMs, number>()
  #doneAt = Number.NEGATIVE_INFINITY
  #doneThrough = Number.NEGATIVE_INFINITY
  #comparisons = 0

  constructor(rules: Rules, seen: SeenIds, clock: Clock, cursor: ReadonlyMap<string, Json>) {
    this.#rules = rules
    this.#seen = seen
    this.#clock = clock
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
  windows(began: EpochMs, swept: EpochMs, furthest: number): Window[] {
    const now = this.#clock.now()
    const ahead = Math.max(began, swept, now + this.#rules.maxSkew)
    return [
      { after: Math.max(began, this.#horizonStart(swept) - 1), through: swept },
      { after: ahead, through: now + furthest },
    ]
  }

  differing(indexed: readonly MinuteCount[]): readonly MinuteCount[] {
    return differingMinutes(indexed, start => this.#read(start))
  }

  /** The minute was read again when it held so many documents. */
  explain(start: EpochMs, documents: number): void {
    this.#explained.set(start, documents)
  }

  /** What lies behind the horizon, when it is to be looked at again. */
  watchedWindow(began: EpochMs, swept: EpochMs): Window | undefined {
    if (this.#comparisons % WATCH_EVERY !== 0) return undefined
    const horizon = this.#horizonStart(swept)
    const after = Math.max(began, horizon - WATCH - 1)
    return after < horizon - 1 ? { after, through: horizon - 1 } : undefined
  }

  growth(indexed: readonly MinuteCount[]) {
    return this.#closed.growth(indexed)
  }

  /** Forgets the ids that the horizon has left, and keeps their number. */
  forget(swept: EpochMs): CursorChange[] {
    const horizon = this.#horizonStart(swept)
    const left = this.#seen.minutesBefore(horizon)
    const changes = left.flatMap(start => {
      const closed = this.#closed.close(start, this.#read(start))
      this.#explained.delete(start)
      return [...closed, ...this.#seen.forget(start)]
    })
    return [...changes, ...this.#closed.forget(horizon - WATCH)]
  }

  #read(start: EpochMs): number {
    return Math.max(this.#seen.count(start), this.#explained.get(start) ?? 0)
  }

  /** Start of the earliest minute whose ids are remembered in full. */
  #horizonStart(swept: EpochMs): EpochMs {
    return Math.ceil((swept - this.#rules.horizon) / MINUTE_MS) * MINUTE_MS
  }
}
