import type { Clock, EpochMs } from '../../../core/clock.ts'

/**
 * The ingest time of an index: it follows the newest document, and while that is the same, the reader's monotonic
 * clock.
 */
export class IngestClock {
  readonly #clock: Clock
  #newest: EpochMs
  #since: number

  /**
   * @param head milliseconds for which the index had already been idle: a reader that restarts continues at the time
   * that was reached
   */
  constructor(clock: Clock, newest: EpochMs, head: number) {
    this.#clock = clock
    this.#newest = newest
    this.#since = clock.monotonic() - Math.max(0, head)
  }

  /** True where the newest ingest time has moved on. One that falls, because documents were deleted, is ignored. */
  observe(newest: EpochMs | undefined): boolean {
    if (newest === undefined || newest <= this.#newest) return false
    this.#newest = newest
    this.#since = this.#clock.monotonic()
    return true
  }

  /** Ingest time that is reached. */
  get come(): EpochMs {
    return this.#newest + this.#clock.monotonic() - this.#since
  }
}
