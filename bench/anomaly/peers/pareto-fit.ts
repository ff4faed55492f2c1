const STEPS = 40
/** Below it the likelihood is unbounded or irregular. */
const MINIMUM_SHAPE = -0.5

/** A generalised Pareto distribution of excesses. */
export interface ParetoFit {
  readonly shape: number
  readonly scale: number
}

/**
 * Maximum likelihood fit by Grimshaw's reduction (Technometrics 35, 1993): with x = ξ/σ the likelihood has one unknown,
 * ξ(x) = mean ln(1 + x·Y), σ = ξ/x. Searched on a grid of both signs; x → 0 is the exponential.
 */
export function fitPareto(excesses: readonly number[]): ParetoFit {
  const mean = excesses.reduce((sum, y) => sum + y, 0) / excesses.length
  const largest = Math.max(...excesses)
  let best: ParetoFit = { shape: 0, scale: mean }
  let bestLikelihood = -(Math.log(mean) + 1)
  for (let step = 1; step <= STEPS; step++) {
    const part = step / (STEPS + 1)
    for (const x of [-part / largest, (part ** 3 * 20) / mean]) {
      const shape = excesses.reduce((sum, y) => sum + Math.log1p(x * y), 0) / excesses.length
      const scale = shape / x
      const likelihood = -(Math.log(scale) + 1 + shape)
      if (shape < MINIMUM_SHAPE || !(likelihood > bestLikelihood)) continue
      bestLikelihood = likelihood
      best = { shape, scale }
    }
  }
  return best
}

/** ln of the probability that an excess is larger. */
export function paretoLogSurvival({ shape, scale }: ParetoFit, excess: number): number {
  if (Math.abs(shape) < 1e-6) return -excess / scale
  const argument = 1 + (shape * excess) / scale
  return argument <= 0 ? Number.NEGATIVE_INFINITY : -Math.log(argument) / shape
}
