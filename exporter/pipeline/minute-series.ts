import { LATE_MINUTES, type MinuteKey } from '../contracts/subscriber.ts'
import { ClosedMinutes } from './closed-minutes.ts'

/** Seconds. */
export const MINUTE = 60

export const minuteOf = (time: number) => Math.floor(time / 60_000) * MINUTE

/** The counts of one series: open minutes and the last closed ones. */
export class MinuteSeries {
  readonly key: MinuteKey
  /**
   * Sources that have brought an event; all of them must have passed a minute before it closes. Shared by the series
   * that have the same.
   */
  contributingSources: ReadonlySet<string>
  /** Start of the first minute that was or will be closed. */
  first: number
  /** Start of the oldest open minute. */
  next: number
  /** Nothing was emitted: an earlier event still makes it begin earlier. The minutes before `next` are zeros. */
  isNew = false
  /**
   * The minute up to which its source had been read when the series began: late events of before it are an old log that
   * was read for the first time. 0 where it is not known.
   */
  readSince = 0
  /** Undefined while it would be empty, as of most series at most times. */
  #open: Map<number, number> | undefined
  readonly #closed = new ClosedMinutes()
  /** Absolute counts to be saved; undefined while there are none. */
  #changed: Map<number, number> | undefined
  /** Counts of every minute before `next` during a backfill; undefined otherwise. */
  #all: Map<number, number> | undefined

  constructor(key: MinuteKey, first: number, next: number, contributingSources: ReadonlySet<string>) {
    this.key = key
    this.first = first
    this.next = next
    this.contributingSources = contributingSources
  }

  /** Counts into an open minute, or into a closed one of the last `LATE_MINUTES`; false where the minute is older. */
  add(minute: number, count: number): boolean {
    const held = this.count(minute)
    if (held === undefined) return false
    this.set(minute, held + count)
    this.#mark(minute, held + count)
    return true
  }

  /** Undefined where the minute is closed and too long ago. */
  count(minute: number): number | undefined {
    if (minute >= this.next) return this.#open?.get(minute) ?? 0
    return this.#isKept(minute) ? this.#closed.get(numberOf(minute)) : undefined
  }

  /**
   * Adds the counts of the minutes from `first` on to `sums`, one a slot.
   *
   * @param first at most `LATE_MINUTES` before `next`
   * @returns their total
   */
  addTo(sums: Float64Array, first: number): number {
    const end = first + sums.length * MINUTE
    let total = this.#closed.addTo(sums, numberOf(first), numberOf(Math.min(this.next, end)))
    for (const [minute, count] of this.#open ?? []) {
      if (minute < first || minute >= end) continue
      const slot = (minute - first) / MINUTE
      sums[slot] = (sums[slot] as number) + count
      total += count
    }
    return total
  }

  /** Puts a count in place without marking it for the next commit. */
  set(minute: number, count: number): void {
    if (minute >= this.next) {
      this.#open ??= new Map()
      this.#open.set(minute, count)
      return
    }
    if (this.#isKept(minute)) this.#closed.set(numberOf(minute), count)
    this.#all?.set(minute, count)
  }

  /** From now on no closed minute is forgotten: all are emitted again at the end of the backfill. */
  retainAll(): void {
    if (this.#all !== undefined) return
    this.#all = new Map()
    for (let minute = this.next - MINUTE; this.#isKept(minute); minute -= MINUTE) {
      const count = this.count(minute) ?? 0
      if (count > 0) this.#all.set(minute, count)
    }
  }

  /** Counts into any minute, however long ago; needs `retainAll`. */
  addBackfilled(minute: number, count: number): void {
    if (this.#all === undefined || this.add(minute, count)) return
    const total = (this.#all.get(minute) ?? 0) + count
    this.#all.set(minute, total)
    this.#mark(minute, total)
  }

  /** The oldest open minute is this earlier one; of a series that is new. @param first see `first` */
  beginAt(first: number, minute: number): void {
    this.first = first
    this.next = minute
    for (const [known, count] of this.#all ?? []) {
      if (known < minute) continue
      this.set(known, (this.count(known) ?? 0) + count)
      this.#all?.delete(known)
    }
  }

  /**
   * The backfill is complete: the series begins with its oldest minute. Gives the counts of all that have closed.
   *
   * @param end what a series that is new has from this minute on is not complete, and stays open
   */
  concludeBackfill(end: number): ReadonlyMap<number, number> {
    if (this.isNew) this.#reopen(end)
    const counts = this.#all ?? new Map<number, number>()
    for (const minute of counts.keys()) this.first = Math.min(this.first, minute)
    for (const [minute, count] of counts) this.set(minute, count)
    return new Map(counts)
  }

  endBackfill(): void {
    this.#all = undefined
  }

  /** Closes the oldest open minute and returns its count. */
  close(): number {
    const minute = this.next
    const count = this.#takeOpen(minute)
    this.#closed.push(numberOf(minute), count)
    if (count > 0) this.#all?.set(minute, count)
    this.next = minute + MINUTE
    this.isNew = false
    return count
  }

  changes(): [minute: number, count: number][] {
    const changes = [...(this.#changed ?? [])]
    this.#changed = undefined
    return changes
  }

  #reopen(end: number): void {
    let oldest = this.next
    for (const minute of this.#all?.keys() ?? []) oldest = Math.min(oldest, minute)
    const next = Math.max(oldest, Math.min(this.next, end))
    this.beginAt(Math.min(this.first, next), next)
  }

  #takeOpen(minute: number): number {
    const count = this.#open?.get(minute)
    if (count === undefined) return 0
    this.#open?.delete(minute)
    if (this.#open?.size === 0) this.#open = undefined
    return count
  }

  #mark(minute: number, count: number): void {
    this.#changed ??= new Map()
    this.#changed.set(minute, count)
  }

  #isKept(minute: number): boolean {
    return minute >= this.first && minute >= this.next - LATE_MINUTES * MINUTE
  }
}

const numberOf = (minute: number) => minute / MINUTE
