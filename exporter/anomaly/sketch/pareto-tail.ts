import { anomalyConstants } from '../constants.ts'
import { binValues } from './bins.ts'

const { maximumShape } = anomalyConstants.sketch
const EXPONENTIAL_BELOW = 0.001
const MINIMUM_SIGMA = 1e-12

/**
 * ln of the probability that an excess over the tail's start is at least `excess`, by a generalised Pareto tail
 * fitted to the bins above `start` by the method of moments (Hosking and Wallis, Technometrics 29, 1987).
 * With the weighted mean m and variance v of the excesses: ξ = ½(1 − m²/v) clipped to [0, .45], σ = m(1 − ξ),
 * ln P = −ln(1 + ξe/σ)/ξ, and −e/σ where ξ is 0.
 * Excesses are in units of the sketch's scale, so that squares cannot overflow.
 *
 * @param weights weight of each bin from `first` on
 * @param start bin in whose middle the tail begins
 * @param top highest bin with weight
 * @param tailWeight sum of the weights above `start`, more than 0
 */
export function paretoLogTail(
  weights: Float32Array,
  first: number,
  start: number,
  top: number,
  tailWeight: number,
  deviation: number,
): number {
  const base = binValues[start] as number
  let sum = 0
  let squares = 0
  for (let bin = start + 1; bin <= top; bin++) {
    const excess = (binValues[bin] as number) - base
    const weighted = (weights[bin - first] as number) * excess
    sum += weighted
    squares += weighted * excess
  }
  const mean = sum / tailWeight
  const variance = squares / tailWeight - mean * mean
  const shape = variance > 0 ? Math.min(maximumShape, Math.max(0, 0.5 * (1 - (mean * mean) / variance))) : 0
  const sigma = Math.max(mean * (1 - shape), MINIMUM_SIGMA)
  const excess = Math.max(0, deviation - base)
  return shape < EXPONENTIAL_BELOW ? -excess / sigma : -Math.log1p((shape * excess) / sigma) / shape
}
