import { DAY_MS, type EpochMs, HOUR_MS } from '../../core/clock.ts'
import { Fault } from '../../core/errors.ts'
import { isObject } from '../../core/json.ts'
import type { Json } from '../../service/state/state.ts'
import { matchesQuery } from './document-query.ts'
import type { DemoDocument } from './documents.ts'

/** The aggregations of a search, in the part of Elasticsearch's that is known here. */
export function aggregate(asked: unknown, documents: readonly DemoDocument[]): { readonly [name: string]: Json } {
  if (!isObject(asked)) return {}
  return Object.fromEntries(
    Object.entries(asked).map(([name, aggregation]) => [name, one(aggregation, documents)] as const),
  )
}

function one(aggregation: unknown, documents: readonly DemoDocument[]): Json {
  if (!isObject(aggregation)) throw unknownAggregation(aggregation)
  const { aggs, ...own } = aggregation
  const [entry] = Object.entries(own)
  const make = entry === undefined ? undefined : kinds[entry[0]]
  if (entry === undefined || make === undefined || !isObject(entry[1])) throw unknownAggregation(aggregation)
  return make(entry[1], documents, aggs)
}

type Kind = (body: Readonly<Record<string, unknown>>, documents: readonly DemoDocument[], aggs: unknown) => Json

const kinds: Readonly<Record<string, Kind>> = {
  min: ({ field }, documents) => ({ value: extreme(documents, field, Math.min) }),
  max: ({ field }, documents) => ({ value: extreme(documents, field, Math.max) }),
  cardinality: ({ field }, documents) => ({ value: new Set(valuesOf(documents, field)).size }),
  filter: (query, documents, aggs) =>
    bucket(
      documents.filter(document => matchesQuery(document, query)),
      aggs,
    ),
  terms: ({ field, size = 10, order }, documents, aggs) => {
    const having = documents.filter(({ fields }) => fields[String(field)] !== undefined)
    const groups = [...Map.groupBy(having, ({ fields }) => fields[String(field)] ?? '')]
    const byKey = isObject(order) && order._key === 'asc'
    const sorted = groups.sort(([one, members], [other, others]) =>
      byKey || members.length === others.length ? (one < other ? -1 : 1) : others.length - members.length,
    )
    const listed = sorted.slice(0, Number(size))
    const rest = sorted.slice(Number(size)).reduce((sum, [, members]) => sum + members.length, 0)
    return {
      sum_other_doc_count: rest,
      buckets: listed.map(([key, members]) => ({ key, ...bucket(members, aggs) })),
    }
  },
  date_histogram: (
    { calendar_interval: calendar, fixed_interval: fixed, time_zone: zone = 'UTC' },
    documents,
    aggs,
  ) => {
    const startOf = starts[String(calendar ?? fixed)]
    if (startOf === undefined || zone !== 'UTC') throw unknownAggregation({ calendar, fixed, zone })
    const groups = [...Map.groupBy(documents, ({ time }) => startOf(time))]
    return {
      buckets: groups
        .sort(([one], [other]) => one - other)
        .map(([key, members]) => ({ key, ...bucket(members, aggs) })),
    }
  },
}

const bucket = (documents: readonly DemoDocument[], aggs: unknown) => ({
  doc_count: documents.length,
  ...aggregate(aggs, documents),
})

const MONDAY = Date.parse('1970-01-05T00:00:00Z')
const WEEK_MS = 7 * DAY_MS

/** The beginning of the part of a calendar in UTC that holds a time. */
const starts: Readonly<Record<string, (time: EpochMs) => EpochMs>> = {
  '1h': time => Math.floor(time / HOUR_MS) * HOUR_MS,
  hour: time => Math.floor(time / HOUR_MS) * HOUR_MS,
  day: time => Math.floor(time / DAY_MS) * DAY_MS,
  week: time => Math.floor((time - MONDAY) / WEEK_MS) * WEEK_MS + MONDAY,
  month: time => Date.UTC(new Date(time).getUTCFullYear(), new Date(time).getUTCMonth(), 1),
}

const valuesOf = (documents: readonly DemoDocument[], field: unknown): readonly (string | number)[] =>
  documents.flatMap(({ fields }) => fields[String(field)] ?? [])

function extreme(
  documents: readonly DemoDocument[],
  field: unknown,
  choose: (...values: number[]) => number,
): number | null {
  const values = valuesOf(documents, field).filter(value => typeof value === 'number')
  return values.length === 0 ? null : values.reduce((found, value) => choose(found, value))
}

const unknownAggregation = (aggregation: unknown): Fault =>
  new Fault(`the synthetic store of the demo does not know the aggregation ${JSON.stringify(aggregation)}`)
