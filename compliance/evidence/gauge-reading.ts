import { bucketsOf } from './calendar.ts'
import type { EvidenceContext } from './kind.ts'
import {
  type Measured,
  metricReading,
  named,
  newestSample,
  openRange,
  overBuckets,
  presence,
  WINDOW,
} from './measured.ts'
import { acrossOf, type MetricMeasure, type MetricRequest, measureOf } from './metric-schema.ts'
import { type MeasuredSeries, measuredSeries } from './metric-series.ts'
import type { Reading } from './reading.ts'
import { recordedQueries } from './recorded-queries.ts'
import { labelsKey, rounded } from './series.ts'
import type { MetricStore } from './stores.ts'
import { unread } from './unread.ts'

/** What a measure makes of the samples of five minutes, and of these windows. */
const functions: Readonly<Record<Exclude<MetricMeasure, 'increase' | 'last' | 'share'>, readonly [string, string]>> = {
  maximum: ['max_over_time', 'max_over_time'],
  minimum: ['min_over_time', 'min_over_time'],
  average: ['avg_over_time', 'avg_over_time'],
}

/**
 * A measure of a gauge. Every sample counts: those of five minutes become one value, of which the greatest of the replicas
 * is taken, and then the measure over all windows that have samples. The last value is that at the newest sample, of the
 * series that are exposed then: one that has ended before has no last value.
 */
export async function gaugeReading(
  request: MetricRequest,
  prometheus: MetricStore,
  { period, signal }: EvidenceContext,
): Promise<Reading> {
  const { store, queries } = recordedQueries(prometheus)
  const measured = measuredSeries(request)
  const { series, zeroWhile } = measured
  const { buckets } = bucketsOf(period)
  const measure = measureOf(request)
  const shownWhile = zeroWhile ?? series
  const newest = await newestSample(store, shownWhile, period, signal)
  const about = () => ({ address: store.address, query: queries(), of: shownWhile })
  if (newest === null) {
    return unread({ store: 'prometheus', ...about(), reason: 'Prometheus holds no sample of it in the period' }, period)
  }
  const expression = (length: number) => gaugeExpression(request, measured, length)
  const values = await store.instant(
    expression(period.end - period.start),
    measure === 'last' ? newest : period.end,
    signal,
  )
  const byBucket = await overBuckets(store, buckets, expression, signal)
  const groups = values
    .map(({ labels, samples }) => ({ labels: named(labels), value: scaled(samples[0]?.[1] ?? 0, measure) }))
    .map(({ labels, value }): Measured => {
      const inBuckets = byBucket.get(labelsKey(labels))?.values ?? []
      const scaledBuckets = inBuckets.map(each => (each === undefined ? undefined : scaled(each, measure)))
      return { labels, value, buckets: scaledBuckets }
    })
    .sort((one, other) => (labelsKey(one.labels) < labelsKey(other.labels) ? -1 : 1))
  const isObserved = await presence(store, shownWhile, buckets, signal)
  if (groups.length === 0 && zeroWhile === undefined) {
    return unread({ store: 'prometheus', ...about(), reason: 'Prometheus holds no sample of it in the period' }, period)
  }
  const otherwise = zeroWhile === undefined ? null : 0
  return metricReading({
    ...about(),
    period,
    across: acrossOf(request),
    measured: groups,
    isObserved,
    otherwise,
    newest,
  })
}

/** A share is shown in percent. */
const scaled = (value: number, measure: MetricMeasure): number => rounded(measure === 'share' ? 100 * value : value)

function gaugeExpression(request: MetricRequest, { series, greatest }: MeasuredSeries, length: number): string {
  const measure = measureOf(request)
  const windows = `${openRange(length)}:${WINDOW}`
  const inWindow = (by: string) => `${greatest} (${by}(${series}[${WINDOW}]))`
  if (measure === 'last' || measure === 'increase') return `${greatest} (${series})`
  if (measure !== 'share') {
    const [each, all] = functions[measure]
    return `${all}((${inWindow(each)})[${windows}])`
  }
  const { above, below } = request
  const compared =
    above === undefined
      ? `${inWindow('min_over_time')} < bool ${below}`
      : `${inWindow('max_over_time')} > bool ${above}`
  return `avg_over_time((${compared})[${windows}])`
}
