import { describe, expect, it } from '@jest/globals'
import { WeeklyRate } from '../../../../../exporter/detection/model/count/weekly-rate.ts'
import { type Alone, alone } from '../alone.ts'

const MONDAY = 1_736_121_600
const DAY = 86_400

const create = () => alone(layout => new WeeklyRate(layout))

function lived(days: number, countAt: (time: number) => number): Alone<WeeklyRate> {
  const rate = create()
  for (let time = MONDAY; time < MONDAY + days * DAY; time += 60) {
    const expected = expectedAt(rate, time)
    rate.part.count(rate.state)
    rate.part.learn(rate.state, time, countAt(time), expected, 0.1)
  }
  return rate
}

const expectedAt = ({ part, state }: Alone<WeeklyRate>, time: number) => part.expected(state, time)

const isNight = (time: number) => time % DAY < DAY / 4

describe('WeeklyRate', () => {
  it('expects nearly nothing before it has seen anything', () => {
    expect(expectedAt(create(), MONDAY)).toBe(0.0001)
  })

  it('learns the time of day within two days', () => {
    const rate = lived(2, time => (isNight(time) ? 1 : 20))
    expect(expectedAt(rate, MONDAY + 2 * DAY + 3600)).toBeLessThan(10)
    expect(expectedAt(rate, MONDAY + 2 * DAY + DAY / 2)).toBeGreaterThan(15)
  })

  it('distinguishes the weekend from the week after four of them', () => {
    const isWeekend = (time: number) => ((time - MONDAY) / DAY) % 7 >= 5
    const countAt = (time: number) => (isWeekend(time) ? 2 : 12)
    const noonOf = (day: number) => expectedAt(lived(day, countAt), MONDAY + day * DAY)
    expect(noonOf(28.5)).toBeGreaterThan(8)
    expect(noonOf(26.5)).toBeLessThan(5)
  })

  it('is hardly moved by one burst', () => {
    const rate = lived(7, () => 5)
    const before = expectedAt(rate, MONDAY + 7 * DAY)
    rate.part.learn(rate.state, MONDAY + 7 * DAY, 1e15, before, 0.1)
    expect(expectedAt(rate, MONDAY + 7 * DAY + 60) / before).toBeLessThan(1.05)
  })

  it('follows a lasting change of level', () => {
    const rate = lived(14, time => (time < MONDAY + 7 * DAY ? 5 : 10))
    expect(expectedAt(rate, MONDAY + 14 * DAY)).toBeGreaterThan(8)
  })

  it('sees nothing special in the hours where a local clock is put forward or back', () => {
    const springForward = Date.parse('2025-03-30T01:00:00Z') / 1000
    const rate = create()
    for (let time = springForward - 14 * DAY; time < springForward + DAY; time += 60) {
      const expected = expectedAt(rate, time)
      if (time >= springForward - 3600) expect(expected).toBeCloseTo(4, 1)
      rate.part.count(rate.state)
      rate.part.learn(rate.state, time, 4, expected, 0.1)
    }
  })
})
