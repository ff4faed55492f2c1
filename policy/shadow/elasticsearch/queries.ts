import type { estypes } from '@elastic/elasticsearch'
import type { FieldValue } from '../../../decoding/dialects/flow-tuple.ts'
import type { TimeRange } from '../time-slices.ts'
import type { MappedKey, TupleLayout } from './fields.ts'

export type Query = NonNullable<estypes.SearchRequest['query']>
export type Aggregations = Record<string, estypes.AggregationsAggregationContainer>

const within = (field: string, ranges: readonly TimeRange[]): Query => {
  const clauses = ranges.map(({ since, until }) => ({
    range: { [field]: { gte: since, lt: until, format: 'epoch_millis' } },
  }))
  return clauses.length === 1 ? (clauses[0] as Query) : { bool: { should: clauses, minimum_should_match: 1 } }
}

/** Documents of these milliseconds. */
export const atTimes = (field: string, times: readonly number[]): Query =>
  within(
    field,
    times.map(since => ({ since, until: since + 1 })),
  )

const exists = (field: string): Query => ({ exists: { field } })

const isValue = ({ field, value }: FieldValue): Query => ({ term: { [field]: value } })

/** Documents with a flow or an access of the layout. */
export function flowQuery({ time, marks, required, excluded }: TupleLayout, ranges: readonly TimeRange[]): Query {
  const filter = [within(time, ranges), ...marks.map(exists), ...required.map(isValue)]
  return { bool: { filter, must_not: excluded.map(isValue) } }
}

/** Those that count a flow. */
export function countedQuery(layout: TupleLayout, ranges: readonly TimeRange[]): Query {
  const { count } = layout
  const flows = flowQuery(layout, ranges)
  return count === undefined ? flows : { bool: { filter: [flows, { range: { [count]: { gt: 0 } } }] } }
}

/** Documents that say that records were lost. */
export function lossQuery(times: readonly string[], mark: string, range: TimeRange): Query {
  return {
    bool: {
      filter: [exists(mark)],
      should: times.map(time => within(time, [range])),
      minimum_should_match: 1,
    },
  }
}

/** Documents of none of the layouts, the newest of which are looked at. */
export function otherQuery(time: string, range: TimeRange, layouts: readonly TupleLayout[]): Query {
  const known = layouts.flatMap(({ marks, required, lost }) => [
    { bool: { filter: [...marks.map(exists), ...required.map(isValue)] } },
    ...(lost === undefined ? [] : [exists(lost)]),
  ])
  return { bool: { filter: [within(time, [range])], must_not: known } }
}

/** The name of a key in a composite aggregation, by its position. */
const nameOf = (position: number): string => `k${position}`

export const tupleSources = (keys: readonly MappedKey[]) =>
  keys.map(({ field }, position) => ({ [nameOf(position)]: { terms: { field, missing_bucket: true } } }))

/** Documents with the values of a bucket. */
export const ofBucket = (keys: readonly MappedKey[], bucket: Readonly<Record<string, unknown>>): readonly Query[] =>
  keys.map(({ field }, position): Query => {
    const value = bucket[nameOf(position)]
    return value === null || value === undefined ? without(exists(field)) : { term: { [field]: value as string } }
  })

export const without = (query: Query): Query => ({ bool: { must_not: [query] } })
