import { createTextSearch, type TextSearch } from '../text-search.ts'
import type { Hit } from './hit.ts'
import { jsonString, memberOf, NotCompact } from './json-bytes.ts'

const META = jsonString('_meta')
const LEVEL = jsonString('logLevelName')

/**
 * Tells which documents need not be parsed: OpenClaw's own records (they have `_meta` with a level at their root, which
 * goes before every other mark of a dialect) that hold none of the decoders' wanted texts. Elasticsearch writes the
 * fields that were asked for as compact JSON, so that these texts stand in it as in the gateway's own line. Every other
 * document is to be read.
 */
export class Sieve {
  readonly #search: TextSearch | undefined
  /** The bytes of the last hit, and where behind `#from` the next wanted text stands in them: hits follow each other. */
  #bytes: Buffer | undefined
  #from = 0
  #next = 0

  /** @param wanted without any, every document is to be read */
  constructor(wanted: readonly string[]) {
    this.#search = wanted.length === 0 ? undefined : createTextSearch(wanted)
  }

  mustBeRead(hit: Hit): boolean {
    return this.#search === undefined || this.#holdsWanted(hit, this.#search) || !isOwnRecord(hit)
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

function isOwnRecord({ bytes, sourceStart }: Hit): boolean {
  try {
    const meta = memberOf(bytes, sourceStart, META)
    return meta !== -1 && memberOf(bytes, meta, LEVEL) !== -1
  } catch (failure) {
    if (failure instanceof NotCompact) return false
    throw failure
  }
}
