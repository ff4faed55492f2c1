import type { Detector } from './detector.ts'
import { PastMoments } from './past-moments.ts'

const MINIMUM_DEVIATION = 1e-6

/** Distance from the mean of the last 24 hours in their standard deviations. */
export class ZScore implements Detector {
  readonly #past = new PastMoments()
  readonly #day: number

  constructor(spacing: number) {
    this.#day = Math.round(86_400 / spacing)
  }

  step(_time: number, value: number): number {
    const moments = this.#past.length < this.#day / 24 ? undefined : this.#past.over(this.#day)
    this.#past.push(value)
    return moments === undefined ? 0 : Math.abs(value - moments.mean) / Math.max(MINIMUM_DEVIATION, moments.deviation)
  }
}
