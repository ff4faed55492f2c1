import { timeLeft } from '../../../../core/time/duration.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { grouped } from '../../../../service/page/words.ts'
import type { ReportPeriod } from '../../../model/report.ts'
import { cut } from './text.ts'

/** A measured number: whole and grouped, or with up to four digits. */
export function figure(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) return String(value)
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? grouped(value) : String(Number(value.toPrecision(4)))
}

/** From which size a number is shortened, by what it is divided, and the letter for that. */
const thousands = [
  [1e12, 1e12, 'T'],
  [1e9, 1e9, 'G'],
  [1e6, 1e6, 'M'],
  [1e4, 1e3, 'k'],
] as const

/** A number for the narrow cells of a chart's table: at most six characters; its exact value is elsewhere. */
export function short(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e15) return value.toExponential(0)
  const [, step, letter] = thousands.find(([from]) => size >= from) ?? [0, 1, '']
  if (letter === '' && Number.isInteger(value)) return grouped(value)
  return `${Number((value / step).toPrecision(3))}${letter}`
}

/** `6 events`, `86.4 %`; `no data` where there is no value. */
export function measured(value: number | null, unit: string): string {
  if (value === null) return 'no data'
  return unit === '' ? figure(value) : `${figure(value)} ${cut(unit, 24)}`
}

/** A share of 0 to 1 as `93.1 %`, rounded down: what is not complete is never 100 %. `not known` for null. */
export function percent(share: number | null): string {
  if (share === null) return 'not known'
  return `${Math.floor(share * 1000 + 1e-9) / 10} %`
}

/** A length of time: `310 ms`, `1.4 s`, `1 min 34 s`. */
export function lasting(milliseconds: number): string {
  if (!Number.isFinite(milliseconds) || milliseconds < 0) return 'not known'
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  return milliseconds < 60_000 ? `${Math.floor(milliseconds / 100) / 10} s` : timeLeft(milliseconds)
}

/** Milliseconds of a time in ISO 8601; NaN for anything else. */
export const timeOf = (iso: string): number => Date.parse(iso)

/** `2026-11-20 23:00`, UTC; the text itself where it is no time. */
export function utc(iso: string): string {
  const time = timeOf(iso)
  return Number.isNaN(time) ? cut(iso, 24) : new Date(time).toISOString().slice(0, -8).replace('T', ' ')
}

export const day = (iso: string): string => utc(iso).slice(0, -6)

/** A time element in UTC. */
export function moment(iso: string): Html {
  if (Number.isNaN(timeOf(iso))) return html`${utc(iso)}`
  return html`<time datetime="${new Date(timeOf(iso)).toISOString()}">${utc(iso)}</time>`
}

/** The time on the clocks of a time zone: `2026-11-01 00:00`; undefined where the zone is not known. */
export function localTime(iso: string, timeZone: string): string | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    }).formatToParts(timeOf(iso))
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.find(part => part.type === type)?.value ?? ''
    return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`
  } catch {
    return undefined
  }
}

const months = 'January February March April May June July August September October November December'.split(' ')

interface PeriodName {
  readonly long: string
  /** For a narrow column, on two lines. */
  readonly short: readonly [string, string]
}

const forms: readonly (readonly [RegExp, (parts: readonly string[]) => PeriodName])[] = [
  [
    /^(\d{4})-(0[1-9]|1[0-2])$/,
    ([year = '', month = '']) => {
      const name = months[Number(month) - 1] as string
      return { long: `${name} ${year}`, short: [name.slice(0, 3), year] }
    },
  ],
  [
    /^(\d{4})-W(\d{2})$/,
    ([year = '', week = '']) => ({ long: `week ${Number(week)} of ${year}`, short: [`W${week}`, year] }),
  ],
  [
    /^(\d{4})-Q([1-4])$/,
    ([year = '', quarter = '']) => ({ long: `quarter ${quarter} of ${year}`, short: [`Q${quarter}`, year] }),
  ],
  [
    /^(\d{4})-(0[1-9]|1[0-2])-(\d{2})$/,
    ([year = '', month = '', date = '']) => {
      const name = months[Number(month) - 1] as string
      return { long: `${Number(date)} ${name} ${year}`, short: [`${Number(date)} ${name.slice(0, 3)}`, year] }
    },
  ],
]

/** The name of a period for people: `November 2026`; any other text as it is. */
export function periodName(name: string): PeriodName {
  for (const [form, words] of forms) {
    const found = form.exec(name)
    if (found !== null) return words(found.slice(1))
  }
  return { long: cut(name, 24), short: [cut(name, 9), ''] }
}

/** `2026-11-01 00:00 to 2026-12-01 00:00 Europe/Berlin`; in UTC where the zone is not known. */
export function periodSpan({ start, end, timeZone }: ReportPeriod): string {
  const local = [localTime(start, timeZone), localTime(end, timeZone)]
  if (local.includes(undefined)) return `${utc(start)} to ${utc(end)} UTC`
  return `${local[0]} to ${local[1]} ${cut(timeZone, 40)}`
}
