import { MINUTE } from '../pipeline/minute-series.ts'
import type { ScoreResult } from './model/series/score-result.ts'

/** The score of one minute. */
export interface ScorePoint {
  /** Start of the minute, seconds since 1970. */
  readonly minute: number
  readonly observed: number
  readonly expected: number
  readonly lower: number
  readonly upper: number
  /** Undefined during the warm-up. */
  readonly score: number | undefined
}

type Figures = Omit<ScorePoint, 'minute'>

/** Two hours. */
export const RECENT_MINUTES = 120
/** Figures of a minute: expected and score; and observed, lower and upper, nearly always whole. */
const FRACTIONS = 2
const COUNTS = 3
const NO_SCORE = -1
const LARGEST_SMALL = 65_535

/** The scores of the last two hours of a series, as single-precision numbers: for plots, not for scoring. */
export class RecentScores {
  /** NaN where there was no result. */
  readonly #fractions: Float32Array
  /** 16 bits each until one of them does not fit. */
  #counts: Uint16Array | Float32Array
  #newest = Number.NEGATIVE_INFINITY

  constructor() {
    const counts = RECENT_MINUTES * FRACTIONS * Float32Array.BYTES_PER_ELEMENT
    const memory = new ArrayBuffer(counts + RECENT_MINUTES * COUNTS * Uint16Array.BYTES_PER_ELEMENT)
    this.#fractions = new Float32Array(memory, 0, RECENT_MINUTES * FRACTIONS).fill(Number.NaN)
    this.#counts = new Uint16Array(memory, counts)
  }

  add(result: ScoreResult): void {
    const { minuteStart } = result
    const kept = RECENT_MINUTES * MINUTE
    for (let gap = this.#newest + MINUTE; gap < minuteStart && minuteStart - gap <= kept; gap += MINUTE) {
      this.#fractions.fill(Number.NaN, FRACTIONS * slotOf(gap), FRACTIONS * slotOf(gap) + FRACTIONS)
    }
    if (minuteStart - this.#newest > kept) this.#fractions.fill(Number.NaN)
    this.#put(minuteStart, result)
  }

  /** Oldest first, without minutes that have no result. */
  points(): ScorePoint[] {
    const points: ScorePoint[] = []
    if (!Number.isFinite(this.#newest)) return points
    for (let minute = this.#newest - (RECENT_MINUTES - 1) * MINUTE; minute <= this.#newest; minute += MINUTE) {
      const point = this.#point(minute)
      if (point !== undefined) points.push(point)
    }
    return points
  }

  restore(points: readonly ScorePoint[]): void {
    for (const point of points) this.#put(point.minute, point)
  }

  /** The same points, to be kept while this object continues to change. */
  copy(): RecentScores {
    const copy = new RecentScores()
    if (this.#counts instanceof Float32Array) copy.#counts = this.#counts.slice()
    else copy.#counts.set(this.#counts)
    copy.#fractions.set(this.#fractions)
    copy.#newest = this.#newest
    return copy
  }

  #put(minute: number, { observed, expected, lower, upper, score = NO_SCORE }: Figures): void {
    if (![observed, lower, upper].every(isSmall) && this.#counts instanceof Uint16Array) {
      this.#counts = Float32Array.from(this.#counts)
    }
    const slot = slotOf(minute)
    this.#counts.set([observed, lower, upper], COUNTS * slot)
    this.#fractions.set([expected, score], FRACTIONS * slot)
    this.#newest = minute
  }

  #point(minute: number): ScorePoint | undefined {
    const slot = slotOf(minute)
    const [expected = 0, score = 0] = this.#fractions.subarray(FRACTIONS * slot, FRACTIONS * slot + FRACTIONS)
    if (Number.isNaN(expected)) return undefined
    const [observed = 0, lower = 0, upper = 0] = this.#counts.subarray(COUNTS * slot, COUNTS * slot + COUNTS)
    return {
      minute,
      observed: plain(observed),
      expected: plain(expected),
      lower: plain(lower),
      upper: plain(upper),
      score: score === NO_SCORE ? undefined : plain(score),
    }
  }
}

/** Without the digits that single precision does not have. */
const plain = (value: number) => Number(value.toPrecision(7))

const isSmall = (value: number) => value <= LARGEST_SMALL && Number.isInteger(value)

/** The slot of a minute in the ring. */
function slotOf(minute: number): number {
  const slot = (minute / MINUTE) % RECENT_MINUTES
  return slot < 0 ? slot + RECENT_MINUTES : slot
}
