import type { estypes } from '@elastic/elasticsearch'
import { ClawtrustError } from '../../../core/errors.ts'
import type { FlowHistory } from '../history.ts'
import type { TimeRange } from '../time-slices.ts'
import type { MappedKey } from './fields.ts'
import { divideByLists } from './lists.ts'
import { countedQuery, ofBucket, tupleSources } from './queries.ts'
import { readSamples } from './samples.ts'
import type { Searches } from './searches.ts'
import { createTupleAdder, type TupleMetrics, type TupleReading, tupleMetrics } from './tuple-bucket.ts'

type Bucket = TupleMetrics &
  ListCounts & { readonly key: Readonly<Record<string, unknown>>; readonly doc_count: number }
type ListCounts = Readonly<Record<`values_${number}` | `distinct_${number}`, { readonly value: number } | undefined>>

/** Adds the tuples of some times to a history. Rejects with POLICY_HISTORY_FIELDS, POLICY_HISTORY_TOO_WIDE. */
export async function readTuples(
  searches: Searches,
  reading: TupleReading,
  ranges: readonly TimeRange[],
  history: FlowHistory,
): Promise<void> {
  const { layout, lists, index, page, most, progress } = reading
  const single = layout.keys.filter(({ field }) => !lists.has(field))
  const several = layout.keys.filter(({ field }) => lists.has(field))
  const query = countedQuery(layout, ranges)
  const aggs = { ...tupleMetrics(reading), ...listCounts(several) }
  const add = createTupleAdder(reading, history)
  let after: estypes.AggregationsCompositeAggregateKey | undefined
  for (let tuples = 0; ; ) {
    const composite = { size: page, sources: tupleSources(single), ...(after !== undefined && { after }) }
    const { aggregations } = await searches.search(
      { size: 0, query, aggs: { tuples: { composite, aggs } } },
      'the tuples',
    )
    const found = aggregations?.tuples as { buckets?: readonly Bucket[]; after_key?: typeof after } | undefined
    const buckets = found?.buckets ?? []
    const isWhole = (bucket: Bucket) => several.every((_, position) => isOneList(bucket, position))
    const samples = await readSamples(searches, reading, single, query, buckets.filter(isWhole))
    for (const bucket of buckets) {
      const sample = samples.get(JSON.stringify(bucket.key))
      if (sample !== undefined) {
        add({ ...bucket, sample }, bucket.doc_count)
        tuples++
      } else {
        const filter = [query, ...ofBucket(single, bucket.key)]
        tuples += await divideByLists(searches, reading, several, filter, add, most - tuples)
      }
      if (tuples > most) throw tooManyTuples(index, most)
    }
    progress(tuples)
    after = found?.after_key
    if (buckets.length < page || after === undefined) return
  }
}

/** How many values documents of a bucket have, and how many of these are distinct. */
const listCounts = (lists: readonly MappedKey[]): Record<string, estypes.AggregationsAggregationContainer> =>
  Object.fromEntries(
    lists.flatMap(({ field }, position) => [
      [`values_${position}`, { value_count: { field } }],
      [`distinct_${position}`, { cardinality: { field, precision_threshold: 100 } }],
    ]),
  )

/** True where each document has every value that one of them has: all have the same list. */
const isOneList = (bucket: Bucket, position: number): boolean =>
  (bucket[`values_${position}`]?.value ?? 0) === bucket.doc_count * (bucket[`distinct_${position}`]?.value ?? 0)

const tooManyTuples = (index: readonly string[], most: number): ClawtrustError =>
  new ClawtrustError(
    'POLICY_HISTORY_TOO_WIDE',
    `${index.join(',')} has more than ${most.toLocaleString('en')} distinct tuples in the window, which is the limit; nothing was written. Choose a shorter --since`,
  )
