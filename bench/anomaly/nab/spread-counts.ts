import type { Detector } from '../peers/detector.ts'

const MINUTE_SECONDS = 60

/**
 * A detector of minutes on counts of longer periods: each count is spread evenly over the minutes of its period, and the
 * largest surprise of them is that of the count. What really happened within a period is not known; a burst in one minute
 * looks as long as the period.
 */
export class SpreadCounts implements Detector {
  readonly #detector: Detector
  readonly #minutes: number
  #next = Number.NEGATIVE_INFINITY

  /** @param spacing seconds of a period */
  constructor(detector: Detector, spacing: number) {
    this.#detector = detector
    this.#minutes = Math.max(1, Math.round(spacing / MINUTE_SECONDS))
  }

  /** @param time where the period begins */
  step(time: number, count: number): number {
    const start = Math.max(Math.floor(time / MINUTE_SECONDS) * MINUTE_SECONDS, this.#next)
    const whole = Math.round(count)
    let surprise = 0
    for (let minute = 0; minute < this.#minutes; minute++) {
      const part = Math.floor((whole * (minute + 1)) / this.#minutes) - Math.floor((whole * minute) / this.#minutes)
      surprise = Math.max(surprise, this.#detector.step(start + MINUTE_SECONDS * minute, part))
    }
    this.#next = start + MINUTE_SECONDS * this.#minutes
    return surprise
  }
}
