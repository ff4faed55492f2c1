import type { EpochMs } from '../../core/clock.ts'
import { Fault } from '../../core/errors.ts'
import { valueAt } from '../../core/json.ts'
import type { Json } from '../../service/state/state.ts'
import { bucketsOf } from './calendar.ts'
import type { DocumentSearches } from './document-search.ts'
import type { Period } from './period.ts'

/** What the aggregations of a search count. */
export interface Counted {
  readonly count: number
  /** Searched; none where a pattern matches no index. */
  readonly shards: number
  /** Their number in each bucket of the period; of distinct values none. */
  readonly buckets: readonly number[]
  readonly zones: ReadonlyMap<string, number>
  readonly distinct?: DistinctValues
}

export interface DistinctValues {
  readonly values: number
  /** False for an approximation. */
  readonly isExact: boolean
  /** Documents that have the field at all. */
  readonly having: number
}

/** A document at the beginning or the end of those that were searched. */
export interface Edge {
  readonly id: string
  readonly time: EpochMs
}

export interface DocumentAnswers {
  readonly among: Counted
  readonly newest: readonly Edge[]
  readonly counted: Counted
  readonly first: readonly Edge[]
  readonly last: readonly Edge[]
}

/** What Elasticsearch answered to the searches of a request. */
export function readAnswers(answers: DocumentSearches, period: Period): DocumentAnswers {
  const { values } = answers
  const counted = countedOf(answers.counted, period)
  return {
    among: countedOf(answers.among, period),
    newest: edgesOf(answers.newest),
    counted: values === undefined ? counted : { ...counted, distinct: listedValues(counted.distinct, values) },
    first: edgesOf(answers.first),
    last: edgesOf(answers.last),
  }
}

export function countedOf(answer: Json, period: Period): Counted {
  const shards = numberAt(answer, '_shards', 'total')
  // Without a shard there are no aggregations.
  if (shards === 0) return { count: 0, shards, buckets: [], zones: new Map() }
  return {
    count: numberAt(answer, 'hits', 'total', 'value'),
    shards,
    buckets: has(answer, 'buckets') ? bucketCounts(answer, period) : [],
    zones: new Map(has(answer, 'zones') ? bucketsAt(answer, 'zones').map(zone => [keyOf(zone), countOf(zone)]) : []),
    ...(has(answer, 'approximate') ? { distinct: approximated(answer) } : {}),
  }
}

const has = (answer: Json, name: string): boolean => valueAt(answer, 'aggregations', name) !== undefined

const approximated = (answer: Json): DistinctValues => ({
  values: numberAt(answer, 'aggregations', 'approximate', 'value'),
  isExact: false,
  having: numberAt(answer, 'aggregations', 'having', 'doc_count'),
})

/** Elasticsearch lists up to 1,000 values and counts the documents of the others: without others, the list is all of them. */
function listedValues(approximate: DistinctValues | undefined, answer: Json): DistinctValues {
  const { values, having } = approximate ?? { values: 0, having: 0 }
  // Without a shard there are no aggregations.
  const listed = has(answer, 'values') ? bucketsAt(answer, 'values').length : 0
  const others = has(answer, 'values') ? numberAt(answer, 'aggregations', 'values', 'sum_other_doc_count') : 0
  if (others === 0) return { values: listed, isExact: true, having }
  return { values: Math.max(values, listed + 1), isExact: false, having }
}

/** The counts of the histogram, by the bucket of the period in which each begins; that of a first week began before it. */
function bucketCounts(answer: Json, period: Period): number[] {
  const { buckets } = bucketsOf(period)
  const counts = buckets.map(() => 0)
  for (const bucket of bucketsAt(answer, 'buckets')) {
    const key = numberAt(bucket, 'key')
    const index = Math.max(
      0,
      buckets.findLastIndex(({ start }) => start <= key),
    )
    counts[index] = (counts[index] ?? 0) + countOf(bucket)
  }
  return counts
}

function edgesOf(answer: Json): Edge[] {
  return listAt(answer, 'hits', 'hits').map(hit => ({ id: textAt(hit, '_id'), time: numberAt(hit, 'sort', '0') }))
}

const bucketsAt = (answer: Json, name: string) => listAt(answer, 'aggregations', name, 'buckets')
const countOf = (bucket: unknown): number => numberAt(bucket, 'doc_count')
const keyOf = (bucket: unknown): string => String(valueAt(bucket, 'key'))

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
