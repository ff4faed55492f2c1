import type { EpochMs } from '../clock.ts'
import { isCalendarDay } from './local-date.ts'

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/

/** A time as ISO 8601 with its offset, `2026-11-22T14:05:00Z`; undefined for another form, or a day that no calendar has. */
export function parseIsoTime(text: string): EpochMs | undefined {
  const time = TIME.test(text) && isCalendarDay(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
