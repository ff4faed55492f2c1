import type { Client, estypes } from '@elastic/elasticsearch'
import type { EpochMs } from '../../../core/clock.ts'
import { COMPLETENESS } from '../../../service/elasticsearch/completeness.ts'
import { noIndex } from '../../../service/elasticsearch/cursor-field.ts'
import { type UndatedDocuments, undatedIn, undatedSearch } from '../../../service/elasticsearch/undated.ts'
import { refusePartial, type Scope, windowQuery } from './query.ts'
import type { Window } from './window.ts'
import type { IntervalCount } from './window-plan.ts'

/** The newest or the oldest time in the cursor field within the window; undefined where the indices hold no such document. */
export async function ingestTime(
  which: 'newest' | 'oldest',
  client: Client,
  scope: Scope,
  window: Window,
  signal: AbortSignal,
): Promise<EpochMs | undefined> {
  const metric = { field: scope.cursorField }
  const aggs = { time: which === 'newest' ? { max: metric } : { min: metric } }
  const { time } = await aggregate(client, scope, window, aggs, signal)
  return (time as estypes.AggregationsMaxAggregate | undefined)?.value ?? undefined
}

/** How many documents each interval of ingest time holds, within the window. Intervals without documents are left out. */
export async function intervalCounts(
  client: Client,
  scope: Scope,
  window: Window,
  step: number,
  signal: AbortSignal,
): Promise<readonly IntervalCount[]> {
  if (window.through <= window.after) return []
  const aggs = {
    intervals: { date_histogram: { field: scope.cursorField, fixed_interval: `${step}ms`, min_doc_count: 1 } },
  }
  const answer = await aggregate(client, scope, window, aggs, signal)
  const intervals = answer.intervals as estypes.AggregationsDateHistogramAggregate | undefined
  const buckets = (intervals?.buckets ?? []) as estypes.AggregationsDateHistogramBucketKeys[]
  return buckets.map(bucket => ({ start: Number(bucket.key), documents: bucket.doc_count }))
}

/**
 * Documents of all indices, of whatever time and gateway, that no window holds because they lack the cursor field. Rejects
 * where a part of the indices could not be asked.
 */
export async function undatedDocuments(
  client: Client,
  { index, cursorField }: Scope,
  signal: AbortSignal,
): Promise<UndatedDocuments> {
  const answer = await client.search(
    {
      index: [...index],
      ...undatedSearch(cursorField),
      allow_partial_search_results: false,
      request_cache: false,
      filter_path: [...COMPLETENESS, 'aggregations'],
    },
    { signal },
  )
  refusePartial(answer, 'a count of documents without a time')
  return undatedIn(answer.aggregations?.indices)
}

/** The aggregations over the documents of a window; rejects where a part of them could not be asked. */
export async function aggregate(
  client: Client,
  scope: Scope,
  window: Window,
  aggs: Record<string, estypes.AggregationsAggregationContainer>,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const answer = await client.search(
    {
      index: [...scope.index],
      size: 0,
      track_total_hits: false,
      allow_partial_search_results: false,
      request_cache: false,
      query: windowQuery(scope, window),
      aggs,
      filter_path: [...COMPLETENESS, 'aggregations'],
    },
    { signal },
  )
  refusePartial(answer, 'a count')
  if (answer._shards.total === 0) throw noIndex(scope)
  return (answer.aggregations ?? {}) as Record<string, unknown>
}
