import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { dueReports, isCron, type Schedule } from '../../../compliance/schedule/due.ts'
import { DAY_MS } from '../../../core/clock.ts'

const monthly: Schedule = { cron: '0 6 1 * *', timeZone: 'Europe/Berlin', unit: 'month' }
const utc = (text: string): number => Date.parse(text)
const due = (reported: readonly string[], now: string, schedule = monthly) => {
  const { periods, since, next } = dueReports(schedule, new Set(reported), utc(now))
  return { periods: periods.map(({ name }) => name), since, next }
}

describe('a scheduled report', () => {
  it('is due from the run after the end of its period, in the time zone', () => {
    expect(due(['2026-10'], '2026-12-01T04:59:59Z').periods).toEqual([])
    expect(due(['2026-10'], '2026-12-01T05:00:00Z')).toEqual({
      periods: ['2026-11'],
      since: utc('2026-12-01T05:00:00Z'),
      next: utc('2027-01-01T05:00:00Z'),
    })
  })

  it('is made up for after a downtime, each period once and the oldest first', () => {
    expect(due(['2026-07'], '2026-11-15T00:00:00Z')).toMatchObject({
      periods: ['2026-08', '2026-09', '2026-10'],
      since: utc('2026-09-01T04:00:00Z'),
    })
  })

  it('is of the newest period alone where there is no report yet', () => {
    expect(due([], '2026-11-15T00:00:00Z').periods).toEqual(['2026-10'])
  })

  it('is of twelve periods at most after years', () => {
    expect(due(['2020-01'], '2026-11-15T00:00:00Z').periods).toHaveLength(12)
  })

  it('is not due again where the clock was set back', () => {
    expect(due(['2026-09', '2026-10'], '2026-10-15T00:00:00Z').periods).toEqual([])
  })

  it('is of the newest period alone where only later ones are reported: by a clock that was ahead, or is behind now', () => {
    expect(due(['2029-12'], '2026-11-15T00:00:00Z').periods).toEqual(['2026-10'])
    expect(due(['2029-12', '2026-10'], '2026-12-15T00:00:00Z').periods).toEqual(['2026-11'])
  })

  it('is of the newest period alone after a change of the unit', () => {
    const daily: Schedule = { ...monthly, cron: '0 6 * * *', unit: 'day' }
    expect(due(['2026-09', '2026-10'], '2026-11-15T12:00:00Z', daily).periods).toEqual(['2026-11-14'])
  })

  it('is made on an ordinary day and on one without the hour of its run', () => {
    const daily: Schedule = { cron: '30 2 * * *', timeZone: 'Europe/Berlin', unit: 'day' }
    // 02:30 does not exist on 29 March.
    expect(due(['2026-03-27'], '2026-03-29T02:00:00Z', daily).periods).toEqual(['2026-03-28'])
    expect(due(['2026-10-24'], '2026-10-26T02:00:00Z', daily).periods).toEqual(['2026-10-25'])
  })

  it('is due for every period once, however the days are looked at', () => {
    const start = utc('2026-01-01T00:00:00Z')
    const steps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 5, maxLength: 40 })
    fc.assert(
      fc.property(steps, days => {
        const reported = new Set<string>()
        let now = start
        for (const step of days) {
          now += step * DAY_MS
          for (const { name, end } of dueReports(monthly, reported, now).periods) {
            expect(reported.has(name)).toBe(false)
            expect(end).toBeLessThanOrEqual(now)
            reported.add(name)
          }
          expect(dueReports(monthly, reported, now).periods).toEqual([])
        }
        const names = [...reported].sort()
        expect(names).toEqual([...reported])
      }),
      { numRuns: 15 },
    )
  })
})

describe('a cron expression', () => {
  it('has runs', () => {
    expect(['0 6 1 * *', '@monthly', '0 6 * * MON#1', '*/15 * * * *'].every(isCron)).toBe(true)
    expect(['', 'monthly', '0 6 31 2 *', '61 * * * *', '2020-01-01T00:00:00'].some(isCron)).toBe(false)
  })
})
