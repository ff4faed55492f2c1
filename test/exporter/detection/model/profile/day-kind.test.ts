import { describe, expect, it } from '@jest/globals'
import {
  calendarKind,
  type DayKind,
  dayOf,
  minuteOfDay,
} from '../../../../../exporter/detection/model/profile/calendar.ts'
import { DAY, HOUR, type MeanAt, MONDAY, office, Shown } from './fixtures.ts'

const parts: Readonly<Record<DayKind, number>> = { weekday: 1, saturday: 0.3, sunday: 0.2 }
const usual: MeanAt = time => office(time) * parts[calendarKind(dayOf(time))]
/** Every minute as on a day of this kind. */
const asOn =
  (kind: DayKind): MeanAt =>
  time =>
    office(time) * parts[kind]

const KNOWN_WEEKS = 3
const NEXT_MONDAY = MONDAY + 7 * KNOWN_WEEKS * DAY
const seeds = [1, 2, 3]

const accustomed = (seed: number, fitAt = 700) => new Shown({ seed, fitAt }).until(NEXT_MONDAY, usual)

describe('a day that does not follow the calendar', () => {
  it.each(seeds)('is expected like a Sunday by noon where it is a holiday (seed %p)', seed => {
    const wednesday = NEXT_MONDAY + 2 * DAY
    const noon = wednesday + 12 * HOUR
    const shown = accustomed(seed).until(wednesday, usual).until(noon, asOn('sunday'))
    expect(shown.profile.kindOfDay(shown.state)).toBe('sunday')
    expect(shown.people(noon) / asOn('sunday')(noon)).toBeGreaterThan(0.6)
    expect(shown.people(noon) / asOn('sunday')(noon)).toBeLessThan(1.7)
  })

  it('is a day like others on the next one, and teaches weekdays nothing', () => {
    const wednesday = NEXT_MONDAY + 2 * DAY
    const shown = accustomed(4)
      .until(wednesday, usual)
      .until(wednesday + DAY, asOn('sunday'))
    const thursday = wednesday + DAY
    shown.until(thursday + 12 * HOUR, usual)
    expect(shown.profile.kindOfDay(shown.state)).toBe('weekday')
    expect(shown.people(thursday + 12 * HOUR) / usual(thursday + 12 * HOUR)).toBeGreaterThan(0.75)
  })

  it.each(seeds)('is expected like a weekday by noon where a Sunday is worked (seed %p)', seed => {
    const sunday = NEXT_MONDAY + 6 * DAY
    const noon = sunday + 12 * HOUR
    const shown = accustomed(seed).until(sunday, usual).until(noon, asOn('weekday'))
    expect(shown.profile.kindOfDay(shown.state)).toBe('weekday')
    expect(shown.people(noon) / usual(MONDAY + 12 * HOUR)).toBeGreaterThan(0.6)
  })

  it.each(seeds)('is none of the ordinary days of two weeks (seed %p)', seed => {
    const shown = accustomed(seed)
    const misread: number[] = []
    for (let quarter = 1; quarter <= 4 * 14; quarter++) {
      shown.until(NEXT_MONDAY + 6 * HOUR * quarter, usual)
      const before = dayOf(shown.time - 60)
      if (shown.profile.kindOfDay(shown.state) !== calendarKind(before)) misread.push(quarter)
    }
    expect(misread).toEqual([])
  })

  it('is none in the first week, of which too little is known', () => {
    const shown = new Shown().until(MONDAY + 2 * DAY, usual).until(MONDAY + 3 * DAY, asOn('sunday'))
    expect(shown.profile.kindOfDay(shown.state)).toBe('weekday')
  })
})

describe('daylight saving time', () => {
  const CHANGE = Date.parse('2025-03-30T01:00:00Z') / 1000
  const MONDAY_AFTER = Date.parse('2025-03-31T00:00:00Z') / 1000
  const BACKUP = 190
  const job: MeanAt = time => (minuteOfDay(time) >= BACKUP && minuteOfDay(time) < BACKUP + 5 ? 12 : 0)
  const rhythm =
    (change: number, later: number): MeanAt =>
    time =>
      office(time, time < change ? 0 : later) * parts[calendarKind(dayOf(time))] + job(time)

  it.each([
    [-60, 1],
    [-60, 2],
    [60, 1],
    [60, 2],
  ])('moves people by %p minutes: they are followed on the next day and the day after (seed %p)', (later, seed) => {
    const meanAt = rhythm(CHANGE, later)
    const shown = new Shown({ seed, from: MONDAY_AFTER - 28 * DAY, fitAt: 700 }).until(MONDAY_AFTER, meanAt)
    for (const day of [1, 2]) {
      const midnight = MONDAY_AFTER + day * DAY
      // Where a day begins and ends its people differ most between the hours.
      const expectedAt = (hour: number) => {
        shown.until(midnight + hour * HOUR, meanAt)
        return shown.people(midnight + hour * HOUR) / office(midnight + hour * HOUR, later)
      }
      for (const hour of [8, 12, 17]) {
        const ratio = expectedAt(hour)
        expect(ratio).toBeGreaterThan(0.5)
        expect(ratio).toBeLessThan(2)
      }
    }
  })

  it('does not move a job that follows UTC', () => {
    const meanAt = rhythm(CHANGE, -60)
    const shown = new Shown({ from: MONDAY_AFTER - 28 * DAY, fitAt: 700 }).until(MONDAY_AFTER + 2 * DAY, meanAt)
    const jobsAt = (minute: number) => shown.profile.expected(shown.state, MONDAY_AFTER + 2 * DAY + 60 * minute).jobs
    expect(jobsAt(BACKUP + 2)).toBeGreaterThan(6)
    expect(jobsAt(BACKUP + 2 - 60)).toBeLessThan(1)
  })
})
