import type { EpochMs } from '../clock.ts'

/** A day of the Gregorian calendar. */
export interface LocalDate {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
}

/** The day of a time in a time zone (IANA name). */
export function localDate(time: EpochMs, timeZone: string): LocalDate {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  })
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]))
  return { year: parts.get('year') ?? 0, month: parts.get('month') ?? 0, day: parts.get('day') ?? 0 }
}

/** `2026-11-30` (ISO 8601). */
export const isoDate = ({ year, month, day }: LocalDate): string =>
  [year, month, day].map(value => String(value).padStart(2, '0')).join('-')

/** Whether a text that begins with a day, `2026-02-30`, has one of the calendar: `Date.parse` takes it for the second of March. */
export function isCalendarDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  return day >= 1 && day <= daysOf(year, month)
}

/** How many days a month has, from 1; none if there is no such month. */
function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  if (month < 1 || month > 12) return 0
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
