import { anomalyConstants } from '../constants.ts'

const { binsPerSide, binRatio } = anomalyConstants.sketch
const LOG_RATIO = Math.log(binRatio)

/** The bin in the middle: deviations of less than one scale. */
export const CENTRE_BIN = binsPerSide

/** Number of bins: one in the middle and `binsPerSide` on each side. */
export const BIN_COUNT = 2 * binsPerSide + 1

/**
 * Bin of a deviation given in units of the sketch's scale (signed, finite).
 * Middle bin for |d| < 1, else ±k with k = min(K, 1 + floor(ln|d| / ln γ)): every bin is γ times as wide as the one
 * before.
 */
export function binOf(deviation: number): number {
  const size = Math.abs(deviation)
  if (size < 1) return binsPerSide
  const k = Math.min(binsPerSide, 1 + Math.floor(Math.log(size) / LOG_RATIO))
  return deviation > 0 ? binsPerSide + k : binsPerSide - k
}

/**
 * Representative value of each bin, in units of the scale: 0, and ±γ^(k − 1/2), the middle of its ends in logarithms.
 */
export const binValues: readonly number[] = Array.from({ length: BIN_COUNT }, (_, bin) => {
  const k = bin - binsPerSide
  return k === 0 ? 0 : Math.sign(k) * binRatio ** (Math.abs(k) - 0.5)
})
