import { type EpochMs, HOUR_MS } from '../../core/clock.ts'
import { ClawtrustError, Fault } from '../../core/errors.ts'
import { valueAt } from '../../core/json.ts'
import type { Json } from '../../service/state/state.ts'
import type { CoverageReading, ExpectedIndex, SourceCoverage } from './coverage.ts'
import { resultOf } from './coverage-prometheus.ts'
import type { EvidenceContext } from './kind.ts'
import type { Period } from './period.ts'
import type { Gap, Reading } from './reading.ts'
import { rounded } from './series.ts'
import type { DocumentStore } from './stores.ts'

/** Coverage by the documents of indices: a silence that is longer than is usual for an index is a gap. */
export async function documentCoverage(
  store: DocumentStore,
  { period, signal, expected }: EvidenceContext,
): Promise<Pick<CoverageReading, 'sources' | 'readings'>> {
  const found = await Promise.all((expected?.indices ?? []).map(index => coverageOf(index, store, period, signal)))
  return { sources: found.map(({ source }) => source), readings: found.map(({ reading }) => reading) }
}

async function coverageOf(
  index: ExpectedIndex,
  store: DocumentStore,
  period: Period,
  signal: AbortSignal,
): Promise<{ source: SourceCoverage; reading: Reading }> {
  const query = hourlySearch(index, period)
  const asked = [store.search(index.index, query, signal), store.unsearched?.(index.index, signal) ?? []] as const
  const [answer, unsearched] = await Promise.all(asked).catch((failure: unknown) => {
    if (failure instanceof ClawtrustError && failure.code === 'ELASTICSEARCH_NO_INDEX') return [undefined, []] as const
    throw failure
  })
  const hours = answer === undefined ? [] : hoursOf(answer)
  const silent = silences(index, hours, period, answer === undefined)
  const missing = silent.reduce((sum, { start, end }) => sum + end - start, 0)
  const { start, end } = period
  const gaps = [...unsearched.map(reason => ({ of: index.index, start, end, reason })), ...silent]
  const lastEvent = (answer === undefined ? null : valueAt(answer, 'aggregations', 'newest', 'value')) ?? null
  const source: SourceCoverage = {
    source: index.index,
    observers: index.observers,
    // What is in a part that was not searched is not known.
    share: unsearched.length > 0 ? null : rounded(1 - missing / (end - start)),
    lastEvent: typeof lastEvent === 'number' ? Math.floor(lastEvent) : null,
    gaps,
  }
  const count = hours.reduce((sum, { count }) => sum + count, 0)
  return {
    source,
    reading: {
      store: 'elasticsearch',
      address: store.address,
      query,
      index: index.index,
      result: { documents: count, ...resultOf(source) },
      count,
      value: count === 0 || source.share === null ? null : rounded(100 * source.share),
      newest: source.lastEvent,
      gaps,
    },
  }
}

function hourlySearch({ timeField }: ExpectedIndex, { start, end }: Period): Json {
  const range = {
    gte: new Date(start).toISOString(),
    lt: new Date(end).toISOString(),
    format: 'strict_date_optional_time',
  }
  return {
    size: 0,
    track_total_hits: true,
    query: { bool: { filter: [{ range: { [timeField]: range } }] } },
    aggs: {
      newest: { max: { field: timeField } },
      hours: { date_histogram: { field: timeField, fixed_interval: '1h', min_doc_count: 1 } },
    },
  }
}

interface Hour {
  readonly start: EpochMs
  readonly count: number
}

function hoursOf(answer: Json): Hour[] {
  if (valueAt(answer, '_shards', 'total') === 0) return []
  const buckets = valueAt(answer, 'aggregations', 'hours', 'buckets')
  if (!Array.isArray(buckets)) throw new Fault('Elasticsearch gave an answer without a histogram; check its address')
  return buckets.map(bucket => ({ start: Number(valueAt(bucket, 'key')), count: Number(valueAt(bucket, 'doc_count')) }))
}

/** The times without documents, to the hour. */
function silences(
  { index, silence }: ExpectedIndex,
  hours: readonly Hour[],
  { start, end }: Period,
  isAbsent: boolean,
): Gap[] {
  const gaps: Gap[] = []
  let until = start
  for (const hour of [...hours, { start: end, count: 0 }]) {
    const isGap = hour.start - until >= Math.max(silence, HOUR_MS) || (hours.length === 0 && hour.start === end)
    const reason = isAbsent ? 'there is no such index, or no privilege to read it' : 'it has no document of this time'
    if (isGap) gaps.push({ of: index, start: until, end: hour.start, reason })
    until = hour.start + HOUR_MS
  }
  return gaps
}
