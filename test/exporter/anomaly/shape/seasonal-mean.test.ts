import { describe, expect, it } from '@jest/globals'
import { SeasonalMean } from '../../../../exporter/anomaly/shape/seasonal-mean.ts'

const DAY = 86_400

describe('SeasonalMean', () => {
  it('expects the first value ever to be what it is', () => {
    expect(new SeasonalMean().expected(0, 17)).toBe(17)
  })

  it('trusts a time of day more with every day', () => {
    const mean = new SeasonalMean()
    const noons = [0, 1, 2, 3].map(day => {
      const expected = mean.expected(day * DAY + DAY / 2, 40)
      mean.learn(day * DAY, 0)
      mean.learn(day * DAY + DAY / 2, 40)
      return expected
    })
    expect(noons[1]).toBeGreaterThan(5)
    expect(noons[2]).toBeGreaterThan(noons[1] as number)
    expect(noons[3]).toBeGreaterThan(noons[2] as number)
  })

  it('takes a time before 1970 as a time of day', () => {
    const mean = new SeasonalMean()
    mean.learn(-1, 5)
    expect(mean.expected(DAY - 1, 0)).toBeCloseTo(5)
  })
})
