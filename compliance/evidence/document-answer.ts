import type { EpochMs } from '../../core/clock.ts'
import { Fault } from '../../core/errors.ts'
import { valueAt } from '../../core/json.ts'
import type { Json } from '../../service/state/state.ts'
import { bucketsOf } from './calendar.ts'
import type { Period } from './period.ts'
import { rounded } from './series.ts'

/** The documents among which is counted. */
export interface Presence {
  readonly count: number
  /** Searched; none where a pattern matches no index. */
  readonly shards: number
  readonly newest: EpochMs | null
  /** Their number in each bucket of the period. */
  readonly buckets: readonly number[]
}

/** The documents that are counted. */
export interface Found {
  readonly count: number
  readonly value: number | null
  /** Of a share: of how many. */
  readonly among?: number
  readonly first: EpochMs | null
  readonly last: EpochMs | null
  readonly distinct?: { readonly values: number; readonly isExact: boolean }
  /** Of distinct values: documents that have the field at all. */
  readonly having?: number
  readonly distribution?: readonly { readonly start: EpochMs; readonly value: number | null }[]
  readonly byZone?: Readonly<Record<string, number>>
  readonly samples: readonly string[]
}

export type DocumentMeasure = 'count' | 'distinct' | 'share'

export function presenceAnswer(answer: Json, period: Period): Presence {
  // Without a shard there are no aggregations.
  if (valueAt(answer, '_shards', 'total') === 0) return { count: 0, shards: 0, newest: null, buckets: [] }
  return {
    count: numberAt(answer, 'hits', 'total', 'value'),
    shards: numberAt(answer, '_shards', 'total'),
    newest: timeAt(answer, 'aggregations', 'newest', 'value'),
    buckets: byBucket(answer, period).map(found => found.reduce((sum, bucket) => sum + bucket.count, 0)),
  }
}

export function documentAnswer(answer: Json, measure: DocumentMeasure, period: Period): Found {
  const count = numberAt(answer, 'hits', 'total', 'value')
  const times = measure === 'share' ? (['aggregations', 'matching'] as const) : (['aggregations'] as const)
  const found = {
    count,
    first: timeAt(answer, ...times, 'first', 'value'),
    last: timeAt(answer, ...times, 'last', 'value'),
    samples: listAt(answer, 'hits', 'hits').map(hit => textAt(hit, '_id')),
    ...zonesOf(answer, measure),
  }
  switch (measure) {
    case 'count':
      return { ...found, value: count, distribution: distributionOf(answer, period, ({ count }) => count) }
    case 'distinct': {
      const distinct = distinctOf(answer)
      const having = numberAt(answer, 'aggregations', 'having', 'doc_count')
      return { ...found, value: distinct.values, distinct, having }
    }
    case 'share': {
      const among = numberAt(answer, 'aggregations', 'among', 'doc_count')
      const distribution = distributionOf(answer, period, bucket => percent(bucket.matching, bucket.count))
      return { ...found, value: percent(count, among), among, distribution }
    }
  }
}

/** Nothing of nothing is no share. */
const percent = (part: number, whole: number): number | null => (whole === 0 ? null : rounded((100 * part) / whole))

/** Elasticsearch lists up to 1,000 values and counts the documents of the others: without others, the list is all of them. */
function distinctOf(answer: Json): { values: number; isExact: boolean } {
  const listed = listAt(answer, 'aggregations', 'values', 'buckets').length
  const others = numberAt(answer, 'aggregations', 'values', 'sum_other_doc_count')
  if (others === 0) return { values: listed, isExact: true }
  const approximate = numberAt(answer, 'aggregations', 'approximate', 'value')
  return { values: Math.max(approximate, listed + 1), isExact: false }
}

interface BucketCount {
  readonly count: number
  /** Of a share: those that match. */
  readonly matching: number
}

function distributionOf(
  answer: Json,
  period: Period,
  measure: (bucket: BucketCount) => number | null,
): { start: EpochMs; value: number | null }[] {
  const found = byBucket(answer, period)
  return bucketsOf(period).buckets.map(({ start }, index) => {
    const sum = { count: 0, matching: 0 }
    for (const { count, matching } of found[index] ?? []) {
      sum.count += count
      sum.matching += matching
    }
    return { start, value: measure(sum) }
  })
}

/** The buckets of the histogram, by the bucket of the period in which they begin; the first of a week began before it. */
function byBucket(answer: Json, period: Period): BucketCount[][] {
  const { buckets } = bucketsOf(period)
  const found: BucketCount[][] = buckets.map(() => [])
  for (const bucket of listAt(answer, 'aggregations', 'buckets', 'buckets')) {
    const key = numberAt(bucket, 'key')
    const index = Math.max(
      0,
      buckets.findLastIndex(({ start }) => start <= key),
    )
    found[index]?.push(countsOf(bucket))
  }
  return found
}

const countsOf = (bucket: unknown): BucketCount => ({
  count: numberAt(bucket, 'doc_count'),
  matching: valueAt(bucket, 'matching') === undefined ? 0 : numberAt(bucket, 'matching', 'doc_count'),
})

function zonesOf(answer: Json, measure: DocumentMeasure): Pick<Found, 'byZone'> {
  if (measure === 'distinct' || valueAt(answer, 'aggregations', 'zones') === undefined) return {}
  const zones = listAt(answer, 'aggregations', 'zones', 'buckets').flatMap(zone => {
    const { count, matching } = countsOf(zone)
    const value = measure === 'share' ? percent(matching, count) : count
    return value === null ? [] : [[String(valueAt(zone, 'key')), value] as const]
  })
  return { byZone: Object.fromEntries(zones) }
}

function timeAt(answer: unknown, ...path: readonly string[]): EpochMs | null {
  const value = valueAt(answer, ...path)
  return value === null ? null : Math.floor(checked(value, 'number', path))
}

const numberAt = (answer: unknown, ...path: readonly string[]): number =>
  checked(valueAt(answer, ...path), 'number', path)

const textAt = (answer: unknown, ...path: readonly string[]): string =>
  checked(valueAt(answer, ...path), 'string', path)

function listAt(answer: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = valueAt(answer, ...path)
  if (!Array.isArray(value)) throw missing(path)
  return value
}

type Types = { readonly number: number; readonly string: string }

function checked<Name extends keyof Types>(value: unknown, type: Name, path: readonly string[]): Types[Name] {
  if (typeof value !== type) throw missing(path)
  return value as Types[Name]
}

const missing = (path: readonly string[]): Fault =>
  new Fault(`Elasticsearch gave an answer without ${path.join('.')}; check what answers at its address`)
