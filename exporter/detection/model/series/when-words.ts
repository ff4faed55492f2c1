import type { DayKind } from '../profile/calendar.ts'
import { DAY_SECONDS, MINUTE_SECONDS } from '../time.ts'
import type { Explanation } from './score-result.ts'

export const UTC = 'UTC'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

const kindWords: Readonly<Record<DayKind, string>> = { weekday: 'weekday', saturday: 'Saturday', sunday: 'Sunday' }

/** `Sunday night`, or `Wednesday morning that looks like a Sunday` where the day does not follow the calendar. */
export function whenWords(
  { minuteStart, expectation }: Pick<Explanation, 'minuteStart' | 'expectation'>,
  timeZone: string,
): string {
  const { weekday, hour } = clockOf(minuteStart, timeZone)
  const looksLike = expectation.isOtherDay ? ` that looks like a ${kindWords[expectation.day]}` : ''
  return `${weekday} ${partOfDay(Number(hour))}${looksLike}`
}

/** `03:10 UTC`: a minute of the UTC day of a time, by the clock of a time zone. */
export function minuteOfDayWords(minuteStart: number, minuteOfDay: number, timeZone: string): string {
  const midnight = minuteStart - (minuteStart % DAY_SECONDS)
  const { hour, minute } = clockOf(midnight + minuteOfDay * MINUTE_SECONDS, timeZone)
  return `${hour}:${minute} ${timeZone}`
}

/** `15`: the minute of the hour by the clock of a time zone. */
export function minuteOfHourWords(minuteStart: number, timeZone: string): string {
  return String(Number(clockOf(minuteStart, timeZone).minute))
}

function clockOf(time: number, timeZone: string): Readonly<Record<'weekday' | 'hour' | 'minute', string>> {
  if (timeZone === UTC) {
    const date = new Date(time * 1000)
    const twoDigits = (value: number) => String(value).padStart(2, '0')
    return {
      weekday: weekdays[date.getUTCDay()] as string,
      hour: twoDigits(date.getUTCHours()),
      minute: twoDigits(date.getUTCMinutes()),
    }
  }
  // Creating a format takes longer than the rest of a sentence, and the first one a fiftieth of a start.
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  })
  const parts = format.formatToParts(time * 1000)
  const part = (wanted: 'weekday' | 'hour' | 'minute') => parts.find(({ type }) => type === wanted)?.value ?? ''
  return { weekday: part('weekday'), hour: part('hour'), minute: part('minute') }
}

function partOfDay(hour: number): string {
  if (hour < 6 || hour >= 22) return 'night'
  if (hour < 12) return 'morning'
  return hour < 18 ? 'afternoon' : 'evening'
}
