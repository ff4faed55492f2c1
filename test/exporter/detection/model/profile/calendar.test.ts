import { describe, expect, it } from '@jest/globals'
import {
  calendarKind,
  dayOf,
  minuteOfDay,
  otherKind,
} from '../../../../../exporter/detection/model/profile/calendar.ts'

const at = (time: string) => Date.parse(time) / 1000

describe('the calendar', () => {
  it.each([
    ['2025-01-06T00:00:00Z', 'weekday'],
    ['2025-01-10T23:59:00Z', 'weekday'],
    ['2025-01-11T00:00:00Z', 'saturday'],
    ['2025-01-12T12:00:00Z', 'sunday'],
    ['1970-01-01T00:00:00Z', 'weekday'],
    ['1969-12-28T00:00:00Z', 'sunday'],
    ['1969-12-27T23:59:00Z', 'saturday'],
  ] as const)('has in %s a %s', (time, kind) => {
    expect(calendarKind(dayOf(at(time)))).toBe(kind)
  })

  it('counts minutes of the day from 0 to 1439, also before 1970', () => {
    expect(minuteOfDay(at('2025-01-06T23:59:00Z'))).toBe(1439)
    expect(minuteOfDay(at('1969-12-31T00:00:00Z'))).toBeCloseTo(0, 10)
    expect(minuteOfDay(at('1969-12-31T23:59:00Z'))).toBe(1439)
  })

  it('takes a weekday that is none for a Sunday, and a day of the weekend for a weekday', () => {
    expect((['weekday', 'saturday', 'sunday'] as const).map(otherKind)).toEqual(['sunday', 'weekday', 'weekday'])
  })
})
