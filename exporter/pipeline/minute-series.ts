import { LATE_MINUTES, type MinuteKey } from './minute-consumer.ts'

/** Seconds. */
export const MINUTE = 60

export const minuteOf = (time: number) => Math.floor(time / 60_000) * MINUTE

/** The counts of one series: open minutes ahead, the last closed ones behind. */
export class MinuteSeries {
  readonly key: MinuteKey
  /** Sources that have brought an event; all of them must have passed a minute before it closes. */
  readonly feeders: Set<string>
  /** Start of the first minute that was or will be closed. */
  first: number
  /** Start of the oldest open minute. */
  next: number
  readonly #open = new Map<number, number>()
  readonly #closed = new Float64Array(LATE_MINUTES)
  /** Absolute counts to be saved. */
  readonly #changed = new Map<number, number>()

  constructor(key: MinuteKey, first: number, next: number, feeders: Iterable<string>) {
    this.key = key
    this.first = first
    this.next = next
    this.feeders = new Set(feeders)
  }

  /** Counts into an open minute, or into a closed one of the last `LATE_MINUTES`; false where the minute is older. */
  add(minute: number, count: number): boolean {
    const held = this.count(minute)
    if (held === undefined) return false
    this.set(minute, held + count)
    this.#changed.set(minute, held + count)
    return true
  }

  /** Undefined where the minute is closed and too long ago. */
  count(minute: number): number | undefined {
    if (minute >= this.next) return this.#open.get(minute) ?? 0
    return this.#isKept(minute) ? (this.#closed[slotOf(minute)] ?? 0) : undefined
  }

  /** Puts a count in place without marking it for the next commit. */
  set(minute: number, count: number): void {
    if (minute >= this.next) this.#open.set(minute, count)
    else if (this.#isKept(minute)) this.#closed[slotOf(minute)] = count
  }

  /** Takes the count of a minute that closed before this series lived, from the history. */
  addHistory(minute: number, count: number): void {
    if (!this.add(minute, count)) this.#changed.set(minute, count)
  }

  /** Closes the oldest open minute and returns its count. */
  close(): number {
    const minute = this.next
    const count = this.#open.get(minute) ?? 0
    this.#open.delete(minute)
    this.#closed[slotOf(minute)] = count
    this.next = minute + MINUTE
    return count
  }

  changes(): [minute: number, count: number][] {
    const changes = [...this.#changed]
    this.#changed.clear()
    return changes
  }

  #isKept(minute: number): boolean {
    return minute >= this.first && minute >= this.next - LATE_MINUTES * MINUTE
  }
}

const slotOf = (minute: number) => (minute / MINUTE) % LATE_MINUTES
