/** Above this mean the quantiles are approximated: walking over the counts would take too long. */
const WALK_UP_TO = 1000
/** Standard normal quantile of 99%. */
const Z99 = 2.3263

/** The counts below which 1% and 99% of the minutes lie. */
export interface Band {
  readonly lower: number
  readonly upper: number
}

/**
 * 1% and 99% quantiles of a negative binomial with mean M and variance M + φM²: the smallest k with P(X ≤ k) ≥ p, by
 * the recursion f(0) = p₀^r, f(k+1) = f(k)·(k+r)/(k+1)·(1−p₀), p₀ = r/(r+M), r = 1/φ.
 * Above M = 1000 by Wilson and Hilferty's cube for a gamma with the same mean and variance, κ = M/(1 + φM):
 * M·(1 − 1/(9κ) ± z/(3√κ))³.
 *
 * @param dispersion φ, at least .01
 */
export function negativeBinomialBand(mean: number, dispersion: number): Band {
  if (mean > WALK_UP_TO) return { lower: cube(mean, dispersion, -Z99), upper: cube(mean, dispersion, Z99) }
  const r = 1 / dispersion
  const ratio = mean / (r + mean)
  let mass = Math.exp(-r * Math.log1p(mean / r))
  let cumulative = mass
  let k = 0
  while (cumulative < 0.01) {
    mass *= ((k + r) / (k + 1)) * ratio
    cumulative += mass
    k++
  }
  const lower = k
  while (cumulative < 0.99) {
    mass *= ((k + r) / (k + 1)) * ratio
    cumulative += mass
    k++
  }
  return { lower, upper: k }
}

function cube(mean: number, dispersion: number, z: number): number {
  const shape = mean / (1 + dispersion * mean)
  return mean * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3
}
