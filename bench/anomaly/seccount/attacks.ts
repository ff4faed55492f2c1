import type { Random } from './random.ts'
import { type CleanSeries, MINUTES, type Regime, TEST_FROM } from './series.ts'

export const attackTypes = ['burst', 'smallburst', 'drip', 'offhours', 'spray', 'silence'] as const
export type AttackType = (typeof attackTypes)[number]

export interface Attack {
  readonly type: AttackType
  /** First and last minute. */
  readonly first: number
  readonly last: number
}

export interface Span {
  readonly first: number
  readonly length: number
}

export interface AttackDefinition {
  /** Draws the length, and where the type wants it moves the beginning. */
  span(random: Random, first: number, series: CleanSeries): Span
  /** Count of a minute with the attack in it. @param mean mean of the series' rate over the attack */
  count(random: Random, count: number, mean: number, series: CleanSeries): number
}

export const TRIES = 50
const CLEARANCE = 360
const QUIET_BELOW = 30

export const attackDefinitions: Readonly<Record<AttackType, AttackDefinition>> = {
  burst: {
    span: (random, first) => ({ first, length: 5 + random.below(15) }),
    count: (random, count, mean) => count + random.negativeBinomial(Math.max(8, 6 * mean), 0.3),
  },
  smallburst: {
    span: (random, first) => ({ first, length: 3 + random.below(5) }),
    count: (random, count, mean) => count + random.negativeBinomial(Math.max(4, 2.5 * mean), 0.1),
  },
  drip: {
    span: (random, first) => ({ first, length: 360 + random.below(720) }),
    count: (random, count, mean) => count + random.poisson(Math.max(0.03, 0.7 * mean)),
  },
  offhours: {
    span: (random, first, series) => ({
      length: 30 + random.below(60),
      first: first - (first % 1440) + Math.floor(1440 * ((0.05 + series.phase) % 1)),
    }),
    count: (random, count, _mean, series) => count + random.negativeBinomial(Math.max(0.3, 1.2 * series.base), 0.2),
  },
  spray: {
    span: (random, first) => ({ first, length: 120 + random.below(120) }),
    count: (random, count) => count + random.poisson(0.15),
  },
  silence: {
    span: (random, first) => ({ first, length: 120 + random.below(360) }),
    count: () => 0,
  },
}

const sparseTypes: readonly AttackType[] = ['burst', 'drip', 'offhours', 'spray']
const denseTypes: readonly AttackType[] = ['burst', 'drip', 'offhours', 'silence', 'smallburst']

/** Draws the attacks of a series and puts them into its counts; sorted by their beginning. */
export function injectAttacks(random: Random, regime: Regime, series: CleanSeries): Attack[] {
  const attacks: Attack[] = []
  for (const type of regime.sparse ? sparseTypes : denseTypes) {
    const span = place(random, type, series, attacks)
    if (span === undefined) continue
    addAttack(random, attackDefinitions[type], series, span)
    attacks.push({ type, first: span.first, last: span.first + span.length - 1 })
  }
  return attacks.sort((a, b) => a.first - b.first)
}

/** Puts an attack into the counts. */
export function addAttack(random: Random, definition: AttackDefinition, series: CleanSeries, span: Span): void {
  const mean = sumOfMeans(series, span) / span.length
  for (let i = span.first; i < span.first + span.length; i++) {
    series.counts[i] = definition.count(random, series.counts[i] as number, mean, series)
  }
}

function place(random: Random, type: AttackType, series: CleanSeries, attacks: readonly Attack[]): Span | undefined {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const drawn = TEST_FROM + random.below(MINUTES - TEST_FROM - 1500)
    const span = attackDefinitions[type].span(random, drawn, series)
    if (span.first + span.length >= MINUTES || !isClear(span, attacks)) continue
    if (type === 'silence' && isQuiet(series, span)) return undefined
    return span
  }
  return undefined
}

/** Too few events are expected for their absence to be noticed. */
export function isQuiet(series: CleanSeries, span: Span): boolean {
  return sumOfMeans(series, span) < QUIET_BELOW
}

export function isClear({ first, length }: Span, attacks: readonly Pick<Attack, 'first' | 'last'>[]): boolean {
  return attacks.every(other => first + length + CLEARANCE < other.first || first - CLEARANCE > other.last)
}

function sumOfMeans(series: CleanSeries, { first, length }: Span): number {
  let sum = 0
  for (let i = first; i < first + length; i++) sum += series.means[i] as number
  return sum
}
