import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { packed, unpacked } from '../../../../../exporter/detection/model/state/packed.ts'

const roundTrip = (value: number) => unpacked(packed(value))
/** 1e-7 to 1e12, of both signs. */
const values = fc
  .tuple(fc.double({ min: -7, max: 12, noNaN: true }), fc.boolean())
  .map(([exponent, isNegative]) => (isNegative ? -1 : 1) * 10 ** exponent)

describe('a number in 16 bits', () => {
  it('is exact to 0.07 % and keeps its sign', () => {
    fc.assert(fc.property(values, value => expect(Math.abs(roundTrip(value) / value - 1)).toBeLessThan(0.0007)))
  })

  it('comes back to the same bits, whatever they are', () => {
    fc.assert(fc.property(fc.nat(65_535), bits => bits === 0x8000 || expect(packed(unpacked(bits))).toBe(bits)))
  })

  it('grows with the number', () => {
    fc.assert(
      fc.property(values, values, (a, b) =>
        expect(roundTrip(Math.max(a, b))).toBeGreaterThanOrEqual(roundTrip(Math.min(a, b))),
      ),
    )
  })

  it.each([0, -0, 1e-8, -1e-8, Number.NaN])('is 0 for %p', value => {
    expect(packed(value)).toBe(0)
    expect(unpacked(0)).toBe(0)
  })

  it.each([1e15, Number.MAX_VALUE, Number.POSITIVE_INFINITY])('is the largest one for %p', value => {
    expect(roundTrip(value)).toBe(unpacked(32_767))
    expect(roundTrip(-value)).toBe(-unpacked(32_767))
  })
})
