import type { Client, estypes } from '@elastic/elasticsearch'
import type { EpochMs } from '../../../core/clock.ts'
import { noIndex } from '../../../service/elasticsearch/cursor-field.ts'
import { COMPLETENESS, refusePartial, type Scope, windowQuery } from './query.ts'
import type { MinuteCount } from './reconciliation.ts'
import type { Window } from './window.ts'

/** Newest time in the cursor field that is not after `latest`; undefined where the indices hold no such document. */
export async function newestIngestTime(
  client: Client,
  scope: Scope,
  latest: EpochMs,
  signal: AbortSignal,
): Promise<EpochMs | undefined> {
  const aggs = { newest: { max: { field: scope.cursorField } } }
  const { newest } = await aggregate(client, scope, { after: 0, through: latest }, aggs, signal)
  return (newest as estypes.AggregationsMaxAggregate | undefined)?.value ?? undefined
}

/** How many documents each minute of ingest time holds, within the window. Minutes without documents are left out. */
export async function minuteCounts(
  client: Client,
  scope: Scope,
  window: Window,
  signal: AbortSignal,
): Promise<readonly MinuteCount[]> {
  if (window.through <= window.after) return []
  const aggs = {
    minutes: { date_histogram: { field: scope.cursorField, fixed_interval: '1m', min_doc_count: 1 } },
  }
  const answer = await aggregate(client, scope, window, aggs, signal)
  const minutes = answer.minutes as estypes.AggregationsDateHistogramAggregate | undefined
  const buckets = (minutes?.buckets ?? []) as estypes.AggregationsDateHistogramBucketKeys[]
  return buckets.map(bucket => ({ start: Number(bucket.key), documents: bucket.doc_count }))
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
