import type { Clock, EpochMs } from '../../core/clock.ts'

/**
 * A clock that stands while a batch is ingested: each of its events asks for the time several times, and a batch takes
 * some milliseconds.
 */
export class BatchClock implements Clock {
  readonly #clock: Clock
  #held: EpochMs | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The clock itself where it already stands for batches. */
  static over(clock: Clock): BatchClock {
    return clock instanceof BatchClock ? clock : new BatchClock(clock)
  }

  now(): EpochMs {
    return this.#held ?? this.#clock.now()
  }

  monotonic(): number {
    return this.#clock.monotonic()
  }

  /** Stands until the work has ended. */
  during(work: () => void): void {
    this.#held = this.#clock.now()
    try {
      work()
    } finally {
      this.#held = undefined
    }
  }
}
