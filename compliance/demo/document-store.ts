import { type EpochMs, HOUR_MS } from '../../core/clock.ts'
import { Fault } from '../../core/errors.ts'
import { isObject, valueAt } from '../../core/json.ts'
import type { Json } from '../../service/state/state.ts'
import type { DocumentStore } from '../evidence/stores.ts'
import { aggregate } from './aggregate.ts'
import { matchesQuery, timeRange } from './document-query.ts'
import { type DemoDocument, type DemoIndex, demoIndices } from './documents.ts'

/** Answers searches as Elasticsearch does, from documents that are computed hour by hour. */
export function createDemoDocuments(now: EpochMs): DocumentStore {
  return {
    address: 'synthetic Elasticsearch of the demo',
    search: async (pattern, body) => answer(indicesOf(pattern, now), body, now),
    unmapped: async (pattern, fields) => {
      const mapped = new Set(indicesOf(pattern, now).flatMap(index => index.fields))
      return mapped.size === 0 ? [] : fields.filter(field => !mapped.has(field))
    },
  }
}

function indicesOf(pattern: string, now: EpochMs): readonly DemoIndex[] {
  const patterns = pattern.split(',')
  const isNamed = (name: string) =>
    patterns.some(one => {
      const [beginning = '', ...rest] = one.split('*')
      return rest.length === 0 ? name === one : name.startsWith(beginning) && name.endsWith(rest.at(-1) ?? '')
    })
  return demoIndices.filter(({ name, since }) => since < now && isNamed(name))
}

function answer(indices: readonly DemoIndex[], body: Json, now: EpochMs): Json {
  if (!isObject(body)) throw new Fault('the synthetic store of the demo takes a body of a search only')
  if (indices.length === 0) return { _shards: { total: 0 }, hits: { total: { value: 0 }, hits: [] } }
  const found = indices
    .flatMap(index => documentsOf(index, body.query, now))
    .filter(document => matchesQuery(document, body.query))
    .sort((one, other) => one.time - other.time)
  const matching = body.post_filter === undefined ? found : found.filter(one => matchesQuery(one, body.post_filter))
  const [order = {}] = Object.values(isObject(valueAt(body, 'sort', '0')) ? (valueAt(body, 'sort', '0') as object) : {})
  const hits = valueAt(order, 'order') === 'desc' ? matching.toReversed() : matching
  const size = Number(body.size ?? 10)
  return {
    _shards: { total: indices.length },
    hits: {
      total: { value: hits.length },
      hits: hits.slice(0, size).map(({ id, time }) => ({ _id: id, sort: [time] })),
    },
    aggregations: aggregate(body.aggs, found),
  }
}

function documentsOf(index: DemoIndex, query: unknown, now: EpochMs): readonly DemoDocument[] {
  const asked = timeRange(valueAt(query, 'bool', 'filter'))
  const start = Math.max(asked.start, index.since)
  const end = Math.min(asked.end, now)
  const documents: DemoDocument[] = []
  for (let hour = Math.floor(start / HOUR_MS) * HOUR_MS; hour < end; hour += HOUR_MS) {
    for (const document of index.documents(hour)) {
      if (document.time >= start && document.time < end) documents.push(document)
    }
  }
  return documents
}
