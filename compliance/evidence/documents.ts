import { DAY_MS, type EpochMs, HOUR_MS } from '../../core/clock.ts'
import { ClawtrustError } from '../../core/errors.ts'
import type { Json } from '../../service/state/state.ts'
import { type Bucket, bucketsOf } from './calendar.ts'
import { type Counted, countedOf, type DocumentAnswers, readAnswers } from './document-answer.ts'
import { readFilter } from './document-filter.ts'
import { type DocumentsRequest, documentsSchema } from './document-schema.ts'
import { type DocumentSearches, isListed, SAMPLES, searchesOf, within } from './document-search.ts'
import { gapsOf } from './gaps.ts'
import { defineEvidence, type EvidenceContext } from './kind.ts'
import type { Period } from './period.ts'
import type { Gap, Reading } from './reading.ts'
import { rounded } from './series.ts'
import type { DocumentStore } from './stores.ts'
import { unread } from './unread.ts'

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
    const searches = searchesOf(request, period)
    const about = { store: 'elasticsearch', query: { ...searches }, index: request.index, of: request.index } as const
    if (stores.elasticsearch === undefined) {
      return unread({ ...about, reason: 'Elasticsearch is not configured' }, period)
    }
    const { address } = stores.elasticsearch
    const missing = (reason: string) => unread({ ...about, address, reason }, period)
    try {
      const { answers, unmapped, unsearched } = await ask(request, searches, stores.elasticsearch, context)
      const reason = nothingToCount(request, answers, unmapped)
      if (reason !== undefined) return missing([...unsearched, reason].join('; '))
      return { ...about, address, ...measured(request, answers, unsearched, period) }
    } catch (failure) {
      if (!(failure instanceof ClawtrustError && failure.code === 'ELASTICSEARCH_NO_INDEX')) throw failure
      return missing(noIndex(request))
    }
  },
})

const wordsOf = (filter: Json | undefined): string => readFilter(filter).words

async function ask(
  request: DocumentsRequest,
  searches: DocumentSearches,
  store: DocumentStore,
  { period, signal }: EvidenceContext,
): Promise<{
  readonly answers: DocumentAnswers
  readonly unmapped: readonly string[]
  readonly unsearched: readonly string[]
}> {
  const search = (body: Json) => store.search(request.index, body, signal)
  const [unmapped, unsearched, among, counted] = await Promise.all([
    store.unmapped?.(request.index, fieldsOf(request), signal) ?? [],
    store.unsearched?.(request.index, signal) ?? [],
    search(searches.among),
    search(searches.counted),
  ])
  const [all, some] = [countedOf(among, period), countedOf(counted, period)]
  const { time_field: time } = request
  const { buckets } = bucketsOf(period)
  const [newest, first, last, values] = await Promise.all([
    search(within(searches.newest, time, lastOf(all, buckets))),
    search(within(searches.first, time, firstOf(some, SAMPLES, buckets))),
    search(within(searches.last, time, lastOf(some, buckets))),
    searches.values !== undefined && isListed(some.distinct?.values ?? 0) ? search(searches.values) : undefined,
  ])
  const answers = { among, newest, counted, first, last, ...(values === undefined ? {} : { values }) }
  return { answers: readAnswers(answers, period), unmapped, unsearched }
}

/** From the first bucket that has documents to the one with which there are that many; all of them without counts. */
function firstOf({ buckets: counts }: Counted, many: number, buckets: readonly Bucket[]): Bucket {
  const begin = Math.max(
    0,
    counts.findIndex(count => count > 0),
  )
  let end = begin
  for (let found = counts[begin] ?? 0; found < many && end < buckets.length - 1; found += counts[end] ?? 0) end++
  return spanOf(buckets.slice(begin, end + 1))
}

/** The last bucket that has documents; all of them without counts. */
function lastOf({ buckets: counts }: Counted, buckets: readonly Bucket[]): Bucket {
  const last = buckets[counts.findLastIndex(count => count > 0)]
  return last ?? spanOf(buckets)
}

