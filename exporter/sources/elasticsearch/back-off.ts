const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000
/** Pauses vary by this share, so that many readers of one cluster do not come back all at once. */
const SPREAD = 0.25

/**
 * Pauses between tries, each twice as long as the last, up to half a minute: a cluster that is down or overloaded is
 * asked ever more rarely, and then only one small question, before whole windows are read again.
 */
export class BackOff {
  readonly #random: () => number
  #pause = FIRST_PAUSE

  constructor(random: () => number) {
    this.#random = random
  }

  /** Milliseconds to wait before the next try. */
  next(): number {
    const pause = this.#pause * (1 - SPREAD * this.#random())
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE)
    return pause
  }

  reset(): void {
    this.#pause = FIRST_PAUSE
  }
}
