import type { Clock } from '../../../core/clock.ts'
import { backOff } from '../../../core/time/back-off.ts'

const SHAPE = { first: 500, longest: 30_000, spread: 0.25 }
/** So long without a failure, and the next one has nothing to do with the last. */
const QUIET_MS = 4 * SHAPE.longest

/**
 * Pauses between tries, each twice as long as the last, up to half a minute: a cluster that is down or overloaded is
 * asked ever more rarely, and then only one small question, before whole windows are read again.
 */
export class BackOff {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #random: () => number
  #failures = 0
  #failedAt = Number.NEGATIVE_INFINITY

  constructor(clock: Pick<Clock, 'monotonic'>, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** Milliseconds to wait before the next try. A failure after a time without failures is a first one again. */
  next(): number {
    const now = this.#clock.monotonic()
    if (now - this.#failedAt > QUIET_MS) this.reset()
    this.#failedAt = now
    return backOff(SHAPE, this.#failures++, this.#random())
  }

  reset(): void {
    this.#failures = 0
  }
}
