import { gammaln } from 'simple-statistics'

const MINIMUM_DISPERSION = 0.0001
const MINIMUM_MEAN = 1e-9
/** Above this count a quotient of gamma functions is taken from its series: the difference of logarithms would cancel. */
const LARGE_COUNT = 1e8
const PRECISION = 1e-9
const MAXIMUM_STEPS = 500
const TINY = 1e-300

/**
 * Surprise of a count under a negative binomial with mean M and variance M + φM², mid-p, exact, in log space:
 * A = −log10(½·P(X = x) + P(X > x)).
 *
 * With r = 1/φ and q = M/(r + M): ln P(x) = lnΓ(x+r) − lnΓ(r) − lnΓ(x+1) − r·ln(1 + M/r) + x·ln q, and the rest of the
 * tail is P(x)·q·(x+r)/(x+1)·F, F the continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8).
 * Never forms 1 − cdf. At or below the mean nothing is surprising: a ramp .3·x/M.
 *
 * @param count events, 0 or more; need not be whole
 * @param mean expected events
 * @param dispersion φ, 0 or more
 */
export function negativeBinomialSurprise(count: number, mean: number, dispersion: number): number {
  if (count <= 0) return 0
  const m = Math.max(mean, MINIMUM_MEAN)
  if (count <= m) return (0.3 * count) / m
  const r = 1 / Math.max(dispersion, MINIMUM_DISPERSION)
  const q = m / (r + m)
  const logMass = logGammaQuotient(count, r) - gammaln(r) - r * Math.log1p(m / r) - count * Math.log1p(r / m)
  const rest = 0.5 + ((q * (count + r)) / (count + 1)) * continuedFraction(count + 1, r, q)
  return Math.max(0, -(logMass + Math.log(rest)) / Math.LN10)
}

/**
 * Surprise of a count that is too low, under the same distribution: A = −log10 P(X ≤ x) = −log10 I_p(r, x + 1), with
 * p = r/(r + M) and the incomplete beta function I. 0 at or above the mean.
 */
export function negativeBinomialShortfall(count: number, mean: number, dispersion: number): number {
  if (count >= mean) return 0
  const r = 1 / Math.max(dispersion, MINIMUM_DISPERSION)
  const p = r / (r + mean)
  const logFront =
    logGammaQuotient(count, r) - gammaln(r) - r * Math.log1p(mean / r) - (count + 1) * Math.log1p(r / mean)
  return Math.max(0, -(logFront - Math.log(r) + Math.log((count + r) * continuedFraction(r, count + 1, p))) / Math.LN10)
}

/** ln(Γ(x + r)/Γ(x + 1)). For large x: (r − 1)·ln(x + r/2), exact to r³/(24x²) (Tricomi and Erdélyi 1951). */
function logGammaQuotient(x: number, r: number): number {
  return x > LARGE_COUNT ? (r - 1) * Math.log(x + r / 2) : gammaln(x + r) - gammaln(x + 1)
}

/**
 * F = 1/(1 + d₁/(1 + d₂/(1 + …))), d of odd number 2n+1: −(a+n)(a+r+n)q/((a+2n)(a+2n+1)), of even number 2n:
 * n(r−n)q/((a+2n−1)(a+2n)); by the modified Lentz method.
 */
function continuedFraction(a: number, r: number, q: number): number {
  let numerator = 1
  let denominator = 1 / awayFromZero(1 - ((a + r) * q) / (a + 1))
  let value = denominator
  for (let n = 1; n <= MAXIMUM_STEPS; n++) {
    const even = (n * (r - n) * q) / ((a + 2 * n - 1) * (a + 2 * n))
    denominator = 1 / awayFromZero(1 + even * denominator)
    numerator = awayFromZero(1 + even / numerator)
    value *= denominator * numerator
    const odd = (-(a + n) * (a + r + n) * q) / ((a + 2 * n) * (a + 2 * n + 1))
    denominator = 1 / awayFromZero(1 + odd * denominator)
    numerator = awayFromZero(1 + odd / numerator)
    const change = denominator * numerator
    value *= change
    if (Math.abs(change - 1) < PRECISION) break
  }
  return value
}

function awayFromZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x
}
