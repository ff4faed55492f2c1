import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isCalendarDay } from '../../../core/time/local-date.ts'

describe('a day of the calendar', () => {
  it.each(['2026-02-30', '2026-11-31', '2025-02-29', '2100-02-29', '2026-00-10', '2026-13-01', '2026-01-00'])(
    'is not %s, also with a time',
    day => {
      expect(isCalendarDay(day)).toBe(false)
      expect(isCalendarDay(`${day}T10:00:00Z`)).toBe(false)
    },
  )

  it('is every day that there is', () => {
    const times = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    fc.assert(fc.property(times, time => isCalendarDay(time.toISOString())))
  })
})
