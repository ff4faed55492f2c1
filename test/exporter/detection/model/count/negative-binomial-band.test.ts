import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { negativeBinomialBand } from '../../../../../exporter/detection/model/count/negative-binomial-band.ts'

describe('negativeBinomialBand', () => {
  it('holds 98% of what is drawn', () => {
    const random = new Random(11)
    const { lower, upper } = negativeBinomialBand(12, 0.3)
    const draws = Array.from({ length: 20_000 }, () => random.negativeBinomial(12, 0.3))
    const part = (keep: (draw: number) => boolean) => draws.filter(keep).length / draws.length
    expect(part(draw => draw < lower)).toBeLessThanOrEqual(0.012)
    expect(part(draw => draw <= lower)).toBeGreaterThanOrEqual(0.009)
    expect(part(draw => draw <= upper)).toBeGreaterThanOrEqual(0.988)
    expect(part(draw => draw < upper)).toBeLessThanOrEqual(0.992)
  })

  it('is 0 to 0 where hardly anything is expected', () => {
    expect(negativeBinomialBand(0.0001, 0.3)).toEqual({ lower: 0, upper: 0 })
  })

  it('contains the mean and is finite, whatever is expected', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 1e15, noNaN: true }),
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        (mean, phi) => {
          const { lower, upper } = negativeBinomialBand(mean, phi)
          expect(lower).toBeGreaterThanOrEqual(0)
          expect(lower).toBeLessThanOrEqual(upper)
          expect(Number.isFinite(upper)).toBe(true)
          if (phi < 1 && mean > 1) expect(upper).toBeGreaterThan(mean)
        },
      ),
    )
  })

  it('passes from walking to the approximation within 2%', () => {
    const walked = negativeBinomialBand(1000, 0.1)
    const approximated = negativeBinomialBand(1000.001, 0.1)
    expect(approximated.upper / walked.upper).toBeCloseTo(1, 1.5)
    expect(Math.abs(approximated.lower / walked.lower - 1)).toBeLessThan(0.02)
  })
})
