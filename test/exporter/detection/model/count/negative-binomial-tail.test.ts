import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { gammaln } from 'simple-statistics'
import { negativeBinomialSurprise } from '../../../../../exporter/detection/model/count/negative-binomial-tail.ts'

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
