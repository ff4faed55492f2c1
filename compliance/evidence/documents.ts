import { DAY_MS, type EpochMs, HOUR_MS } from '../../core/clock.ts'
import { ClawtrustError } from '../../core/errors.ts'
import type { Json } from '../../service/state/state.ts'
import { bucketsOf } from './calendar.ts'
import { documentAnswer, type Presence, presenceAnswer } from './document-answer.ts'
import { readFilter } from './document-filter.ts'
import { type DocumentsRequest, documentsSchema } from './document-schema.ts'
import { matchingSearch, presenceSearch } from './document-search.ts'
import { gapsOf } from './gaps.ts'
import { defineEvidence, type EvidenceContext } from './kind.ts'
import type { Period } from './period.ts'
import type { Gap, Reading } from './reading.ts'
import type { DocumentStore } from './stores.ts'
import { type Unread, unread } from './unread.ts'

/** Documents of Elasticsearch. */
export const documentsEvidence = defineEvidence({
  type: 'documents',
  store: 'elasticsearch',
  summary: 'documents in Elasticsearch: how many, how many distinct values, which share',
  schema: documentsSchema,
  sentence(request) {
    const { index, measure, field, among, query } = request
    const all = among === undefined ? `documents of ${index}` : `documents of ${index} in which ${wordsOf(among)}`
    const counted = query === undefined ? all : `${all}${among === undefined ? ' in which' : ' and'} ${wordsOf(query)}`
    if (measure === 'distinct') return `Distinct values of ${field} in ${counted}`
    if (measure === 'share') return `Share of ${all} in which ${wordsOf(query)}`
    return `Number of ${counted}`
  },
  unit({ measure, field }) {
    return { count: 'documents', share: '%', distinct: `values of ${field}` }[measure]
  },
  async read(request, context) {
    const { period, stores } = context
    const search = matchingSearch(request, period)
    const about = { store: 'elasticsearch', query: search, index: request.index, of: request.index } as const
    if (stores.elasticsearch === undefined) {
      return unread({ ...about, reason: 'Elasticsearch is not configured' }, period)
    }
    const { address } = stores.elasticsearch
    try {
      return await readDocuments(
        request,
        { search, store: stores.elasticsearch, about: { ...about, address } },
        context,
      )
    } catch (failure) {
      if (!(failure instanceof ClawtrustError && failure.code === 'ELASTICSEARCH_NO_INDEX')) throw failure
      return unread({ ...about, address, reason: noIndex(request) }, period)
    }
  },
})

const wordsOf = (filter: Json | undefined): string => readFilter(filter).words

interface Asking {
  readonly search: Json
  readonly store: DocumentStore
  readonly about: Omit<Unread, 'reason'>
}

async function readDocuments(
  request: DocumentsRequest,
  { search, store, about }: Asking,
  { period, signal }: EvidenceContext,
): Promise<Reading> {
  const { index, field } = request
  const [unmapped, answered, presence] = await Promise.all([
    store.unmapped?.(index, fieldsOf(request), signal) ?? [],
    store.search(index, search, signal),
    store.search(index, presenceSearch(request, period), signal),
  ])
  const among = presenceAnswer(presence, period)
  const reason = nothingToCount(request, among, unmapped)
  if (reason !== undefined) return unread({ ...about, reason }, period)
  const found = documentAnswer(answered, request.measure, period)
  if (request.measure === 'distinct' && found.count > 0 && found.having === 0) {
    return unread({ ...about, reason: `none of the documents has the field ${field}` }, period)
  }
  const gaps = silences(index, among, period)
  const distribution = found.distribution?.map(({ start, value }, bucket) => ({
    start,
    value: (among.buckets[bucket] ?? 0) === 0 ? null : value,
  }))
  return {
    store: 'elasticsearch',
    address: store.address,
    query: search,
    index,
    result: {
      among: found.among ?? among.count,
      count: found.count,
      first: isoOf(found.first),
      last: isoOf(found.last),
      newest: isoOf(among.newest),
      ...(found.distinct === undefined ? {} : { distinct: { ...found.distinct } }),
      ...(distribution === undefined
        ? {}
        : { distribution: distribution.map(({ start, value }) => ({ start: isoOf(start), value })) }),
      ...(found.byZone === undefined ? {} : { zones: found.byZone }),
      samples: [...found.samples],
    },
    count: request.measure === 'share' ? (found.among ?? 0) : found.count,
    value: found.value,
    newest: among.newest,
    ...(found.byZone === undefined ? {} : { byZone: found.byZone }),
    ...(distribution === undefined ? {} : { distribution }),
    samples: found.samples,
    ...(gaps.length === 0 ? {} : { gaps }),
  }
}

/** Times without any document: of at least a day, in a period of less than four days of a quarter of it. */
function silences(index: string, { buckets: counts }: Presence, period: Period): readonly Gap[] {
  const { buckets } = bucketsOf(period)
  const isObserved = buckets.map((_, bucket) => (counts[bucket] ?? 0) > 0)
  const least = Math.min(DAY_MS, (period.end - period.start) / 4)
  const gaps = gapsOf(buckets, isObserved, { of: index, reason: 'it has no document of this time' })
  // A day in which clocks are changed is a day too.
  return gaps.filter(({ start, end }) => end - start >= least - HOUR_MS)
}

/** Elasticsearch says the same of both. */
const noIndex = ({ index }: Pick<DocumentsRequest, 'index'>): string =>
  `there is no index ${index}, or no privilege to read it`

/** Why a count of zero would say nothing; undefined if it would. */
function nothingToCount(
  { index, among }: DocumentsRequest,
  { count, shards }: Presence,
  unmapped: readonly string[],
): string | undefined {
  if (shards === 0) return noIndex({ index })
  if (unmapped.length > 0) return `${index} does not map ${unmapped.join(', ')}, so that nothing can match`
  if (count > 0) return undefined
  const what = among === undefined ? '' : ` in which ${wordsOf(among)}`
  return `${index} has no document of the period${what}`
}

/** The fields of which a query finds nothing where they are not mapped. */
function fieldsOf({ among, query, field, time_field: time, zone_field: zone }: DocumentsRequest): string[] {
  const compared = [among, query].flatMap(each => (each === undefined ? [] : readFilter(each).fields))
  return [...new Set([...compared, time, ...[field, zone].filter(name => name !== undefined)])].sort()
}

const isoOf = (time: EpochMs | null): string | null => (time === null ? null : new Date(time).toISOString())
