import { Cron } from 'croner'
import { DAY_MS, type EpochMs, SECOND_MS } from '../../core/clock.ts'
import { isoDate, type LocalDate, localDate } from '../../core/time/local-date.ts'
import type { Period } from '../evidence/period.ts'

interface Unit {
  /** Cron expression of its borders: local midnights. */
  readonly borders: string
  /** Its names, ISO 8601 where that has a form; the numbers of a name are its groups. */
  readonly form: RegExp
  readonly example: string
  nameOf(date: LocalDate): string
  /** Its first day, as if it were in UTC, from the numbers of its name. */
  firstDay(numbers: readonly number[]): EpochMs
}

const padded = (value: number): string => String(value).padStart(2, '0')

/** The shortest first. */
const units = {
  day: {
    borders: '0 0 * * *',
    form: /^(\d{4})-(\d\d)-(\d\d)$/,
    example: '2026-11-30',
    nameOf: isoDate,
    firstDay: ([year = 0, month = 1, day = 1]) => Date.UTC(year, month - 1, day),
  },
  week: {
    borders: '0 0 * * 1',
    form: /^(\d{4})-W(\d\d)$/,
    example: '2026-W48',
    nameOf: date => {
      const { weekYear, week } = isoWeek(date)
      return `${weekYear}-W${padded(week)}`
    },
    firstDay: ([year = 0, week = 1]) => firstMonday(year) + (week - 1) * 7 * DAY_MS,
  },
  month: {
    borders: '0 0 1 * *',
    form: /^(\d{4})-(\d\d)$/,
    example: '2026-11',
    nameOf: ({ year, month }) => `${year}-${padded(month)}`,
    firstDay: ([year = 0, month = 1]) => Date.UTC(year, month - 1, 1),
  },
  quarter: {
    borders: '0 0 1 1,4,7,10 *',
    form: /^(\d{4})-Q([1-4])$/,
    example: '2026-Q4',
    nameOf: ({ year, month }) => `${year}-Q${Math.ceil(month / 3)}`,
    firstDay: ([year = 0, quarter = 1]) => Date.UTC(year, (quarter - 1) * 3, 1),
  },
} as const satisfies Record<string, Unit>

export type PeriodUnit = keyof typeof units
export const periodUnits = Object.keys(units) as PeriodUnit[]

/** Names of periods, for messages: `2026-11-30, 2026-W48, 2026-11 or 2026-Q4`. */
export const PERIOD_EXAMPLES = Object.values(units)
  .map(({ example }) => example)
  .join(', ')
  .replace(/, (\S+)$/, ' or $1')

/** True if the machine knows the time zone by its IANA name. */
export function isTimeZone(name: string): boolean {
  // The default is not looked for: the first look takes a hundredth of a start.
  if (name === 'UTC') return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/**
 * The newest period that has ended. Borders are midnights in the time zone; where a change to daylight saving time skips
 * midnight, the border is the first moment of the day.
 */
export function newestPeriod(unit: PeriodUnit, timeZone: string, now: EpochMs): Period {
  // The runs before a reference do not include it, and a period that ends now has ended. Borders are whole seconds.
  const reference = new Date(Math.floor(now / SECOND_MS) * SECOND_MS + SECOND_MS)
  const [end, start] = borders(unit, timeZone).previousRuns(2, reference)
  return periodFrom(unit, timeZone, start, end)
}

/** The period of that name; undefined if the text names none. */
export function periodNamed(name: string, timeZone: string): Period | undefined {
  const unit = periodUnits.find(each => units[each].form.test(name))
  if (unit === undefined) return undefined
  const numbers = units[unit].form.exec(name)?.slice(1).map(Number) ?? []
  // No time zone is a day away from UTC: one of the two starts in that time is that of the period.
  const starts = borders(unit, timeZone).nextRuns(3, new Date(units[unit].firstDay(numbers) - DAY_MS))
  const periods = starts.slice(0, 2).map((start, index) => periodFrom(unit, timeZone, start, starts[index + 1]))
  return periods.find(period => period.name === name)
}

/** The periods of the same unit before one, the newest first. */
export function periodsBefore({ start, timeZone, name }: Period, count: number): readonly Period[] {
  const unit = unitOf(name)
  const starts = borders(unit, timeZone).previousRuns(count, new Date(start))
  return starts.map((begin, index) => periodFrom(unit, timeZone, begin, starts[index - 1] ?? new Date(start)))
}

/** True for the name of a period of that unit. */
export const isOfUnit = (name: string, unit: PeriodUnit): boolean => units[unit].form.test(name)

/** @throws RangeError if the text is not the name of a period */
export function unitOf(name: string): PeriodUnit {
  const unit = periodUnits.find(each => units[each].form.test(name))
  if (unit === undefined) throw new RangeError(`${name} is not the name of a period`)
  return unit
}

const borders = (unit: PeriodUnit, timeZone: string): Cron => new Cron(units[unit].borders, { timezone: timeZone })

function periodFrom(unit: PeriodUnit, timeZone: string, start: Date | undefined, end: Date | undefined): Period {
  if (start === undefined || end === undefined) throw new RangeError(`${timeZone} has no such ${unit}`)
  return {
    name: units[unit].nameOf(localDate(start.getTime(), timeZone)),
    start: start.getTime(),
    end: end.getTime(),
    timeZone,
  }
}

/** The week of ISO 8601 that begins with that Monday: the first of a year is the one with 4 January. */
function isoWeek({ year, month, day }: LocalDate): { readonly weekYear: number; readonly week: number } {
  const monday = Date.UTC(year, month - 1, day)
  const weekYear = new Date(monday + 3 * DAY_MS).getUTCFullYear()
  return { weekYear, week: (monday - firstMonday(weekYear)) / (7 * DAY_MS) + 1 }
}

function firstMonday(year: number): EpochMs {
  const fourth = Date.UTC(year, 0, 4)
  return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS
}
