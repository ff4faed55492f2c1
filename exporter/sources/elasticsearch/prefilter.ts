import { createTextSearch, type TextSearch } from '../../../decoding/toolkit/text-search.ts'
import type { Hit } from './hit.ts'
import { jsonString, memberOf, NotCompact } from './json-bytes.ts'

/** A member of the root of a document, and a member of that one: `Dialect.documentMark`. */
type Mark = readonly [outer: string, inner: string]

/**
 * Decides which documents need not be parsed: those with the mark of a dialect at their root that hold no text of the
 * prefilter. Elasticsearch writes the fields that were asked for as compact JSON, so that these texts are in it as they
 * are in a line. Every other document must be parsed.
 */
export class Prefilter {
  readonly #search: TextSearch | undefined
  readonly #marks: readonly MarkBytes[]
  /** The bytes of the last hit, and where after `#from` the next wanted text is in them: hits follow each other. */
  #bytes: Buffer | undefined
  #from = 0
  #next = 0

  /** @param wanted the prefilter; without any text, every document must be parsed */
  constructor(wanted: readonly string[], marks: readonly Mark[]) {
    this.#search = wanted.length === 0 ? undefined : createTextSearch(wanted)
    this.#marks = marks.map(([outer, inner]) => ({ outer: jsonString(outer), inner: jsonString(inner) }))
  }

  mustParse(hit: Hit): boolean {
    return this.#search === undefined || this.#holdsWanted(hit, this.#search) || !hasMark(hit, this.#marks)
  }

  #holdsWanted({ bytes, sourceStart, sourceEnd }: Hit, search: TextSearch): boolean {
    if (bytes !== this.#bytes || sourceStart < this.#from || sourceStart > this.#next) {
      this.#bytes = bytes
      this.#from = sourceStart
      this.#next = search(bytes, sourceStart, bytes.length)
    }
    return this.#next < sourceEnd
  }
}

interface MarkBytes {
  readonly outer: Uint8Array
  readonly inner: Uint8Array
}

function hasMark({ bytes, sourceStart }: Hit, marks: readonly MarkBytes[]): boolean {
  try {
    for (const { outer, inner } of marks) {
      const value = memberOf(bytes, sourceStart, outer)
      if (value !== -1 && memberOf(bytes, value, inner) !== -1) return true
    }
    return false
  } catch (failure) {
    if (failure instanceof NotCompact) return false
    throw failure
  }
}
