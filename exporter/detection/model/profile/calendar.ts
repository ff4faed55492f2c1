import { DAY_SECONDS, MINUTE_SECONDS, positiveModulo } from '../time.ts'

export const DAY_MINUTES = 1440

/** Days of one kind are expected to have the same shape. */
export type DayKind = 'weekday' | 'saturday' | 'sunday'
export const dayKinds: readonly DayKind[] = ['weekday', 'saturday', 'sunday']

/** Days since 1970-01-01 UTC. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY_SECONDS)
}

/** 0 to 1439, UTC. */
export function minuteOfDay(time: number): number {
  return positiveModulo(Math.floor(time / MINUTE_SECONDS), DAY_MINUTES)
}

/** The kind of a day by the calendar; 1970-01-01 was a Thursday. */
export function calendarKind(day: number): DayKind {
  const weekday = positiveModulo(day + 3, 7)
  return weekday === 5 ? 'saturday' : weekday === 6 ? 'sunday' : 'weekday'
}

/** What a day may look like that does not follow the calendar: a holiday like a Sunday, a worked Sunday like a weekday. */
export function otherKind(kind: DayKind): DayKind {
  return kind === 'weekday' ? 'sunday' : 'weekday'
}
