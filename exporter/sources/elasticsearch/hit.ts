import type { EpochMs } from '../../../core/clock.ts'
import { endOfValue, isClosing, isString, jsonString, memberValue, nextItem } from './json-bytes.ts'

/** One document of a page: its place in the bytes of the answer. None of it is parsed unless asked for. */
export interface Hit {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  readonly index: string
  /** The document's id as JSON writes it, with its quotes. */
  readonly idStart: number
  readonly idEnd: number
  readonly ingestTime: EpochMs
  readonly sourceStart: number
  /** 0 where the document is too large to be fetched. */
  readonly sourceEnd: number
}

/** The value in some bytes from `start` to `end`. */
export function parsed(bytes: Buffer, start: number, end: number): unknown {
  return JSON.parse(bytes.toString('utf8', start, end))
}

/** The same of a string, from its first quote to after its last; most are written without escapes. */
export function parsedText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start + 1, end - 1)
  return text.includes('\\') ? (parsed(bytes, start, end) as string) : text
}

/**
 * Reads the array of hits that begins at `start`. One walk over the bytes finds where each document begins and ends, so
 * that no text in a document can be taken for the structure around it.
 *
 * @returns the hits, and the index after the array
 * @throws NotCompact where the bytes are no JSON as Elasticsearch writes it
 */
export function readHits(bytes: Buffer, start: number): { readonly hits: readonly Hit[]; readonly end: number } {
  const names = new IndexNames(bytes)
  const hits: Hit[] = []
  let at = start + 1
  while (!isClosing(bytes, at)) {
    const hit = readHit(bytes, at, names)
    hits.push(hit)
    at = nextItem(bytes, hit.end)
  }
  return { hits, end: at + 1 }
}

const INDEX = jsonString('_index')
const ID = jsonString('_id')
const SOURCE = jsonString('_source')
const FIELDS = jsonString('fields')

function readHit(bytes: Buffer, start: number, names: IndexNames): Hit {
  let index = ''
  let idStart = 0
  let idEnd = 0
  let ingestTime = Number.NaN
  let sourceStart = 0
  let sourceEnd = 0
  let at = start + 1
  while (!isClosing(bytes, at)) {
    const name = at
    const value = memberValue(bytes, name)
    at = endOfValue(bytes, value)
    if (isString(bytes, name, SOURCE)) {
      sourceStart = value
      sourceEnd = at
    } else if (isString(bytes, name, ID)) {
      idStart = value
      idEnd = at
    } else if (isString(bytes, name, INDEX)) index = names.read(value, at)
    else if (isString(bytes, name, FIELDS)) ingestTime = onlyTime(bytes, value, at)
    at = nextItem(bytes, at)
  }
  return { bytes, start, end: at + 1, index, idStart, idEnd, ingestTime, sourceStart, sourceEnd }
}

const BRACKET = 0x5b
const QUOTE = 0x22
const ZERO = 0x30
const NINE = 0x39

/** Of `{"FIELD":["1764262800000"]}`: a doc value in milliseconds, of nanoseconds with a fraction. */
function onlyTime(bytes: Buffer, start: number, end: number): EpochMs {
  let time = 0
  let at = bytes.indexOf(BRACKET, start) + 2
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte < ZERO || byte > NINE) break
    time = time * 10 + byte - ZERO
  }
  return bytes[at] === QUOTE
    ? time
    : Number(Object.values(parsed(bytes, start, end) as Record<string, unknown[]>)[0]?.[0])
}

/** Names of indices, of which hundreds in a row are the same. */
class IndexNames {
  readonly #bytes: Buffer
  #start = 0
  #end = 0
  #name = ''

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** The name from `start` to `end`, with its quotes. */
  read(start: number, end: number): string {
    if (!this.#isLast(start, end)) this.#name = parsedText(this.#bytes, start, end)
    this.#start = start
    this.#end = end
    return this.#name
  }

  #isLast(start: number, end: number): boolean {
    if (end - start !== this.#end - this.#start) return false
    for (let at = start; at < end; at++) if (this.#bytes[at] !== this.#bytes[this.#start + at - start]) return false
    return true
  }
}