const spanOf = (buckets: readonly Bucket[]): Bucket => ({
  start: Math.min(...buckets.map(({ start }) => start)),
  end: Math.max(...buckets.map(({ end }) => end)),
})

type Measured = Omit<Reading, 'store' | 'address' | 'query' | 'index'>

/** @param unsearched why not all documents were searched: of no time it is then known that all were counted */
function measured(
  request: DocumentsRequest,
  answers: DocumentAnswers,
  unsearched: readonly string[],
  period: Period,
): Measured {
  const { among, counted, newest, first, last } = answers
  const { buckets } = bucketsOf(period)
  const { start, end } = period
  const gaps = [
    ...unsearched.map(reason => ({ of: request.index, start, end, reason })),
    ...silences(request.index, among, period),
  ]
  // A day without any document among which to count is not known to have none.
  const distribution = buckets.map(({ start }, bucket) => {
    const [part = 0, whole = 0] = [counted.buckets[bucket], among.buckets[bucket]]
    return { start, value: whole === 0 ? null : valueIn(request, part, whole) }
  })
  const named = request.measure === 'share' ? among.zones : counted.zones
  const zones = [...named].map(([zone, whole]) => {
    return [zone, valueIn(request, counted.zones.get(zone) ?? 0, whole)] as const
  })
  const byZone = Object.fromEntries(zones.filter(([, value]) => value !== null)) as Record<string, number>
  const samples = first.map(({ id }) => id)
  const isDistributed = counted.distinct === undefined
  const { having: _, ...distinct } = counted.distinct ?? { having: 0 }
  return {
    result: {
      among: among.count,
      count: counted.count,
      first: isoOf(first[0]?.time),
      last: isoOf(last[0]?.time),
      newest: isoOf(newest[0]?.time),
      ...(isDistributed
        ? { distribution: distribution.map(({ start, value }) => ({ start: isoOf(start), value })) }
        : {}),
      ...(counted.distinct === undefined ? {} : { distinct }),
      ...(zones.length === 0 ? {} : { zones: byZone }),
      samples,
    },
    count: request.measure === 'share' ? among.count : counted.count,
    value: counted.distinct?.values ?? valueIn(request, counted.count, among.count),
    newest: newest[0]?.time ?? null,
    ...(zones.length === 0 ? {} : { byZone }),
    ...(isDistributed ? { distribution } : {}),
    samples,
    ...(gaps.length === 0 ? {} : { gaps }),
  }
}

/**
 * A number of documents, or their share in percent; nothing of nothing is no share. What is counted later than that among
 * which it is counted may be more.
 */
function valueIn({ measure }: DocumentsRequest, part: number, whole: number): number | null {
  if (measure !== 'share') return part
  return whole === 0 ? null : rounded(Math.min(100, (100 * part) / whole))
}

/** Times without any document: of at least a day, in a period of less than four days of a quarter of it. */
function silences(index: string, { buckets: counts }: Counted, period: Period): readonly Gap[] {
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

/** Why a number would say nothing; undefined if it does. */
function nothingToCount(
  { index, among: filter, measure, field }: DocumentsRequest,
  { among, counted }: DocumentAnswers,
  unmapped: readonly string[],
): string | undefined {
  if (among.shards === 0) return noIndex({ index })
  if (unmapped.length > 0) return `${index} does not map ${unmapped.join(', ')}, so that nothing can match`
  if (among.count === 0) {
    return `${index} has no document of the period${filter === undefined ? '' : ` in which ${wordsOf(filter)}`}`
  }
  const isEmpty = measure === 'distinct' && counted.count > 0 && counted.distinct?.having === 0
  return isEmpty ? `none of the documents has the field ${field}` : undefined
}

/** The fields of which a query finds nothing where they are not mapped. */
function fieldsOf({ among, query, field, time_field: time, zone_field: zone }: DocumentsRequest): string[] {
  const compared = [among, query].flatMap(each => (each === undefined ? [] : readFilter(each).fields))
  return [...new Set([...compared, time, ...[field, zone].filter(name => name !== undefined)])].sort()
}

const isoOf = (time: EpochMs | undefined): string | null => (time === undefined ? null : new Date(time).toISOString())
