import type { Client, estypes } from '@elastic/elasticsearch'
import { AnswerTooLarge, searchBytes } from '../../../service/elasticsearch/answer-bytes.ts'
import { COMPLETENESS } from '../../../service/elasticsearch/completeness.ts'
import { type Answer, readAnswer } from './answer.ts'
import type { Hit } from './hit.ts'
import { refusePartial, type Scope, windowQuery } from './query.ts'
import type { Window } from './window.ts'

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
  const includes = { includes: [...options.fields] }
  for (let size = options.pageSize; ; size = Math.ceil(size / 4)) {
    try {
      return toPage(await search(request(size, includes)), size, pit)
    } catch (failure) {
      if (!(failure instanceof AnswerTooLarge)) throw failure
      if (size === 1) return toPage(await search(request(1, false)), 1, pit)
    }
  }

  async function search(asked: estypes.SearchRequest): Promise<Answer> {
    return readAnswer(await searchBytes(client, asked, { signal: options.signal, largest: LARGEST_ANSWER_BYTES }))
  }
}

function toPage({ envelope, hits, lastSort }: Answer, size: number, pit: PointInTime): Page {
  refusePartial(envelope, 'a page')
  pit.id = envelope.pit_id ?? pit.id
  return { hits, next: hits.length === size ? lastSort : undefined }
}
