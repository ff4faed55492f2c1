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
