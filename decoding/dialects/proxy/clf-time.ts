import type { EpochMs } from '../../../core/clock.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MINUTE_MS = 60_000

/**
 * A time of the common log format, `22/Nov/2026:10:51:44 +0000`; undefined where it is none.
 *
 * @param text of that layout: only the numbers are checked
 */
export function readClfTime(text: string): EpochMs | undefined {
  const day = Number(text.slice(0, 2))
  const month = MONTHS.indexOf(text.slice(3, 6))
  const hour = Number(text.slice(12, 14))
  const minute = Number(text.slice(15, 17))
  const second = Number(text.slice(18, 20))
  const offset = 60 * Number(text.slice(22, 24)) + Number(text.slice(24, 26))
  const isTime = hour <= 23 && minute <= 59 && second <= 60
  if (month === -1 || day < 1 || day > 31 || !isTime || !(offset <= 1_440)) return undefined
  const local = Date.UTC(Number(text.slice(7, 11)), month, day, hour, minute, second)
  return local - (text[21] === '-' ? -1 : 1) * offset * MINUTE_MS
}
