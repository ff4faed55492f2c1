import { errors, type estypes } from '@elastic/elasticsearch'
import { type Hit, parsed, readHits } from './hit.ts'
import { endOfValue, jsonString, memberOf, NotCompact } from './json-bytes.ts'

/** An answer to a search, with its documents still in bytes. */
export interface Answer {
  /** All but the hits. */
  readonly envelope: estypes.SearchResponse
  readonly hits: readonly Hit[]
  readonly lastSort: estypes.SortResults | undefined
}

/**
 * Where Elasticsearch writes the hits when `filter_path` leaves out everything else of their kind; never within a
 * text, whose quotes are escaped.
 */
const ARRAY_OF_HITS = '"hits":{"hits":['
const SORT = jsonString('sort')

/** @throws DeserializationError where the bytes are no JSON, as the client itself does */
export function readAnswer(bytes: Buffer): Answer {
  try {
    return readCompact(bytes)
  } catch (failure) {
    if (!(failure instanceof NotCompact)) throw failure
    // A proxy has rewritten the answer.
    const { hits, ...rest } = parse(bytes.toString())
    return readCompact(Buffer.from(JSON.stringify({ hits: { hits: hits?.hits ?? [] }, ...rest })))
  }
}

function parse(text: string): estypes.SearchResponse {
  try {
    return JSON.parse(text)
  } catch {
    throw new errors.DeserializationError('the answer is not JSON', text)
  }
}

function readCompact(bytes: Buffer): Answer {
  const marker = bytes.indexOf(ARRAY_OF_HITS)
  if (marker === -1) throw new NotCompact('hits', bytes.length)
  const start = marker + ARRAY_OF_HITS.length - 1
  const { hits, end } = readHits(bytes, start)
  const envelope = parse(`${bytes.toString('utf8', 0, start)}[]${bytes.toString('utf8', end)}`)
  return { envelope, hits, lastSort: sortOf(hits.at(-1)) }
}

function sortOf(hit: Hit | undefined): estypes.SortResults | undefined {
  if (hit === undefined) return undefined
  const { bytes, start } = hit
  const sort = memberOf(bytes, start, SORT)
  return sort === -1 ? undefined : (parsed(bytes, sort, endOfValue(bytes, sort)) as estypes.SortResults)
}
