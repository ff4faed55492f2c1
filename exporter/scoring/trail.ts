import type { ScoreResult } from '../anomaly/series/score-result.ts'
import { MINUTE } from '../pipeline/minute-series.ts'

/** What was said of one minute. */
export interface TrailPoint {
  /** Start of the minute, seconds since 1970. */
  readonly minute: number
  readonly observed: number
  readonly expected: number
  readonly lower: number
  readonly upper: number
  /** Undefined during the warm-up. */
  readonly score: number | undefined
}

/** Two hours. */
export const TRAIL_MINUTES = 120
const FIELDS = 5
const NO_SCORE = -1

/** What was said of the last two hours of a series, as single-precision numbers: for plots, not for scoring. */
export class Trail {
  readonly #ring = new Float32Array(TRAIL_MINUTES * FIELDS).fill(Number.NaN)
  #newest = Number.NEGATIVE_INFINITY

  add({ minuteStart, observed, expected, lower, upper, score }: ScoreResult): void {
    for (
      let gap = this.#newest + MINUTE;
      gap < minuteStart && minuteStart - gap <= TRAIL_MINUTES * MINUTE;
      gap += MINUTE
    ) {
      this.#ring.fill(Number.NaN, offset(gap), offset(gap) + FIELDS)
    }
    if (minuteStart - this.#newest > TRAIL_MINUTES * MINUTE) this.#ring.fill(Number.NaN)
    this.#ring.set([observed, expected, lower, upper, score ?? NO_SCORE], offset(minuteStart))
    this.#newest = minuteStart
  }

  /** Oldest first, without minutes of which nothing was said. */
  points(): TrailPoint[] {
    const points: TrailPoint[] = []
    if (!Number.isFinite(this.#newest)) return points
    for (let minute = this.#newest - (TRAIL_MINUTES - 1) * MINUTE; minute <= this.#newest; minute += MINUTE) {
      const [observed = Number.NaN, expected = 0, lower = 0, upper = 0, score = 0] = this.#ring.subarray(
        offset(minute),
        offset(minute) + FIELDS,
      )
      if (Number.isNaN(observed)) continue
      points.push({
        minute,
        observed: plain(observed),
        expected: plain(expected),
        lower: plain(lower),
        upper: plain(upper),
        score: score === NO_SCORE ? undefined : plain(score),
      })
    }
    return points
  }

  restore(points: readonly TrailPoint[]): void {
    for (const { minute, observed, expected, lower, upper, score = NO_SCORE } of points) {
      this.#ring.set([observed, expected, lower, upper, score], offset(minute))
      this.#newest = minute
    }
  }
}

/** Without the digits that single precision does not have. */
const plain = (value: number) => Number(value.toPrecision(7))

/** Where a minute stands in the ring. */
function offset(minute: number): number {
  const slot = (minute / MINUTE) % TRAIL_MINUTES
  return (slot < 0 ? slot + TRAIL_MINUTES : slot) * FIELDS
}
