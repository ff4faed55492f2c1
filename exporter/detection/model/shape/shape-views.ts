import { anomalyConstants } from '../constants.ts'

const { fuseFrom, fusePower, fuseLimit } = anomalyConstants.shape

/**
 * The ways of looking at the shape of a series, in the order in which they are scored; the times are for 5-minute
 * values.
 */
export const shapeViews = [
  /** A value, high or low, that this time of day has never had. */
  'envelope',
  /** Half an hour off the usual level. */
  'level_30m',
  /** Many unusual values in six hours: the slow drip. */
  'density_6h',
  /** A burst of change. */
  'volatility_30m',
  /** An hour of high values. */
  'high_1h',
  /** Gone quiet for three hours. */
  'quiet_3h',
  /** Stuck, flat. */
  'calm_30m',
] as const

const weights: readonly number[] = [1, 1, 0.5, 0.5, 0.5, 0.5, 0.5]

/**
 * Fused surprise R = Σ w·(min(A, 12) − 1)^1.25 over the views with A > 1: several views that are each a little
 * surprised count more than the largest alone.
 *
 * @param surprises A of each view, in the order of `shapeViews`
 * @param terms receives each view's part of R
 */
export function fuseShape(surprises: Float64Array, terms: Float64Array): number {
  let fused = 0
  for (let view = 0; view < surprises.length; view++) {
    const surprise = surprises[view] as number
    const term =
      surprise > fuseFrom ? (weights[view] as number) * (Math.min(surprise, fuseLimit) - fuseFrom) ** fusePower : 0
    terms[view] = term
    fused += term
  }
  return fused
}
