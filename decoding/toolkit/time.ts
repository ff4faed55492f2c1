import type { EpochMs } from '../../core/clock.ts'
import type { Fields } from './fields.ts'

/** A text without an offset is refused, because it would be read in the time zone of this machine. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/

/** Time of an ISO 8601 text with `Z` or an offset, or of a number of milliseconds; undefined for anything else. */
export function readTime(value: unknown): EpochMs | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  return readPlainTime(value) ?? readPreciseTime(value) ?? parseTime(value)
}

function parseTime(text: string): EpochMs | undefined {
  if (!ISO_TIME.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** `2026-11-23T00:00:00.000`, followed by `Z` or `+00:00`: as OpenClaw and Elasticsearch write nearly all times. */
const PLAIN_LENGTH = 23
/** Every month has this day; for later days the parser must check the month. */
const LAST_PLAIN_DAY = 28

/** The result of `parseTime` for a text of the plain layout, in a fraction of its time; undefined for all others. */
function readPlainTime(text: string): EpochMs | undefined {
  const zone = text.length === PLAIN_LENGTH + 1 ? 'Z' : '+00:00'
  if (text.length !== PLAIN_LENGTH + zone.length || !text.endsWith(zone)) return undefined
  const isDay = text.charCodeAt(4) === HYPHEN && text.charCodeAt(7) === HYPHEN && text.charCodeAt(10) === T
  const isTime = text.charCodeAt(13) === COLON && text.charCodeAt(16) === COLON && text.charCodeAt(19) === POINT
  if (!isDay || !isTime) return undefined
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const milliseconds = 10 * twoDigits(text, 20) + digit(text, 22)
  // A character that is not a digit makes its number NaN, which is never within bounds.
  const isDate = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= LAST_PLAIN_DAY
  if (!isDate || !(hour <= 23 && minute <= 59 && second <= 59 && milliseconds <= 999)) return undefined
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds)
}

/** Up to nine decimals and `Z`, as Go writes times. */
const PRECISE = /^\d{1,6}Z$/

/** The result of `parseTime` for a text of the plain layout with more decimals, which are cut off. */
function readPreciseTime(text: string): EpochMs | undefined {
  const isLonger = text.length > PLAIN_LENGTH + 1 && text.length <= PLAIN_LENGTH + 7
  if (!isLonger || !PRECISE.test(text.slice(PLAIN_LENGTH))) return undefined
  return readPlainTime(`${text.slice(0, PLAIN_LENGTH)}Z`)
}

const ZERO = 48
const HYPHEN = 45
const POINT = 46
const COLON = 58
const T = 84

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
