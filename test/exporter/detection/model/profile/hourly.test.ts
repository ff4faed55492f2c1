import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { DAY_MINUTES } from '../../../../../exporter/detection/model/profile/calendar.ts'
import { HourlyMinutes } from '../../../../../exporter/detection/model/profile/hourly.ts'
import { alone } from '../alone.ts'

/** What is expected of each minute of the hour after days in which work came beside people's events. */
function extras(
  days: number,
  rate: number,
  workOf: (minute: number, day: number) => number,
  isObserved = true,
): number[] {
  const { part, state } = alone(layout => new HourlyMinutes(layout))
  const random = new Random(3)
  for (let day = 1; day <= days; day++) {
    const base = new Float64Array(DAY_MINUTES).fill(isObserved ? rate : 0)
    const excess = Float64Array.from(base, (usual, minute) =>
      isObserved ? random.negativeBinomial(rate, 0.2) + random.poisson(workOf(minute, day)) - usual : 0,
    )
    part.learn(state, { base, excess }, days)
  }
  return Array.from({ length: 60 }, (_, minute) => part.extra(state, minute))
}

const none = () => 0

describe('minutes of the hour', () => {
  it.each([0.05, 1, 10])('that bring work every hour are found, where people bring %p a minute', rate => {
    const found = extras(7, rate, minute => (minute % 60 === 17 ? 4 * rate + 2 : 0))
    expect((found[17] as number) / (4 * rate + 2)).toBeGreaterThan(0.8)
    expect((found[17] as number) / (4 * rate + 2)).toBeLessThan(1.2)
    expect(found.filter(extra => extra > 0)).toHaveLength(1)
  })

  it('that bring work every quarter of an hour are found', () => {
    const found = extras(7, 1, minute => (minute % 15 === 4 ? 5 : 0))
    expect(found.flatMap((extra, minute) => (extra > 0 ? [minute] : []))).toEqual([4, 19, 34, 49])
  })

  it.each([0.01, 0.3, 5])('are none where people bring %p a minute and nothing else', rate => {
    expect(extras(7, rate, none).every(extra => extra === 0)).toBe(true)
  })

  it('are none in an attack of some hours, of which no more is learnt than of a burst', () => {
    const found = extras(7, 1, (minute, day) => (day === 5 && minute > 600 && minute < 900 ? 5 : 0))
    expect(found.every(extra => extra === 0)).toBe(true)
  })

  it('are none where nothing was observed', () => {
    expect(extras(3, 1, none, false)).toEqual(Array(60).fill(0))
  })

  it('are let go within days when the work has ended', () => {
    const found = extras(30, 1, (minute, day) => (day <= 15 && minute % 60 === 17 ? 6 : 0))
    expect(found.every(extra => extra === 0)).toBe(true)
  })
})
