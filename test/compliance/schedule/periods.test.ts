import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  isTimeZone,
  newestPeriod,
  PERIOD_EXAMPLES,
  periodNamed,
  periodsBefore,
  periodUnits,
  unitOf,
} from '../../../compliance/schedule/periods.ts'
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'

const utc = (text: string): number => Date.parse(text)

describe('a period', () => {
  it('is the newest one that has ended, with the midnights of its time zone as borders', () => {
    expect(newestPeriod('month', 'Europe/Berlin', utc('2026-11-30T23:30:00Z'))).toEqual({
      name: '2026-11',
      start: utc('2026-10-31T23:00:00Z'),
      end: utc('2026-11-30T23:00:00Z'),
      timeZone: 'Europe/Berlin',
    })
    expect(newestPeriod('month', 'UTC', utc('2026-11-30T23:30:00Z')).name).toBe('2026-10')
  })

  it('has ended at the moment of its end, and not a millisecond before', () => {
    const end = utc('2026-12-01T00:00:00Z')
    expect(newestPeriod('month', 'UTC', end).name).toBe('2026-11')
    expect(newestPeriod('month', 'UTC', end - 1).name).toBe('2026-10')
  })

  it('is an hour shorter or longer where daylight saving begins or ends in it', () => {
    const length = (name: string) => {
      const period = periodNamed(name, 'Europe/Berlin')
      return (period?.end ?? 0) - (period?.start ?? 0)
    }
    expect(length('2026-03-29')).toBe(23 * HOUR_MS)
    expect(length('2026-10-25')).toBe(25 * HOUR_MS)
    expect(length('2026-10')).toBe(31 * DAY_MS + HOUR_MS)
  })

  it('begins at the first moment of a day without a midnight', () => {
    // Clocks go from 24:00 to 01:00.
    expect(periodNamed('2026-09-06', 'America/Santiago')?.start).toBe(utc('2026-09-06T04:00:00Z'))
    expect(periodNamed('2026-09-05', 'America/Santiago')?.end).toBe(utc('2026-09-06T04:00:00Z'))
  })

  it.each([
    ['2021-01-04', '2021-W01'],
    ['2020-12-28', '2020-W53'],
    ['2026-11-23', '2026-W48'],
    ['2024-12-30', '2025-W01'],
  ])('that begins on Monday %s is week %s', (monday, week) => {
    expect(periodNamed(week, 'UTC')?.start).toBe(utc(`${monday}T00:00:00Z`))
  })

  it.each(['', '2026', '2026-13', '2026-02-30', '2025-W53', '2026-W54', '2026-Q5', '2026-11 ', '../2026-11'])(
    'is not named by %j',
    name => {
      expect(periodNamed(name, 'UTC')).toBeUndefined()
    },
  )

  it('is named in each form of the examples', () => {
    const names = PERIOD_EXAMPLES.split(/, | or /)
    expect(names.map(unitOf)).toEqual(periodUnits)
    expect(names.map(name => periodNamed(name, 'UTC')?.name)).toEqual(names)
  })

  it('follows the one before without a gap, in every time zone', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/Santiago',
      'Pacific/Apia',
      'Asia/Kathmandu',
      'Africa/Casablanca',
    )
    const times = fc.integer({ min: utc('2001-01-01T00:00:00Z'), max: utc('2040-01-01T00:00:00Z') })
    fc.assert(
      fc.property(fc.constantFrom(...periodUnits), zones, times, (unit, timeZone, now) => {
        const period = newestPeriod(unit, timeZone, now)
        expect(period.end).toBeLessThanOrEqual(now)
        expect(periodNamed(period.name, timeZone)).toEqual(period)
        const before = periodsBefore(period, 3)
        expect(before.map(({ end }) => end)).toEqual([period, ...before.slice(0, 2)].map(({ start }) => start))
        expect(new Set([period, ...before].map(({ name }) => name)).size).toBe(4)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a time zone', () => {
  it('is one that the machine knows', () => {
    expect(['UTC', 'Europe/Berlin', 'America/New_York'].every(isTimeZone)).toBe(true)
    expect(['', 'Europe/Atlantis', 'Berlin'].some(isTimeZone)).toBe(false)
  })
})
