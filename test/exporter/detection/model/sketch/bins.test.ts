import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BIN_COUNT, binOf, binValues } from '../../../../../exporter/detection/model/sketch/bins.ts'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

describe('bins', () => {
  it('never put a larger deviation into a lower bin', () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        expect(binOf(Math.min(a, b))).toBeLessThanOrEqual(binOf(Math.max(a, b)))
      }),
    )
  })

  it('take every finite deviation', () => {
    fc.assert(
      fc.property(finite, deviation => {
        const bin = binOf(deviation)
        expect(bin).toBeGreaterThanOrEqual(0)
        expect(bin).toBeLessThan(BIN_COUNT)
      }),
    )
  })

  it('are stood for by a value that lies in them', () => {
    binValues.forEach((value, bin) => {
      expect(binOf(value)).toBe(bin)
    })
  })

  it('span about 1,150 mean deviations on each side', () => {
    expect(1.06 ** 200 * 0.01).toBeCloseTo(1151, 0)
    expect(binOf(1.06 ** 199.5)).toBe(BIN_COUNT - 1)
  })
})
