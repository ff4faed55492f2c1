import { anomalyConstants } from '../constants.ts'

const { maximumShape } = anomalyConstants.sketch
const EXPONENTIAL_BELOW = 0.001
const MINIMUM_SIGMA = 1e-12

/** Weighted sums of excesses over the start of a tail, in units of the sketch's scale, so that squares cannot overflow. */
export interface TailMoments {
  /** More than 0. */
  readonly weight: number
  readonly sum: number
  readonly squares: number
}

/**
 * ln of the probability that an excess over the tail's start is at least `excess`, by a generalised Pareto tail
 * fitted by the method of moments (Hosking and Wallis, Technometrics 29, 1987).
 * With the weighted mean m and variance v of the excesses: ξ = ½(1 − m²/v) clipped to [0, .45], σ = m(1 − ξ),
 * ln P = −ln(1 + ξe/σ)/ξ, and −e/σ where ξ is 0.
 */
export function paretoLogTail({ weight, sum, squares }: TailMoments, excess: number): number {
  const mean = sum / weight
  const variance = squares / weight - mean * mean
  const shape = variance > 0 ? Math.min(maximumShape, Math.max(0, 0.5 * (1 - (mean * mean) / variance))) : 0
  const sigma = Math.max(mean * (1 - shape), MINIMUM_SIGMA)
  return shape < EXPONENTIAL_BELOW ? -excess / sigma : -Math.log1p((shape * excess) / sigma) / shape
}
