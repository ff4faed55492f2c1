import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { backOff } from '../../../core/time/back-off.ts'

const shape = { first: 500, longest: 30_000, spread: 0.25 }

it('pauses double from the first up to the longest', () => {
  const pauses = Array.from({ length: 8 }, (_, failures) => backOff(shape, failures, 0))
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
})

it('a pause is shortened at random by no more than the spread, however many failures there were', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const [pause, full] = [backOff(shape, failures, random), backOff(shape, failures, 0)]
      expect(pause).toBeLessThanOrEqual(full)
      expect(pause).toBeGreaterThanOrEqual(full * 0.75)
    }),
  )
})
