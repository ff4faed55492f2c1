import { type EpochMs, MINUTE_MS, SECOND_MS } from '../../core/clock.ts'
import { formatDuration } from '../../core/time/duration.ts'
import type { Json } from '../../service/state/state.ts'
import { type Bucket, bucketsOf, runsOf } from './calendar.ts'
import { gapsOf } from './gaps.ts'
import type { AcrossSeries } from './metric-schema.ts'
import type { Period } from './period.ts'
import type { Reading } from './reading.ts'
import { labelsKey, rounded } from './series.ts'
import type { MetricSeries, MetricStore } from './stores.ts'

type Labels = Readonly<Record<string, string>>

/** What was measured of one thing: over the period, and over each bucket of it. */
export interface Measured {
  readonly labels: Labels
  readonly value: number
  /** Undefined where the bucket has no sample. */
  readonly buckets: readonly (number | undefined)[]
}

/** Prometheus shows the value of a series for that long after a sample, so that there is no finer truth about its end. */
export const WINDOW = '5m'
const WINDOW_MS = 5 * MINUTE_MS

/**
 * A range of this length, without the sample at its very start, which a range of Prometheus 2 includes and one of
 * Prometheus 3 does not.
 */
export const openRange = (length: number): string => formatDuration(length - 1)

/** Evaluates an expression at the end of each bucket; it is given the length of the bucket. */
export async function overBuckets(
  store: MetricStore,
  buckets: readonly Bucket[],
  expression: (length: number) => string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, { readonly labels: Labels; readonly values: readonly (number | undefined)[] }>> {
  const index = new Map(buckets.map(({ end }, index) => [end, index]))
  const found = new Map<string, { labels: Labels; values: (number | undefined)[] }>()
  for (const { length, first, last } of runsOf(buckets)) {
    const window = { start: first.end, end: last.end, step: length }
    for (const { labels, samples } of await store.range(expression(length), window, signal)) {
      const own = named(labels)
      const key = labelsKey(own)
      const series = found.get(key) ?? { labels: own, values: buckets.map(() => undefined) }
      found.set(key, series)
      for (const [time, value] of samples) {
        const at = index.get(time)
        if (at !== undefined) series.values[at] = value
      }
    }
  }
  return found
}

/** The labels without the name of the metric, which some functions of Prometheus keep and most do not. */
export const named = ({ __name__, ...labels }: Labels): Labels => labels

/** In which buckets any series of a metric had a sample. */
export async function presence(
  store: MetricStore,
  metric: string,
  buckets: readonly Bucket[],
  signal: AbortSignal,
): Promise<readonly boolean[]> {
  const expression = (length: number) => `count(last_over_time(${metric}[${openRange(length)}]))`
  const [only] = [...(await overBuckets(store, buckets, expression, signal)).values()]
  return buckets.map((_, bucket) => (only?.values[bucket] ?? 0) > 0)
}

/** Time of the newest sample of series in a period; null without one. */
export async function newestSample(
  store: MetricStore,
  series: string,
  period: Period,
  signal: AbortSignal,
): Promise<EpochMs | null> {
  const timeAt = async (time: EpochMs) => {
    const [seconds] = valuesOf(await store.instant(`max(timestamp(${series}))`, time, signal))
    return seconds === undefined || seconds * SECOND_MS <= period.start ? null : Math.round(seconds * SECOND_MS)
  }
  const atEnd = await timeAt(period.end)
  if (atEnd !== null) return atEnd
  const { buckets } = bucketsOf(period)
  const last = buckets[(await presence(store, series, buckets, signal)).lastIndexOf(true)]
  if (last === undefined) return null
  const [only] = await windowsIn(store, `count(last_over_time(${series}[${WINDOW}]))`, last, signal)
  const window = only?.samples.at(-1)?.[0]
  return window === undefined ? null : timeAt(window)
}

/** The values of an expression in windows of five minutes of a bucket, by the end of each. */
export function windowsIn(
  store: MetricStore,
  expression: string,
  { start, end }: Bucket,
  signal: AbortSignal,
): Promise<readonly MetricSeries[]> {
  return store.range(expression, { start: start + WINDOW_MS, end, step: WINDOW_MS }, signal)
}

export const valuesOf = (series: readonly MetricSeries[]): readonly number[] =>
  series.flatMap(({ samples }) => (samples[0] === undefined ? [] : [samples[0][1]]))

const reducers: Readonly<Record<AcrossSeries, (values: readonly number[]) => number>> = {
  sum: values => values.reduce((sum, value) => sum + value, 0),
  maximum: values => values.reduce((most, value) => Math.max(most, value)),
  minimum: values => values.reduce((least, value) => Math.min(least, value)),
}

/** The groups that a reading lists; a report is no database. */
const MOST_GROUPS = 100

export interface MetricReading {
  readonly address: string
  readonly query: Json
  readonly period: Period
  readonly across: AcrossSeries
  /** In a fixed order. */
  readonly measured: readonly Measured[]
  /** Whether anything was observed in each bucket. */
  readonly isObserved: readonly boolean[]
  /** The value where nothing was measured, although it was observed. */
  readonly otherwise: number | null
  readonly newest: EpochMs | null
  /** What is missing where nothing was observed. */
  readonly of: string
}

/** The reading of measured series. */
export function metricReading({ across, measured, isObserved, otherwise, ...about }: MetricReading): Reading {
  const { buckets } = bucketsOf(about.period)
  const combined = (values: readonly number[]) => (values.length === 0 ? otherwise : rounded(reducers[across](values)))
  const distribution = buckets.map(({ start }, bucket) => {
    const values = measured.flatMap(({ buckets }) => buckets[bucket] ?? [])
    return { start, value: isObserved[bucket] === true ? combined(values) : null }
  })
  const byZone = zonesOf(measured, combined)
  const gaps = gapsOf(buckets, isObserved, { of: about.of, reason: 'Prometheus holds no sample of it' })
  const listed = [...measured].sort((one, other) => other.value - one.value).slice(0, MOST_GROUPS)
  const value = combined(measured.map(({ value }) => value))
  return {
    store: 'prometheus',
    address: about.address,
    query: about.query,
    result: {
      value,
      series: measured.length,
      greatest: listed.map(({ labels, value }) => ({ labels, value })),
      ...(byZone === undefined ? {} : { zones: byZone }),
      distribution: distribution.map(({ start, value }) => ({ start: new Date(start).toISOString(), value })),
      newest: about.newest === null ? null : new Date(about.newest).toISOString(),
    },
    count: measured.length,
    value,
    newest: about.newest,
    ...(byZone === undefined ? {} : { byZone }),
    distribution,
    ...(gaps.length === 0 ? {} : { gaps }),
  }
}

function zonesOf(measured: readonly Measured[], combined: (values: readonly number[]) => number | null) {
  const zones = Map.groupBy(
    measured.filter(({ labels }) => labels.trust_zone !== undefined),
    ({ labels }) => labels.trust_zone ?? '',
  )
  if (zones.size === 0) return undefined
  const values = [...zones].map(([zone, members]) => [zone, combined(members.map(({ value }) => value))] as const)
  return Object.fromEntries(values.flatMap(([zone, value]) => (value === null ? [] : [[zone, value]])))
}
