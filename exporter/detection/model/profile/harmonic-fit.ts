import { anomalyConstants } from '../constants.ts'
import { choleskySolution } from './cholesky.ts'

const { cells, harmonics, ridge, weekendRidge, saturdayRidge, cellWeightAt } = anomalyConstants.profile

/** Place of the first harmonic's cosine; sines and cosines alternate. Place 0 is the logarithm of the mean. */
const FIRST = 1
/** Place of the weekend's logarithm against weekdays, and of half the difference of Saturday to Sunday. */
export const WEEKEND = FIRST + 2 * harmonics
export const SATURDAY = WEEKEND + 1
export const COEFFICIENTS = SATURDAY + 1

const STEPS = 10
const LARGEST_STEP = 1
const PRECISION = 1e-4
/** Counts go to 2^53, e^37. */
const LARGEST_LOG = 40
/** Half an event, spread over all cells: a series without events is expected to have one some day. */
const PRIOR_EVENTS = 0.5 / (3 * cells)

/** 1, cos and sin of each harmonic at the middle of each cell of the day. */
const basis: readonly Float64Array[] = Array.from({ length: cells }, (_, cell) => {
  const angle = (2 * Math.PI * (cell + 0.5)) / cells
  return Float64Array.from({ length: WEEKEND }, (_value, at) => {
    if (at === 0) return 1
    const order = Math.ceil(at / 2)
    return at % 2 === 1 ? Math.cos(order * angle) : Math.sin(order * angle)
  })
})

/** How much of the weekend's coefficients a kind of day has: weekday, Saturday, Sunday. */
const weekendParts = [0, 1, 1]
const saturdayParts = [0, 1, -1]

/** Events and minutes of the cells of the day, one row for each kind of day. */
export interface CellSums {
  events(kind: number, cell: number): number
  minutes(kind: number, cell: number): number
}

/** Logarithm of the events a minute in the middle of a cell, for a kind of day. */
export function logRateOfCell(coefficients: ArrayLike<number>, kind: number, cell: number): number {
  const row = basis[cell] as Float64Array
  let sum =
    (coefficients[WEEKEND] as number) * (weekendParts[kind] as number) +
    (coefficients[SATURDAY] as number) * (saturdayParts[kind] as number)
  for (let at = 0; at < WEEKEND; at++) sum += (coefficients[at] as number) * (row[at] as number)
  return sum
}

/**
 * The shape of a day: a Poisson regression with a logarithmic link, six harmonics of the day shared by all kinds of day
 * and a factor for each kind, by Newton's method. Penalties hold the harmonics (by the square of their order), the
 * weekend and the difference of Saturday to Sunday near the prior; a busy cell weighs no more than a fixed number of
 * events, because days differ by more than their counts say (quasi-likelihood, Wedderburn 1974).
 * @param prior coefficients that the fit is drawn to; zeros for none
 */
export function fitHarmonics(sums: CellSums, prior: ArrayLike<number>): Float64Array {
  let events = 0
  let minutes = 0
  for (let kind = 0; kind < 3; kind++) {
    for (let cell = 0; cell < cells; cell++) {
      events += sums.events(kind, cell)
      minutes += sums.minutes(kind, cell)
    }
  }
  const coefficients = Float64Array.from({ length: COEFFICIENTS }, (_, at) => prior[at] as number)
  coefficients[0] = Math.log((events + 0.5) / Math.max(1, minutes))
  for (let step = 0; step < STEPS; step++) {
    const { gradient, curvature } = derivatives(sums, coefficients, prior)
    const change = choleskySolution(curvature, gradient)
    let size = 0
    for (let at = 0; at < COEFFICIENTS; at++) {
      const limited = Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, change[at] as number))
      coefficients[at] = (coefficients[at] as number) + limited
      size += Math.abs(limited)
    }
    if (size < PRECISION) break
  }
  return coefficients
}

function derivatives(sums: CellSums, coefficients: Float64Array, prior: ArrayLike<number>) {
  const gradient = new Float64Array(COEFFICIENTS)
  const curvature = Array.from({ length: COEFFICIENTS }, () => new Float64Array(COEFFICIENTS))
  const row = new Float64Array(COEFFICIENTS)
  for (let kind = 0; kind < 3; kind++) {
    row[WEEKEND] = weekendParts[kind] as number
    row[SATURDAY] = saturdayParts[kind] as number
    for (let cell = 0; cell < cells; cell++) {
      const minutes = sums.minutes(kind, cell)
      if (minutes === 0) continue
      row.set(basis[cell] as Float64Array)
      const log = logRateOfCell(coefficients, kind, cell)
      const expected = minutes * Math.exp(Math.max(-LARGEST_LOG, Math.min(LARGEST_LOG, log)))
      const weight = 1 / (1 + expected / cellWeightAt)
      const residual = weight * (sums.events(kind, cell) + PRIOR_EVENTS - expected)
      const mass = weight * expected
      const used = kind === 0 ? WEEKEND : COEFFICIENTS
      for (let k = 0; k < used; k++) {
        const value = row[k] as number
        gradient[k] = (gradient[k] as number) + residual * value
        const line = curvature[k] as Float64Array
        for (let l = 0; l <= k; l++) line[l] = (line[l] as number) + mass * value * (row[l] as number)
      }
    }
  }
  for (let at = FIRST; at < COEFFICIENTS; at++) {
    const penalty = penaltyOf(at)
    gradient[at] = (gradient[at] as number) - penalty * ((coefficients[at] as number) - (prior[at] as number))
    const line = curvature[at] as Float64Array
    line[at] = (line[at] as number) + penalty
  }
  return { gradient, curvature }
}

function penaltyOf(at: number): number {
  if (at === WEEKEND) return weekendRidge
  if (at === SATURDAY) return saturdayRidge
  return ridge * Math.ceil(at / 2) ** 2
}
