import { type Client, errors, type estypes } from '@elastic/elasticsearch'
import type { EpochMs } from '../../../core/clock.ts'
import { COMPLETENESS, refusePartial, type Scope, windowQuery } from './query.ts'
import type { Window } from './window.ts'

/** One document as a page brings it. */
export interface Hit {
  readonly id: string
  readonly index: string
  readonly ingestTime: EpochMs
  /** Undefined where it is too large to be fetched. */
  readonly body: Readonly<Record<string, unknown>> | undefined
}

export interface Page {
  readonly hits: readonly Hit[]
  /** Where the next page begins; undefined at the end. */
  readonly next: estypes.SortResults | undefined
}

export interface PageOptions {
  readonly scope: Scope
  readonly fields: readonly string[]
  readonly pageSize: number
  readonly slices: number
  readonly signal: AbortSignal
}

export interface PointInTime {
  id: string
}

export const KEEP_ALIVE = '1m'
/** A page of more is asked for again in smaller pieces, so that large documents do not fill the memory. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024

const FILTER_PATH = [
  ...COMPLETENESS,
  'pit_id',
  'hits.hits._id',
  'hits.hits._index',
  'hits.hits.sort',
  'hits.hits._source',
  'hits.hits.fields',
]

/** One page of a slice in the order of `_shard_doc`. Rejects on any failure, partial results included. */
export async function fetchPage(
  client: Client,
  pit: PointInTime,
  window: Window,
  slice: number,
  after: estypes.SortResults | undefined,
  options: PageOptions,
): Promise<Page> {
  const { scope, slices } = options
  const request = (size: number, source: NonNullable<estypes.SearchRequest['_source']>): estypes.SearchRequest => ({
    pit: { id: pit.id, keep_alive: KEEP_ALIVE },
    ...(slices > 1 ? { slice: { id: String(slice), max: slices } } : {}),
    size,
    sort: [{ _shard_doc: 'asc' }],
    track_total_hits: false,
    allow_partial_search_results: false,
    query: windowQuery(scope, window),
    _source: source,
    docvalue_fields: [{ field: scope.cursorField, format: 'epoch_millis' }],
    ...(after === undefined ? {} : { search_after: after }),
    filter_path: FILTER_PATH,
  })
  const transport = { signal: options.signal, maxResponseSize: LARGEST_ANSWER_BYTES }
  const includes = { includes: [...options.fields] }
  for (let size = options.pageSize; ; size = Math.ceil(size / 4)) {
    try {
      return toPage(await client.search(request(size, includes), transport), size, pit, scope)
    } catch (failure) {
      if (!isTooLarge(failure)) throw failure
      if (size === 1) return toPage(await client.search(request(1, false), transport), 1, pit, scope)
    }
  }
}

function toPage(answer: estypes.SearchResponse, size: number, pit: PointInTime, { cursorField }: Scope): Page {
  refusePartial(answer, 'a page')
  pit.id = answer.pit_id ?? pit.id
  const found = answer.hits?.hits ?? []
  const hits = found.map(hit => ({
    id: hit._id as string,
    index: hit._index,
    ingestTime: Number(hit.fields?.[cursorField]?.[0]),
    body: hit._source as Hit['body'],
  }))
  return { hits, next: found.length === size ? found.at(-1)?.sort : undefined }
}

function isTooLarge(failure: unknown): boolean {
  return failure instanceof errors.RequestAbortedError && /content length/i.test(failure.message)
}
