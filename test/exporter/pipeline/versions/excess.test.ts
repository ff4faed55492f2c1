import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { probabilityOfExcess } from '../../../../exporter/pipeline/versions/excess.ts'

describe("Fisher's exact test of minutes", () => {
  it.each([
    // The lady tasting tea (Fisher, The Design of Experiments, 1935): all four cups, or three of four.
    [4, 4, 0, 4, 1 / 70],
    [3, 4, 1, 4, 17 / 70],
    [0, 10, 3, 10, 1],
    [5, 10, 0, 0, 1],
    [1, 1, 0, 99, 1 / 100],
    // Far less than in the other period: its smallest terms are too small for a number.
    [1_000, 200_000, 190_000, 200_000, 1],
  ])('of %d in %d minutes against %d in %d is %d', (seen, minutes, others, otherMinutes, probability) => {
    const found = probabilityOfExcess({ seen, minutes }, { seen: others, minutes: otherMinutes })
    expect(found).toBeCloseTo(probability, 9)
  })

  it('is a probability that falls with what was seen, for minutes of months too', () => {
    const period = fc
      .nat({ max: 200_000 })
      .chain(minutes => fc.record({ seen: fc.nat({ max: minutes }), minutes: fc.constant(minutes) }))
    fc.assert(
      fc.property(period, period, (of, other) => {
        const found = probabilityOfExcess(of, other)
        expect(found).toBeGreaterThanOrEqual(0)
        expect(found).toBeLessThanOrEqual(1)
        if (of.seen === 0) return
        expect(probabilityOfExcess({ ...of, seen: of.seen - 1 }, other)).toBeGreaterThanOrEqual(found * (1 - 1e-6))
      }),
      { numRuns: 300 },
    )
  })
})
