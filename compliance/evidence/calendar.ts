import { DAY_MS, type EpochMs, HOUR_MS } from '../../core/clock.ts'
import type { Period } from './period.ts'

export type Interval = 'hour' | 'day' | 'week' | 'month'

/** A part of a period, [start, end). */
export interface Bucket {
  readonly start: EpochMs
  readonly end: EpochMs
}

/** A period cut at the borders of the calendar of its time zone. */
export interface Buckets {
  readonly interval: Interval
  readonly buckets: readonly Bucket[]
}

/** A chart has no place for more, nor has a reader. */
const MOST = 62

/**
 * Cuts a period into at most 62 parts: hours, days, weeks from Monday, or months, each from the midnight of the time zone.
 * A day in which clocks are changed has 23 or 25 hours; the first and the last week of a period may be shorter.
 */
export function bucketsOf(period: Period): Buckets {
  const { start, end } = period
  if (end - start <= MOST * HOUR_MS) return { interval: 'hour', buckets: between(hours(period), end) }
  const days = daysOf(period)
  if (days.length <= MOST) return { interval: 'day', buckets: between(startsOf(days), end) }
  const weeks = days.filter(({ weekday }, index) => index === 0 || weekday === 'Mon')
  if (weeks.length <= MOST) return { interval: 'week', buckets: between(startsOf(weeks), end) }
  const months = days.filter(({ day }, index) => index === 0 || day === '1')
  return { interval: 'month', buckets: between(startsOf(months), end) }
}

/** Consecutive buckets of one length: what one range query can ask. */
export interface Run {
  /** Milliseconds. */
  readonly length: number
  readonly first: Bucket
  readonly last: Bucket
}

export function runsOf(buckets: readonly Bucket[]): readonly Run[] {
  const runs: Run[] = []
  for (const bucket of buckets) {
    const run = runs.at(-1)
    const length = bucket.end - bucket.start
    if (run?.length === length) runs[runs.length - 1] = { ...run, last: bucket }
    else runs.push({ length, first: bucket, last: bucket })
  }
  return runs
}

function hours({ start, end }: Period): EpochMs[] {
  return Array.from({ length: Math.ceil((end - start) / HOUR_MS) }, (_, hour) => start + hour * HOUR_MS)
}

const startsOf = (days: readonly Day[]): EpochMs[] => days.map(({ start }) => start)

const between = (starts: readonly EpochMs[], end: EpochMs): Bucket[] =>
  starts.map((start, index) => ({ start, end: starts[index + 1] ?? end }))

interface Day {
  readonly start: EpochMs
  readonly weekday: string
  readonly day: string
}

function daysOf({ start, end, timeZone }: Period): Day[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  })
  const days: Day[] = []
  for (let at = start; at < end; at = nextDay(at, format)) {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
    days.push({ start: at, weekday: parts.get('weekday') ?? '', day: parts.get('day') ?? '' })
  }
  return days
}

/** The first instant at which the calendar shows another date. A zone may move by three hours at most. */
function nextDay(start: EpochMs, format: Intl.DateTimeFormat): EpochMs {
  const today = format.format(start)
  let [same, other] = [start, start + DAY_MS + 3 * HOUR_MS]
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2)
    if (format.format(middle) === today) same = middle
    else other = middle
  }
  return other
}
