import { describe, expect, it } from '@jest/globals'
import { WeeklyRate } from '../../../../exporter/anomaly/count/weekly-rate.ts'

const MONDAY = 1_736_121_600
const DAY = 86_400

function lived(days: number, countAt: (time: number) => number): WeeklyRate {
  const rate = new WeeklyRate()
  for (let time = MONDAY; time < MONDAY + days * DAY; time += 60) {
    const expected = rate.expected(time)
    rate.count()
    rate.learn(time, countAt(time), expected, 0.1)
  }
  return rate
}

const isNight = (time: number) => time % DAY < DAY / 4

describe('WeeklyRate', () => {
  it('expects nearly nothing before it has seen anything', () => {
    expect(new WeeklyRate().expected(MONDAY)).toBe(0.0001)
  })

  it('learns the time of day within two days', () => {
    const rate = lived(2, time => (isNight(time) ? 1 : 20))
    expect(rate.expected(MONDAY + 2 * DAY + 3600)).toBeLessThan(10)
    expect(rate.expected(MONDAY + 2 * DAY + DAY / 2)).toBeGreaterThan(15)
  })

  it('tells the weekend from the week after four of them', () => {
    const isWeekend = (time: number) => ((time - MONDAY) / DAY) % 7 >= 5
    const countAt = (time: number) => (isWeekend(time) ? 2 : 12)
    const noonOf = (day: number) => lived(day, countAt).expected(MONDAY + day * DAY)
    expect(noonOf(28.5)).toBeGreaterThan(8)
    expect(noonOf(26.5)).toBeLessThan(5)
  })

  it('is hardly moved by one burst', () => {
    const rate = lived(7, () => 5)
    const before = rate.expected(MONDAY + 7 * DAY)
    rate.learn(MONDAY + 7 * DAY, 1e15, before, 0.1)
    expect(rate.expected(MONDAY + 7 * DAY + 60) / before).toBeLessThan(1.05)
  })

  it('follows a lasting change of level', () => {
    const rate = lived(14, time => (time < MONDAY + 7 * DAY ? 5 : 10))
    expect(rate.expected(MONDAY + 14 * DAY)).toBeGreaterThan(8)
  })

  it('sees nothing special in the hours where a local clock is put forward or back', () => {
    const springForward = Date.parse('2025-03-30T01:00:00Z') / 1000
    const rate = new WeeklyRate()
    for (let time = springForward - 14 * DAY; time < springForward + DAY; time += 60) {
      const expected = rate.expected(time)
      if (time >= springForward - 3600) expect(expected).toBeCloseTo(4, 1)
      rate.count()
      rate.learn(time, 4, expected, 0.1)
    }
  })
})
