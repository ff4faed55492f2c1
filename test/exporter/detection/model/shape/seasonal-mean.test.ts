import { describe, expect, it } from '@jest/globals'
import { SeasonalMean } from '../../../../../exporter/detection/model/shape/seasonal-mean.ts'
import { alone } from '../alone.ts'

const DAY = 86_400

const create = () => alone(layout => new SeasonalMean(layout))

describe('SeasonalMean', () => {
  it('expects the first value ever to be what it is', () => {
    const { part, state } = create()
    expect(part.expected(state, 0, 17)).toBe(17)
  })

  it('trusts a time of day more with every day', () => {
    const { part: mean, state } = create()
    const noons = [0, 1, 2, 3].map(day => {
      const expected = mean.expected(state, day * DAY + DAY / 2, 40)
      mean.learn(state, day * DAY, 0)
      mean.learn(state, day * DAY + DAY / 2, 40)
      return expected
    })
    expect(noons[1]).toBeGreaterThan(5)
    expect(noons[2]).toBeGreaterThan(noons[1] as number)
    expect(noons[3]).toBeGreaterThan(noons[2] as number)
  })

  it('takes a time before 1970 as a time of day', () => {
    const { part: mean, state } = create()
    mean.learn(state, -1, 5)
    expect(mean.expected(state, DAY - 1, 0)).toBeCloseTo(5)
  })
})
