import { describe, expect, it } from '@jest/globals'
import {
  type Calendar,
  DAY,
  DAYS,
  localMinute,
  localTime,
  START,
  timeZones,
} from '../../../../bench/anomaly/seccount-v2/calendar.ts'

const BERLIN = timeZones[1] as (typeof timeZones)[number]
const calendar: Calendar = {
  timeZone: BERLIN,
  // Wednesday of the third week is a holiday, Thursday a half one.
  holidays: [
    { day: 16, half: false },
    { day: 17, half: true },
  ],
  levels: [1, 1.1, 1.2, 1.3, 1.4, 0.5, 0.3],
  monthEnd: 1.5,
}
/** Of a local time in Berlin before the clocks are changed. */
const at = (day: number, hour: number) => localTime(calendar, day * DAY + 60 * hour - 60)

describe('the calendar of SecCount version 2', () => {
  it('begins on a Monday', () => {
    expect(new Date(START * 1000).toISOString()).toBe('2025-03-03T00:00:00.000Z')
    expect(new Date(START * 1000).getUTCDay()).toBe(1)
  })

  it.each(timeZones)('has the local time of $name, before and after clocks are changed', zone => {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone.name, hour: '2-digit', minute: '2-digit' })
    for (let minute = 0; minute < DAYS * DAY; minute += 60) {
      const local = ((localMinute(zone, minute) % DAY) + DAY) % DAY
      const text = `${`${Math.floor(local / 60)}`.padStart(2, '0')}:${`${local % 60}`.padStart(2, '0')}`
      expect(format.format((START + 60 * minute) * 1000)).toBe(text)
    }
  })

  it('makes a Sunday of a holiday, and of the afternoon of a half one', () => {
    expect(at(16, 9)).toMatchObject({ weekday: 2, isFree: true, level: 0.3 })
    expect(at(17, 9)).toMatchObject({ weekday: 3, isFree: false, level: 1.3, holiday: undefined })
    expect(at(17, 13)).toMatchObject({ weekday: 3, isFree: true, level: 0.3, holiday: { half: true } })
    expect(at(18, 9)).toMatchObject({ weekday: 4, isFree: false, level: 1.4 })
  })

  it('has more load on the last working days of the month', () => {
    expect(at(25, 9)).toMatchObject({ isMonthEnd: true })
    expect(at(25, 9).level).toBeCloseTo(1.5 * 1.4)
    expect(at(26, 9)).toMatchObject({ isMonthEnd: false, level: 0.5 })
  })

  it('lets the day of people begin an hour earlier in UTC after clocks are changed', () => {
    expect(localTime(calendar, 26 * DAY + 480).minuteOfDay).toBe(540)
    expect(localTime(calendar, 28 * DAY + 480).minuteOfDay).toBe(600)
  })
})
