/** In how many of some minutes something was seen. */
export interface SeenMinutes {
  readonly seen: number
  readonly minutes: number
}

/**
 * The probability that of all minutes in which something was seen at least `of.seen` are among `of.minutes`, if both
 * periods are alike: Fisher's exact test, one-sided (R. A. Fisher, Statistical Methods for Research Workers, 1934, 21.02).
 * It is exact for few minutes too, where an approximation by a normal distribution is not. 1 where a period has no minute.
 */
export function probabilityOfExcess(of: SeenMinutes, other: SeenMinutes): number {
  const drawn = of.minutes
  const all = drawn + other.minutes
  const hits = Math.min(of.seen, drawn) + Math.min(other.seen, other.minutes)
  const least = Math.min(of.seen, drawn)
  if (least === 0 || drawn === 0 || other.minutes === 0) return 1
  let term = Math.exp(lnChoose(hits, least) + lnChoose(all - hits, drawn - least) - lnChoose(all, drawn))
  let sum = 0
  for (let count = least; count <= Math.min(hits, drawn); count++) {
    sum += term
    term *= ((hits - count) * (drawn - count)) / ((count + 1) * (all - hits - drawn + count + 1))
    if (term < sum * 1e-12) break
  }
  return Math.min(1, sum)
}

const lnChoose = (n: number, k: number): number => lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k)

/** Stirling's series, exact to 1e-9 from 16 on. */
function lnFactorial(n: number): number {
  if (n < 16) {
    let product = 1
    for (let factor = 2; factor <= n; factor++) product *= factor
    return Math.log(product)
  }
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3)
}
