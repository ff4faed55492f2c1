import { Cron } from 'croner'
import { type EpochMs, SECOND_MS } from '../../core/clock.ts'
import type { Period } from '../evidence/period.ts'
import { isOfUnit, newestPeriod, type PeriodUnit, periodsBefore } from './periods.ts'

/** Periods that are reported after a long downtime at most, the newest ones: older evidence is seldom still there. */
const MOST_AT_ONCE = 12

export interface Schedule {
  /** When reports are made, in the time zone. */
  readonly cron: string
  readonly timeZone: string
  readonly unit: PeriodUnit
}

export interface Due {
  /** Without a report, the oldest first. */
  readonly periods: readonly Period[]
  /** Since when the oldest of them is due; undefined where none is. */
  readonly since: EpochMs | undefined
  /** When the next run begins. */
  readonly next: EpochMs | undefined
}

/** A point in time, which croner takes for an expression with one run. */
const POINT_IN_TIME = /^\d{4}-/

/** True for an expression that has runs again and again. */
export function isCron(expression: string): boolean {
  try {
    // As in UTC, without the tables of time zones, which take a fiftieth of a start.
    return !POINT_IN_TIME.test(expression) && new Cron(expression, { utcOffset: 0 }).nextRun(new Date(0)) !== null
  } catch {
    return false
  }
}

/**
 * What has to be reported now: the periods that had ended when the schedule ran last, without those that are reported. With
 * no report of such periods before it, only the newest; a clock that was set back makes nothing due again.
 *
 * @param reported names of the periods with a report
 */
export function dueReports({ cron, timeZone, unit }: Schedule, reported: ReadonlySet<string>, now: EpochMs): Due {
  const runs = new Cron(cron, { timezone: timeZone })
  // The runs before a reference do not include it.
  const [last] = runs.previousRuns(1, new Date(Math.floor(now / SECOND_MS) * SECOND_MS + SECOND_MS))
  const next = runs.nextRun(new Date(now))?.getTime()
  if (last === undefined) return { periods: [], since: undefined, next }
  const newest = newestPeriod(unit, timeZone, last.getTime())
  const candidates = [newest, ...periodsBefore(newest, MOST_AT_ONCE - 1)]
  const known = candidates.findIndex(({ name }) => reported.has(name))
  // Names of one unit sort by time. A later one alone is of a clock that was ahead, or is behind now: no downtime.
  const isFirst = ![...reported].some(name => isOfUnit(name, unit) && name < newest.name)
  const missing = known < 0 ? candidates.slice(0, isFirst ? 1 : MOST_AT_ONCE) : candidates.slice(0, known)
  const [oldest] = missing.slice(-1)
  const since = oldest === undefined ? undefined : firstRunFrom(runs, oldest.end)
  return { periods: missing.reverse(), since, next }
}

/** The first run at a time or after it. */
const firstRunFrom = (runs: Cron, time: EpochMs): EpochMs | undefined =>
  runs.nextRun(new Date(time - SECOND_MS))?.getTime()
