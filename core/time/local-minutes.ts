import { DAY_MS, type EpochMs, MINUTE_MS } from '../clock.ts'

export const DAY_MINUTES = DAY_MS / MINUTE_MS

/** Offsets of time zones change at whole quarters of an hour. */
const QUARTER_MS = 15 * MINUTE_MS
/** Offsets that are remembered: 170 days of quarters. */
const CAPACITY = 16_384

/**
 * Minutes since 1970-01-01 00:00 as the clocks of a time zone (IANA name) show them: the day is `minutes / DAY_MINUTES`.
 * Offsets are asked of `Intl` once for each quarter of an hour, because that takes microseconds.
 */
export function createLocalMinutes(timeZone: string): (time: EpochMs) => number {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const localQuarter = (quarter: number): number => {
    const parts = new Map(format.formatToParts(quarter * QUARTER_MS).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) / MINUTE_MS
  }
  const known = new Map<number, number>()
  return time => {
    const quarter = Math.floor(time / QUARTER_MS)
    let begins = known.get(quarter)
    if (begins === undefined) {
      if (known.size === CAPACITY) known.clear()
      begins = localQuarter(quarter)
      known.set(quarter, begins)
    }
    return begins + Math.floor((time - quarter * QUARTER_MS) / MINUTE_MS)
  }
}
