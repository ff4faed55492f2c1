import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { gammaln } from 'simple-statistics'
import {
  negativeBinomialShortfall,
  negativeBinomialSurprise,
} from '../../../../../exporter/detection/model/count/negative-binomial-tail.ts'

const means = fc.double({ min: -9, max: 6, noNaN: true }).map(exponent => 10 ** exponent)
const dispersions = fc.double({ min: 0.01, max: 20, noNaN: true })

/** −log10(½P(x) + P(>x)), added up term by term. */
function bySum(count: number, mean: number, dispersion: number): number {
  const r = 1 / dispersion
  const logMass = (k: number) =>
    gammaln(k + r) - gammaln(r) - gammaln(k + 1) - r * Math.log1p(mean / r) - k * Math.log1p(r / mean)
  let sum = Math.exp(logMass(count)) / 2
  for (let k = count + 1; k < count + 20_000; k++) sum += Math.exp(logMass(k))
  return -Math.log10(sum)
}

describe('negativeBinomialSurprise', () => {
  it.each([
    [0, 1, 0.3, 0],
    [1, 2, 0.3, 0.15],
    [1, 0.01, 0.3, 2.30104],
    [3, 0.5, 0.3, 1.86983],
    [5, 1, 0.3, 2.107],
    [20, 8, 0.1, 2.26314],
    [40, 8, 0.3, 3.95513],
    [200, 60, 0.2, 3.46644],
    [200, 60, 0.01, 24.21713],
    [1000, 500, 0.05, 3.66209],
    [1000, 900, 0.3, 0.45238],
    [1500, 700, 0.6, 1.06777],
    [3000, 1200, 0.3, 1.78933],
    [9000, 5400, 0.05, 2.28614],
    [30_000, 21_600, 0.01, 3.63389],
    [1_000_000, 900_000, 0.0004, 7.38466],
    [1, 0.000005, 0.5, 5.60206],
  ])('of %p where %p are expected with dispersion %p is %p', (count, mean, dispersion, surprise) => {
    expect(negativeBinomialSurprise(count, mean, dispersion)).toBeCloseTo(surprise, 5)
  })

  it.each([
    [7, 2, 0.5],
    [60, 20, 0.05],
    [300, 40, 2],
    [12, 0.3, 1],
  ])('equals the long sum for %p, %p, %p', (count, mean, dispersion) => {
    expect(negativeBinomialSurprise(count, mean, dispersion)).toBeCloseTo(bySum(count, mean, dispersion), 5)
  })

  it('grows with the count, over the whole range of means and dispersions', () => {
    fc.assert(
      fc.property(means, dispersions, (mean, dispersion) => {
        let previous = -1
        for (let count = 0; count < 1e7; count = Math.max(count + 1, Math.floor(count * 1.7))) {
          const surprise = negativeBinomialSurprise(count, mean, dispersion)
          expect(surprise).toBeGreaterThanOrEqual(previous - 1e-7 * Math.abs(previous))
          previous = surprise
        }
      }),
      { numRuns: 200 },
    )
  })

  it('is finite for whatever a window can hold', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e19, noNaN: true }), means, dispersions, (count, mean, dispersion) => {
        expect(Number.isFinite(negativeBinomialSurprise(count, mean, dispersion))).toBe(true)
      }),
    )
  })

  it('passes smoothly from small counts to large ones', () => {
    const below = negativeBinomialSurprise(1e8, 4e7, 0.05)
    const above = negativeBinomialSurprise(1e8 + 1, 4e7, 0.05)
    expect(above).toBeCloseTo(below, 4)
  })
})

describe('negativeBinomialShortfall', () => {
  const phis = fc.double({ min: 0.005, max: 20, noNaN: true })

  /** -log10 P(X <= x), added up term by term. */
  function bySumUpTo(count: number, mean: number, dispersion: number): number {
    const r = 1 / dispersion
    let sum = 0
    for (let k = 0; k <= count; k++) {
      sum += Math.exp(
        gammaln(k + r) - gammaln(r) - gammaln(k + 1) - r * Math.log1p(mean / r) - k * Math.log1p(r / mean),
      )
    }
    return -Math.log10(sum)
  }

  it.each([
    [0, 5, 0.3],
    [0, 400, 0.01],
    [3, 20, 0.1],
    [10, 100, 0.05],
    [150, 200, 0.005],
    [500, 2000, 0.3],
    [1, 1.5, 20],
    [4000, 4100, 0.02],
  ])('equals the sum for %p, %p, %p', (count, mean, dispersion) => {
    expect(negativeBinomialShortfall(count, mean, dispersion)).toBeCloseTo(bySumUpTo(count, mean, dispersion), 5)
  })

  it('is 0 at the mean and above', () => {
    expect(negativeBinomialShortfall(5, 5, 0.3)).toBe(0)
    expect(negativeBinomialShortfall(1e15, 5, 0.3)).toBe(0)
  })

  it('falls with the count, over the whole range of means and dispersions', () => {
    fc.assert(
      fc.property(means, phis, (mean, dispersion) => {
        let previous = Number.POSITIVE_INFINITY
        for (let count = 0; count < mean; count = Math.max(count + 1, Math.floor(count * 1.7))) {
          const surprise = negativeBinomialShortfall(count, mean, dispersion)
          expect(surprise).toBeLessThanOrEqual(previous + 1e-6 * (1 + previous))
          previous = surprise
        }
      }),
      { numRuns: 200 },
    )
  })

  it('is finite and not below 0 for whatever a window can hold', () => {
    const counts = fc.oneof(fc.double({ min: 0, max: 1e15, noNaN: true }), fc.nat(2000))
    const all = fc.oneof(means, fc.double({ min: 1e-9, max: 1e15, noNaN: true }))
    fc.assert(
      fc.property(counts, all, phis, (count, mean, dispersion) => {
        const surprise = negativeBinomialShortfall(count, mean, dispersion)
        expect(Number.isFinite(surprise)).toBe(true)
        expect(surprise).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 1000 },
    )
  })
})
