import type { EpochMs } from '../../core/clock.ts'
import type { Fields } from './fields.ts'

/** A text without an offset is refused, because it would be read in the time zone of this machine. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/

/** Time of an ISO 8601 text with `Z` or an offset, or of a number of milliseconds; undefined for anything else. */
export function readTime(value: unknown): EpochMs | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  return readPlainTime(value) ?? parseTime(value)
}

function parseTime(text: string): EpochMs | undefined {
  if (!ISO_TIME.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** `2026-11-23T00:00:00`: what follows are decimals, if any, and the offset. */
const SECONDS_LENGTH = 19
const MAX_DECIMALS = 9
/** Every month has this day. */
const LAST_DAY_OF_ALL = 28

/** The result of `parseTime`, in a fraction of its time; undefined for what it must say itself. */
function readPlainTime(text: string): EpochMs | undefined {
  const isDay = text.charCodeAt(4) === HYPHEN && text.charCodeAt(7) === HYPHEN && text.charCodeAt(10) === T
  if (!isDay || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  // A character that is not a digit makes its number NaN, which is never within bounds.
  const isDate = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31
  if (!isDate || !(hour <= 23 && minute <= 59 && second <= 59)) return undefined
  const decimals = decimalsOf(text)
  const zone = SECONDS_LENGTH + (decimals === 0 ? 0 : 1 + decimals)
  if (day > LAST_DAY_OF_ALL && day > daysBefore(year, month + 1) - daysBefore(year, month)) return undefined
  const minutes = 60 * (24 * (daysBefore(year, month) + day - 1) + hour) + minute
  const time = 1000 * (60 * minutes + second) + millisecondsOf(text, decimals) - offsetAt(text, zone)
  return Number.isNaN(time) ? undefined : time
}

/** From 0000-03-01 to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_468

/**
 * Days from 1970 to the first of a month, of which the thirteenth is January. A year is counted from March here: a leap
 * day is its last, and its months follow 153 days in five. `Date.UTC` takes several times as long.
 */
function daysBefore(year: number, month: number): number {
  const years = month > 2 ? year : year - 1
  const months = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400)
  return 365 * years + leapDays + Math.floor((153 * months + 2) / 5) - DAYS_BEFORE_1970
}

/** How many digits follow a point behind the seconds. */
function decimalsOf(text: string): number {
  if (text.charCodeAt(SECONDS_LENGTH) !== POINT) return 0
  let count = 0
  while (count < MAX_DECIMALS && !Number.isNaN(digit(text, SECONDS_LENGTH + 1 + count))) count++
  return count
}

/** The decimals behind the third are cut off. */
function millisecondsOf(text: string, decimals: number): number {
  let milliseconds = 0
  for (let place = 1; place <= 3; place++) {
    milliseconds = 10 * milliseconds + (place <= decimals ? digit(text, SECONDS_LENGTH + place) : 0)
  }
  return milliseconds
}

/** `Z`, or hours and minutes with or without a colon, at the end of the text, in milliseconds; NaN for anything else. */
function offsetAt(text: string, at: number): number {
  const sign = text.charCodeAt(at)
  if (sign === Z) return text.length === at + 1 ? 0 : Number.NaN
  const minutesAt = at + (text.charCodeAt(at + 3) === COLON ? 4 : 3)
  const hours = twoDigits(text, at + 1)
  const minutes = twoDigits(text, minutesAt)
  const isOffset = (sign === PLUS || sign === HYPHEN) && text.length === minutesAt + 2 && hours <= 23 && minutes <= 59
  return isOffset ? (sign === PLUS ? 1 : -1) * (60 * hours + minutes) * 60_000 : Number.NaN
}

const ZERO = 48
const PLUS = 43
const HYPHEN = 45
const POINT = 46
const COLON = 58
const T = 84
const Z = 90

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO
  return value >= 0 && value <= 9 ? value : Number.NaN
}

function twoDigits(text: string, at: number): number {
  return 10 * digit(text, at) + digit(text, at + 1)
}

/** Milliseconds in digits, with the fraction that the OpenTelemetry Collector adds for nanoseconds. */
const EPOCH_MS_TEXT = /^(\d{12,14})(?:\.\d{1,9})?$/

/** When a log record was written: `ts` of the stdout exporter, else `@timestamp` of a document, as text or digits. */
export function readStoredTime({ ts, '@timestamp': stored }: Fields): EpochMs | undefined {
  const digits = typeof stored === 'string' ? EPOCH_MS_TEXT.exec(stored)?.[1] : undefined
  return readTime(ts) ?? readTime(digits === undefined ? stored : Number(digits))
}
