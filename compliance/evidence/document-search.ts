import type { Json } from '../../service/state/state.ts'
import { bucketsOf } from './calendar.ts'
import type { DocumentsRequest } from './document-schema.ts'
import type { Period } from './period.ts'

type Query = { readonly [key: string]: Json }
type Aggregations = { readonly [name: string]: Json }

/** Samples of documents in a reading. */
export const SAMPLES = 5
/** Up to this number of values they are counted exactly. */
const EXACT_VALUES = 1_000
/** Of more by the approximation, which is closer than that, none are listed. */
const MOST_LISTED = 1_100
/** The most that Elasticsearch supports: below it, an approximation is close to exact. */
const PRECISION = 40_000
/** A trust zone is configured; there are few. */
const ZONES = 100

/**
 * The searches of one request. What is asked of the documents among which is counted is the same for each request about
 * them. The first and the last document are searches of their own: Elasticsearch finds them by its index, and would look at
 * every document for an aggregation of them.
 */
export interface DocumentSearches {
  /** Whether there are documents among which to count, and how they are distributed. */
  readonly among: Json
  /** The newest of them. */
  readonly newest: Json
  /** The documents that are counted. */
  readonly counted: Json
  /** The first ones of these. */
  readonly first: Json
  /** The last one of these. */
  readonly last: Json
  /** Of distinct values: all of them, asked only where the approximation says that they are few. */
  readonly values?: Json
}

export function searchesOf(request: DocumentsRequest, period: Period): DocumentSearches {
  const { measure, time_field: time, zone_field: zone } = request
  const among = amongFilters(request, period)
  const counted = request.query === undefined ? among : [...among, request.query as Query]
  const zones = zone === undefined ? {} : { zones: { terms: { field: zone, size: ZONES, order: { _key: 'asc' } } } }
  const buckets = { buckets: histogram(time, period) }
  return {
    among: aggregated(among, { ...buckets, ...(measure === 'share' ? zones : {}) }),
    newest: edge(among, time, 'desc', 1),
    counted: aggregated(counted, measure === 'distinct' ? numberOfValues(request) : { ...buckets, ...zones }),
    first: edge(counted, time, 'asc', SAMPLES),
    last: edge(counted, time, 'desc', 1),
    ...(measure === 'distinct' ? { values: aggregated(counted, listOfValues(request)) } : {}),
  }
}

/** Whether the values are few enough to be listed, by the approximation of their number. */
export const isListed = (approximate: number): boolean => approximate <= MOST_LISTED

/**
 * The same search of a part of the period. Where the counts by day show in which part its documents are, the answer is the
 * same, and Elasticsearch looks at no document of the other days.
 */
export function within(search: Json, field: string, { start, end }: Pick<Period, 'start' | 'end'>): Json {
  const body = search as { readonly query: { readonly bool: { readonly filter: readonly Query[] } } }
  return { ...body, query: { bool: { filter: [...body.query.bool.filter, timeRange(field, { start, end })] } } }
}

const aggregated = (filter: readonly Query[], aggs: Aggregations): Json => ({
  size: 0,
  track_total_hits: true,
  query: { bool: { filter } },
  aggs,
})

/** The sequence number decides between documents of one time: it is the same on each copy of a shard. */
const edge = (filter: readonly Query[], time: string, order: 'asc' | 'desc', size: number): Json => ({
  size,
  track_total_hits: false,
  _source: false,
  query: { bool: { filter } },
  sort: [{ [time]: { order, unmapped_type: 'date', numeric_type: 'date' } }, { _seq_no: { order } }],
})

function amongFilters({ among, time_field: time }: DocumentsRequest, { start, end }: Period): Query[] {
  return [timeRange(time, { start, end }), ...(among === undefined ? [] : [among as Query])]
}

const timeRange = (field: string, { start, end }: Pick<Period, 'start' | 'end'>): Query => ({
  range: {
    [field]: {
      gte: new Date(start).toISOString(),
      lt: new Date(end).toISOString(),
      format: 'strict_date_optional_time',
    },
  },
})

const numberOfValues = ({ field = '' }: DocumentsRequest): Aggregations => ({
  having: { filter: { exists: { field } } },
  approximate: { cardinality: { field, precision_threshold: PRECISION } },
})

const listOfValues = ({ field = '' }: DocumentsRequest): Aggregations => ({
  values: { terms: { field, size: EXACT_VALUES } },
})

const histogram = (field: string, period: Period): Query => ({
  date_histogram: {
    field,
    calendar_interval: bucketsOf(period).interval,
    time_zone: period.timeZone,
    min_doc_count: 1,
  },
})
