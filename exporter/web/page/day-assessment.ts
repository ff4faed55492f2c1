import { median } from 'simple-statistics'
import type { DayRow } from '../stats/days.ts'
import type { Tally } from '../stats/tally.ts'
import { standsOut } from './signal-assessment.ts'

/** Whole days that must be known before one can be anomalous. */
const enoughDays = 3

/** The page's assessment of one signal's days. */
export interface DayAssessment {
  readonly totals: readonly number[]
  /** Median of the days; undefined while there are too few. */
  readonly usual?: number
  /** Index of the day with most events. */
  readonly worst: number
  readonly level: 'anomalous' | 'elevated' | undefined
}

export function assessDays({ days }: DayRow): DayAssessment {
  const totals = days.map(total)
  const worst = totals.indexOf(Math.max(0, ...totals))
  const usual = totals.length > enoughDays ? median(totals.slice(0, -1)) : undefined
  return {
    totals,
    worst,
    level: dayLevel(totals[worst] ?? 0, usual),
    ...(usual === undefined ? {} : { usual }),
  }
}

export function dayLevel(count: number, usual: number | undefined): 'anomalous' | 'elevated' | undefined {
  return usual === undefined ? undefined : standsOut(count, usual)
}

function total(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { count }) => sum + count, 0)
}
