import { DAY_MINUTES } from '../../core/time/local-minutes.ts'
import { weekdays } from '../model/policy.ts'

/** 1970-01-01 was a Thursday. */
const DAYS_TO_FIRST_MONDAY = 3

/** Minutes since midnight, of `createLocalMinutes`. */
export const minuteOfDay = (minutes: number): number => modulo(minutes, DAY_MINUTES)

/** The position in `weekdays` of a time of `createLocalMinutes`. */
export const weekdayAt = (minutes: number): number =>
  modulo(Math.floor(minutes / DAY_MINUTES) + DAYS_TO_FIRST_MONDAY, weekdays.length)

/** Also of times before 1970. */
const modulo = (value: number, by: number): number => ((value % by) + by) % by
