import type { Clock } from '../../../core/clock.ts'

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000
/** So long without a failure, and the next one has nothing to do with the last. */
const PEACE = 4 * LONGEST_PAUSE
/** Pauses vary by this share, so that many readers of one cluster do not come back all at once. */
const SPREAD = 0.25

/**
 * Pauses between tries, each twice as long as the last, up to half a minute: a cluster that is down or overloaded is
 * asked ever more rarely, and then only one small question, before whole windows are read again.
 */
export class BackOff {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #random: () => number
  #pause = FIRST_PAUSE
  #failedAt = Number.NEGATIVE_INFINITY

  constructor(clock: Pick<Clock, 'monotonic'>, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** Milliseconds to wait before the next try. A failure after a time of peace is a first one again. */
  next(): number {
    const now = this.#clock.monotonic()
    if (now - this.#failedAt > PEACE) this.reset()
    this.#failedAt = now
    const pause = this.#pause * (1 - SPREAD * this.#random())
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE)
    return pause
  }

  reset(): void {
    this.#pause = FIRST_PAUSE
  }
}
