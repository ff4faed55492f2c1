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
  const others = all - hits - drawn
  const probability = (count: number) =>
    Math.exp(lnChoose(hits, count) + lnChoose(all - hits, drawn - count) - lnChoose(all, drawn))
  // Away from the mean, so that the first term is the largest: one that is too small for a number is then no fault.
  if (least * all > drawn * hits) {
    const upward = (count: number) => ((hits - count) * (drawn - count)) / ((count + 1) * (others + count + 1))
    return Math.min(1, sumOf(least, Math.min(hits, drawn), 1, probability, upward))
  }
  const fewest = Math.max(0, -others)
  if (least <= fewest) return 1
  const downward = (count: number) => (count * (others + count)) / ((hits - count + 1) * (drawn - count + 1))
  return Math.max(0, 1 - sumOf(least - 1, fewest, -1, probability, downward))
}

/** Of the terms from one count to another, each made of the one before. */
function sumOf(
  from: number,
  to: number,
  step: 1 | -1,
  term: (count: number) => number,
  ratio: (count: number) => number,
): number {
  let next = term(from)
  let sum = 0
  for (let count = from; step * (to - count) >= 0; count += step) {
    sum += next
    next *= ratio(count)
    if (next < sum * 1e-12) break
  }
  return sum
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
