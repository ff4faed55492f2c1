import type { Random } from '../seccount/random.ts'

const { floor } = Math

export const DAY = 1440
export const HOUR = 60

/** 35 days from Monday 2025-03-03 00:00 UTC. In the last three weeks a month ends and clocks are changed. */
export const START = 1_740_960_000
export const DAYS = 35
export const MINUTES = DAYS * DAY
/** The first two weeks are for learning, the last three for testing. */
export const TEST_FROM = 14 * DAY

/** Offsets from UTC in minutes, as the tz database has them for these weeks. */
export interface TimeZone {
  readonly name: string
  readonly offset: number
  /** The minute of the corpus in which clocks are changed, and the offset since then. */
  readonly change?: { readonly minute: number; readonly offset: number }
}

export const timeZones: readonly TimeZone[] = [
  { name: 'UTC', offset: 0 },
  { name: 'Europe/Berlin', offset: 60, change: { minute: 27 * DAY + HOUR, offset: 120 } },
  { name: 'Europe/London', offset: 0, change: { minute: 27 * DAY + HOUR, offset: 60 } },
  // In the weeks for learning.
  { name: 'America/New_York', offset: -300, change: { minute: 6 * DAY + 7 * HOUR, offset: -240 } },
  { name: 'Asia/Kolkata', offset: 330 },
  // Back to standard time, one and a half days before the end.
  { name: 'Australia/Sydney', offset: 660, change: { minute: 33 * DAY + 16 * HOUR, offset: 600 } },
]

export function localMinute({ offset, change }: TimeZone, minute: number): number {
  return minute + (change !== undefined && minute >= change.minute ? change.offset : offset)
}

/** A weekday that is no working day, or one half of one. */
export interface Holiday {
  /** Local day of the corpus. */
  readonly day: number
  /** A half day is a working day until noon. */
  readonly half: boolean
}

const HALF_DAY_FROM = 12.5 * HOUR

/** The last working days of a month and the first of the next one: Friday, Monday, Tuesday. */
const MONTH_END = [25, 28, 29]

/** How the people of a zone divide their time. */
export interface Calendar {
  readonly timeZone: TimeZone
  readonly holidays: readonly Holiday[]
  /** Level of each day of the week, from Monday. */
  readonly levels: readonly number[]
  /** Factor on the last working days of a month. */
  readonly monthEnd: number
}

/**
 * Draws in this order: time zone; five levels of working days; Saturday; Sunday; a holiday in the test period, whether it
 * is a half day; whether there is one in the first two weeks, which, whether half; whether months end with more load, how much.
 */
export function drawCalendar(random: Random, works: boolean): Calendar {
  const timeZone = timeZones[random.below(timeZones.length)] as TimeZone
  const working = Array.from({ length: 5 }, () => 1 + 0.3 * (random.uniform() - 0.5))
  const saturday = works ? 0.15 + 0.8 * random.uniform() : 0.85 + 0.15 * random.uniform()
  const sunday = saturday * (0.6 + 0.4 * random.uniform())
  const holidays = [drawHoliday(random, 2, 3)]
  const isEarly = random.uniform() < 0.5
  const early = drawHoliday(random, 0, 2)
  if (isEarly) holidays.push(early)
  const hasMonthEnd = random.uniform() < 0.4
  const load = 1.2 + 0.6 * random.uniform()
  return {
    timeZone,
    holidays: works ? holidays : [],
    levels: [...working, saturday, sunday],
    monthEnd: works && hasMonthEnd ? load : 1,
  }
}

function drawHoliday(random: Random, firstWeek: number, weeks: number): Holiday {
  const weekday = random.below(5)
  const week = firstWeek + random.below(weeks)
  return { day: 7 * week + weekday, half: random.uniform() < 0.4 }
}

/** What a minute of the corpus is for people: the minute of their day, its level, and whether they are off. */
export interface LocalTime {
  readonly minuteOfDay: number
  readonly weekday: number
  readonly isFree: boolean
  readonly level: number
  readonly holiday: Holiday | undefined
  readonly isMonthEnd: boolean
}

export function localTime(calendar: Calendar, minute: number): LocalTime {
  const local = localMinute(calendar.timeZone, minute)
  const day = floor(local / DAY)
  const minuteOfDay = local - day * DAY
  const weekday = (day + 7) % 7
  const today = calendar.holidays.find(holiday => holiday.day === day)
  const holiday = today?.half === true && minuteOfDay < HALF_DAY_FROM ? undefined : today
  const isMonthEnd = calendar.monthEnd !== 1 && MONTH_END.includes(day) && holiday === undefined
  const level = calendar.levels[holiday === undefined ? weekday : 6] as number
  return {
    minuteOfDay,
    weekday,
    isFree: weekday >= 5 || holiday !== undefined,
    level: isMonthEnd ? level * calendar.monthEnd : level,
    holiday,
    isMonthEnd,
  }
}
