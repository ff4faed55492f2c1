import type { Random } from './random.ts'

const { PI, abs, exp, floor, sin } = Math

/** 28 days from Monday 2025-01-06 00:00 UTC. */
export const MINUTES = 40_320
export const START = 1_736_121_600
/** The first two weeks are for learning, the last two for testing. */
export const TEST_FROM = 20_160

export interface Regime {
  readonly name: string
  /** Events a minute. */
  readonly rate: number
  readonly sparse: boolean
}

export const regimes: readonly Regime[] = [
  { name: 'very sparse', rate: 0.01, sparse: true },
  { name: 'sparse', rate: 0.1, sparse: true },
  { name: 'low', rate: 1, sparse: false },
  { name: 'medium', rate: 8, sparse: false },
  { name: 'high', rate: 60, sparse: false },
]

/** Counts of a clean series, and what its attacks need to know of it. */
export interface CleanSeries {
  readonly counts: Int32Array
  /** True mean of each minute. */
  readonly means: Float64Array
  readonly base: number
  readonly phase: number
}

/**
 * Draws a series: a day's wave, weekends, a drifting and wandering rate, sometimes a daily job and an hourly one, with
 * negative binomial counts.
 */
export function drawSeries(random: Random, regime: Regime): CleanSeries {
  const base = regime.rate * exp(0.5 * random.gauss())
  const amplitude = 0.85 * random.uniform()
  const weekend = 0.2 + 0.8 * random.uniform()
  const phase = 0.1 * random.uniform()
  const dispersion = 0.05 + 0.6 * random.uniform()
  const drift = 0.3 * (random.uniform() - 0.5)
  const job = random.uniform() < 0.4 ? random.below(1440) : undefined
  const jobStrength = 3 + 6 * random.uniform()
  const hourly = random.uniform() < 0.2 ? random.below(60) : undefined

  const counts = new Int32Array(MINUTES)
  const means = new Float64Array(MINUTES)
  let wander = 0
  for (let i = 0; i < MINUTES; i++) {
    wander = 0.998 * wander + 0.02 * random.gauss()
    const day = 1 + amplitude * sin(2 * PI * ((i % 1440) / 1440 - 0.3 - phase))
    let mean = base * day * (isWeekend(i) ? weekend : 1) * exp(0.8 * wander + (drift * i) / MINUTES)
    if (job !== undefined && abs((i % 1440) - job) < 4) mean += base * jobStrength
    if (hourly !== undefined && i % 60 === hourly) mean += 3 * base
    counts[i] = random.negativeBinomial(mean, dispersion)
    means[i] = mean
  }
  return { counts, means, base, phase }
}

function isWeekend(minute: number): boolean {
  return floor(minute / 1440) % 7 >= 5
}
