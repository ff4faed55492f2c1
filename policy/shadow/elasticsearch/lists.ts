import type { estypes } from '@elastic/elasticsearch'
import type { MappedKey } from './fields.ts'
import { type Query, without } from './queries.ts'
import type { Searches } from './searches.ts'
import { type AddTuple, type TupleBucket, type TupleReading, tupleMetrics, tupleSample } from './tuple-bucket.ts'

/** Values of a list that are looked at: more than a record has. */
const MAX_VALUES = 100

interface Division {
  readonly filter: readonly Query[]
  readonly documents: number
}

/**
 * Adds documents that agree in everything but lists, by their lists. They are divided by a value that only some of them
 * have, until all that are left together have the same values: scripts, which could compare lists, are refused by many
 * servers.
 *
 * @param most after so many tuples it ends
 * @returns how many tuples there were
 */
export async function divideByLists(
  searches: Searches,
  reading: TupleReading,
  lists: readonly MappedKey[],
  filter: readonly Query[],
  add: AddTuple,
  most: number,
): Promise<number> {
  const aggs = { ...tupleMetrics(reading), ...tupleSample(reading), ...valuesOf(lists) }
  const waiting: Division[] = [{ filter, documents: Number.POSITIVE_INFINITY }]
  let tuples = 0
  for (let next = waiting.pop(); next !== undefined && tuples <= most; next = waiting.pop()) {
    const query = { bool: { filter: [...next.filter] } }
    const { aggregations } = await searches.search(
      { size: 0, query, aggs: { all: { filter: query, aggs } } },
      'the lists',
    )
    const all = aggregations?.all as (TupleBucket & Answered & { readonly doc_count: number }) | undefined
    const documents = all?.doc_count ?? 0
    if (all === undefined || documents === 0) continue
    // Where a division left all documents on one side, another one would too.
    const value = documents === next.documents ? undefined : dividingValue(all, lists, documents)
    if (value === undefined) {
      add(all, documents)
      tuples++
    } else {
      waiting.push(
        { filter: [...next.filter, value], documents },
        { filter: [...next.filter, without(value)], documents },
      )
    }
  }
  return tuples
}

type Answered = Readonly<Record<`list_${number}`, { readonly buckets: readonly ValueBucket[] } | undefined>>

interface ValueBucket {
  readonly key: string | number
  readonly doc_count: number
}

const valuesOf = (lists: readonly MappedKey[]): Record<string, estypes.AggregationsAggregationContainer> =>
  Object.fromEntries(
    lists.map(({ field }, position) => [
      `list_${position}`,
      { terms: { field, size: MAX_VALUES, shard_size: 10 * MAX_VALUES } },
    ]),
  )

/** That the document has a value which some have and others have not; of all such values the one that divides best. */
function dividingValue(all: Answered, lists: readonly MappedKey[], documents: number): Query | undefined {
  const values = lists.flatMap(({ field }, position) =>
    (all[`list_${position}`]?.buckets ?? []).map(({ key, doc_count: having }) => ({ field, key, having })),
  )
  const unevenness = ({ having }: { readonly having: number }) => Math.abs(2 * having - documents)
  const dividing = values.filter(({ having }) => having > 0 && having < documents)
  const [best] = dividing.sort((a, b) => unevenness(a) - unevenness(b))
  return best && { term: { [best.field]: best.key } }
}
