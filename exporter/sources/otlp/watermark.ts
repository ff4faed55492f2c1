import type { Clock, EpochMs } from '../../../core/clock.ts'

/**
 * The watermark of what is sent: nobody says up to which time everything has arrived, so it follows the clock at a
 * distance, the lateness. After a start it stays where it was for that long: senders that were refused in the meantime
 * repeat their requests.
 */
export class Watermark {
  readonly #clock: Pick<Clock, 'now'>
  readonly #lateness: number
  readonly #began: EpochMs
  #value: EpochMs

  /** @param saved the watermark of the last commit; undefined at the first start */
  constructor(clock: Pick<Clock, 'now'>, lateness: number, saved: EpochMs | undefined) {
    this.#clock = clock
    this.#lateness = lateness
    this.#began = clock.now()
    this.#value = saved ?? this.#began - lateness
  }

  /** Now. Never falls, also where the clock is set back. */
  get value(): EpochMs {
    const now = this.#clock.now()
    if (now >= this.#began + this.#lateness) this.#value = Math.max(this.#value, now - this.#lateness)
    return this.#value
  }
}
