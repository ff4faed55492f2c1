import { bucketsOf } from './calendar.ts'
import { counterIncrease } from './counter-increase.ts'
import type { EvidenceContext } from './kind.ts'
import { metricReading, newestSample, presence } from './measured.ts'
import { acrossOf, type MetricRequest } from './metric-schema.ts'
import { measuredSeries } from './metric-series.ts'
import type { Reading } from './reading.ts'
import { recordedQueries } from './recorded-queries.ts'
import type { MetricStore } from './stores.ts'
import { unread } from './unread.ts'

/** The exact increase of a counter. */
export async function counterReading(
  request: MetricRequest,
  prometheus: MetricStore,
  { period, signal }: EvidenceContext,
): Promise<Reading> {
  const { store, queries } = recordedQueries(prometheus)
  const { series, identity, zeroWhile } = measuredSeries(request)
  const { buckets } = bucketsOf(period)
  const { groups, isSampled } = await counterIncrease({ store, series, identity, buckets, signal })
  const present = zeroWhile === undefined ? isSampled : await presence(store, zeroWhile, buckets, signal)
  const isObserved = present.map((here, bucket) => here || isSampled[bucket] === true)
  const shown = groups.length > 0 || zeroWhile === undefined ? series : zeroWhile
  const newest = isObserved.includes(true) ? await newestSample(store, shown, period, signal) : null
  const about = { address: store.address, query: queries(), of: zeroWhile ?? series }
  if (newest === null) {
    return unread({ store: 'prometheus', ...about, reason: 'Prometheus holds no sample of it in the period' }, period)
  }
  return metricReading({
    ...about,
    period,
    across: acrossOf(request),
    measured: groups.map(({ labels, total, buckets }) => ({ labels, value: total, buckets })),
    isObserved,
    otherwise: 0,
    newest,
  })
}
