import type { estypes } from '@elastic/elasticsearch'
import type { MappedKey } from './fields.ts'
import { atTimes, type Query, tupleSources } from './queries.ts'
import type { Searches } from './searches.ts'
import { type Sample, type TupleMetrics, type TupleReading, tupleSample } from './tuple-bucket.ts'

/** Times of one search: fewer than the clauses that every server allows. */
const TIMES = 1_000

interface KeyedBucket {
  readonly key: Readonly<Record<string, unknown>>
}

/**
 * A document of each bucket, by its key as JSON: one from the millisecond in which it was first seen, so that few documents
 * are looked at. To keep a document of each bucket while all are counted takes the server as long as to count them.
 */
export async function readSamples(
  searches: Searches,
  reading: TupleReading,
  keys: readonly MappedKey[],
  query: Query,
  buckets: readonly (KeyedBucket & TupleMetrics)[],
): Promise<ReadonlyMap<string, Sample>> {
  const samples = new Map<string, Sample>()
  const waiting = new Map(buckets.map(({ key, first }) => [JSON.stringify(key), Math.floor(first.value)]))
  while (waiting.size > 0) {
    const times = [...new Set(waiting.values())].slice(0, TIMES)
    const filter = [query, atTimes(reading.layout.time, times)]
    let after: estypes.AggregationsCompositeAggregateKey | undefined
    do {
      const composite = { size: reading.page, sources: tupleSources(keys), ...(after !== undefined && { after }) }
      const { aggregations } = await searches.search(
        { size: 0, query: { bool: { filter } }, aggs: { tuples: { composite, aggs: tupleSample(reading) } } },
        'a sample of each tuple',
      )
      const found = aggregations?.tuples as Found | undefined
      for (const { key, sample } of found?.buckets ?? []) {
        const text = JSON.stringify(key)
        if (waiting.delete(text)) samples.set(text, sample)
      }
      after = (found?.buckets.length ?? 0) < reading.page ? undefined : found?.after_key
    } while (after !== undefined)
    for (const [key, time] of waiting) if (times.includes(time)) waiting.delete(key)
  }
  return samples
}

interface Found {
  readonly buckets: readonly (KeyedBucket & { readonly sample: Sample })[]
  readonly after_key?: estypes.AggregationsCompositeAggregateKey
}
