import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bucketsOf, runsOf } from '../../../compliance/evidence/calendar.ts'
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'

const period = (start: string, end: string, timeZone: string) => ({
  name: 'test',
  start: Date.parse(start),
  end: Date.parse(end),
  timeZone,
})
const lengths = (...args: Parameters<typeof period>) =>
  bucketsOf(period(...args)).buckets.map(({ start, end }) => (end - start) / HOUR_MS)

describe('the buckets of a period', () => {
  it('are days from midnight to midnight of the time zone, one of 25 hours where clocks go back', () => {
    const october = lengths('2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z', 'Europe/Berlin')
    expect(october).toHaveLength(31)
    expect(october.filter(length => length !== 24)).toEqual([25])
    expect(october.indexOf(25)).toBe(24)
  })

  it('have 23 hours where clocks go forward, also at midnight', () => {
    const berlin = lengths('2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z', 'Europe/Berlin')
    expect([berlin.length, berlin.indexOf(23)]).toEqual([31, 28])
    // In Beirut the clock goes from midnight to one: that day begins at one.
    const beirut = bucketsOf(period('2026-02-28T22:00:00Z', '2026-03-31T21:00:00Z', 'Asia/Beirut')).buckets
    const short = beirut.filter(({ start, end }) => end - start === 23 * HOUR_MS)
    expect(short).toEqual([{ start: Date.parse('2026-03-28T22:00:00Z'), end: Date.parse('2026-03-29T21:00:00Z') }])
  })

  it.each([
    ['a day', '2026-11-30T00:00:00Z', '2026-12-01T00:00:00Z', 'hour', 24],
    ['a week', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z', 'day', 7],
    ['a quarter', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z', 'week', 14],
    ['a year', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', 'week', 53],
    ['two years', '2026-01-01T00:00:00Z', '2028-01-01T00:00:00Z', 'month', 24],
  ])('are few for %s', (_, start, end, interval, count) => {
    const found = bucketsOf(period(start, end, 'UTC'))
    expect([found.interval, found.buckets.length]).toEqual([interval, count])
  })

  it('of weeks begin on Mondays, but for the first', () => {
    const { buckets } = bucketsOf(period('2026-09-30T22:00:00Z', '2026-12-31T23:00:00Z', 'Europe/Berlin'))
    const days = buckets
      .slice(1)
      .map(({ start }) => new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'Europe/Berlin' }).format(start))
    expect(new Set(days)).toEqual(new Set(['Monday']))
  })

  it('lie one after another from the start to the end, at most 62', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'Asia/Kathmandu',
      'Pacific/Chatham',
      'Australia/Lord_Howe',
      'America/St_Johns',
    ]
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) }),
        fc.integer({ min: 1, max: 800 * 24 }),
        fc.constantFrom(...zones),
        (start, hours, timeZone) => {
          const end = start + hours * HOUR_MS
          const { buckets } = bucketsOf({ name: 'any', start, end, timeZone })
          expect(buckets.length).toBeLessThanOrEqual(62)
          expect([buckets[0]?.start, buckets.at(-1)?.end]).toEqual([start, end])
          for (const [index, bucket] of buckets.entries()) {
            expect(bucket.end).toBeGreaterThan(bucket.start)
            if (index > 0) expect(bucket.start).toBe(buckets[index - 1]?.end)
          }
          const ends = runsOf(buckets).flatMap(({ length, first, last }) =>
            Array.from({ length: (last.end - first.end) / length + 1 }, (_, each) => first.end + each * length),
          )
          expect(ends).toEqual(buckets.map(bucket => bucket.end))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('cut a day that a zone has skipped', () => {
    // Samoa had no 30th of December 2011.
    const { buckets } = bucketsOf(period('2011-12-28T10:00:00Z', '2012-01-03T10:00:00Z', 'Pacific/Apia'))
    expect(buckets.every(({ start, end }) => end - start === DAY_MS)).toBe(true)
  })
})
