import type { Json } from '../../service/state/state.ts'
import { bucketsOf } from './calendar.ts'
import type { DocumentsRequest } from './document-schema.ts'
import type { Period } from './period.ts'

type Query = { readonly [key: string]: Json }
type Aggregations = { readonly [name: string]: Json }

/** Samples of documents in a reading. */
const SAMPLES = 5
/** Up to this number of values they are counted exactly. */
export const EXACT_VALUES = 1_000
/** The most that Elasticsearch supports: below it, an approximation is close to exact. */
const PRECISION = 40_000
/** A trust zone is configured; there are few. */
const ZONES = 100

/**
 * The search of the documents that are counted: a count, their first and last time, the distribution, ids. Of a share it
 * searches the documents among which they are counted, so that both numbers are of one moment.
 */
export function matchingSearch(request: DocumentsRequest, period: Period): Json {
  const { measure, query, time_field: time, zone_field: zone, field } = request
  const among = amongFilters(request, period)
  const share = measure === 'share' && query !== undefined
  const matching: Query = (query as Query | undefined) ?? { match_all: {} }
  const split: Aggregations = share ? { aggs: { matching: { filter: matching } } } : {}
  const times = { first: { min: { field: time } }, last: { max: { field: time } } }
  return {
    size: SAMPLES,
    track_total_hits: true,
    _source: false,
    query: { bool: { filter: share || query === undefined ? among : [...among, matching] } },
    ...(share ? { post_filter: matching } : {}),
    // The sequence number decides between documents of one time: it is the same on each copy of a shard.
    sort: [{ [time]: { order: 'asc', unmapped_type: 'date' } }, { _seq_no: { order: 'asc' } }],
    aggs: {
      ...(share ? { matching: { filter: matching, aggs: times } } : times),
      ...(share ? { among: { filter: { match_all: {} } } } : {}),
      ...(measure === 'distinct'
        ? distinctValues(field as string)
        : { buckets: { ...histogram(time, period), ...split } }),
      ...(zone === undefined
        ? {}
        : { zones: { terms: { field: zone, size: ZONES, order: { _key: 'asc' } }, ...split } }),
    },
  }
}

/** The search of the documents among which is counted: whether there are any, and until when. */
export function presenceSearch(request: DocumentsRequest, period: Period): Json {
  const { time_field: time } = request
  return {
    size: 0,
    track_total_hits: true,
    query: { bool: { filter: amongFilters(request, period) } },
    aggs: { newest: { max: { field: time } }, buckets: histogram(time, period) },
  }
}

function amongFilters({ among, time_field: time }: DocumentsRequest, { start, end }: Period): Query[] {
  const range = {
    gte: new Date(start).toISOString(),
    lt: new Date(end).toISOString(),
    format: 'strict_date_optional_time',
  }
  return [{ range: { [time]: range } }, ...(among === undefined ? [] : [among as Query])]
}

function distinctValues(field: string): Aggregations {
  return {
    having: { filter: { exists: { field } } },
    approximate: { cardinality: { field, precision_threshold: PRECISION } },
    values: { terms: { field, size: EXACT_VALUES } },
  }
}

function histogram(field: string, period: Period): Query {
  const { interval } = bucketsOf(period)
  return {
    date_histogram: { field, calendar_interval: interval, time_zone: period.timeZone, min_doc_count: 1 },
  }
}
