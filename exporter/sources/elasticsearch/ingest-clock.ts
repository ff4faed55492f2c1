import type { Clock, EpochMs } from '../../../core/clock.ts'

/** How ingest time passes in an index: with its newest document, and while that stands still, with the reader's monotonic clock. */
export class IngestClock {
  readonly #clock: Clock
  #newest: EpochMs
  #since: number

  /** @param head milliseconds for which the index had already been still: a reader that restarts goes on where time had come to */
  constructor(clock: Clock, newest: EpochMs, head: number) {
    this.#clock = clock
    this.#newest = newest
    this.#since = clock.monotonic() - Math.max(0, head)
  }

  /** True where the newest ingest time has moved on. One that falls, because documents were deleted, is passed over. */
  observe(newest: EpochMs | undefined): boolean {
    if (newest === undefined || newest <= this.#newest) return false
    this.#newest = newest
    this.#since = this.#clock.monotonic()
    return true
  }

  /** Ingest time that has come. */
  get come(): EpochMs {
    return this.#newest + this.#clock.monotonic() - this.#since
  }
}
