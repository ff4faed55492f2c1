import type { IdHash } from '../recent-ids/id-table.ts'
import { parsedText } from './hit.ts'

const FIRST = 2654435761
const SECOND = 1597334677
const BACKSLASH = 0x5c
const FIRST_NON_ASCII = 0x80

/**
 * 64-bit hashes of ids that follow the same beginning: two multiply-and-xor lanes over their UTF-16 units with
 * different constants, each finished by the mixing steps of MurmurHash3. Not cryptographic: ids are made by
 * Elasticsearch or the shipper.
 *
 * Both multipliers are 1 modulo 4, so the lowest two bits of one lane follow from the other lane: the hashes have 62
 * bits of their own. An id is compared with the n ids of the horizon, and is mistaken for one of them with probability
 * n / 2^62. At r documents a second and a horizon of h seconds n is r h, so a time of t seconds holds r^2 h t / 2^62
 * mistaken repeats: with a horizon of one hour one in 41 years at 1,000 documents a second, and 2.5 in a year at
 * 10,000. A mistaken repeat is a document that is not counted. The hash cannot be changed without forgetting the saved
 * ids.
 */
export class IdHasher {
  readonly #first: number
  readonly #second: number

  constructor(beginning = '') {
    let first = 0xdeadbeef
    let second = 0x41c6ce57
    for (let index = 0; index < beginning.length; index++) {
      const unit = beginning.charCodeAt(index)
      first = Math.imul(first ^ unit, FIRST)
      second = Math.imul(second ^ unit, SECOND)
    }
    this.#first = first
    this.#second = second
  }

  ofText(id: string): IdHash {
    let first = this.#first
    let second = this.#second
    for (let index = 0; index < id.length; index++) {
      const unit = id.charCodeAt(index)
      first = Math.imul(first ^ unit, FIRST)
      second = Math.imul(second ^ unit, SECOND)
    }
    return finished(first, second)
  }

  /** The same of an id that is JSON in bytes, from its first quote to after its last. */
  ofJson(bytes: Buffer, start: number, end: number): IdHash {
    let first = this.#first
    let second = this.#second
    for (let at = start + 1; at < end - 1; at++) {
      const unit = bytes[at] as number
      if (unit >= FIRST_NON_ASCII || unit === BACKSLASH) return this.ofText(parsedText(bytes, start, end))
      first = Math.imul(first ^ unit, FIRST)
      second = Math.imul(second ^ unit, SECOND)
    }
    return finished(first, second)
  }
}

function finished(first: number, second: number): IdHash {
  const high = mix(first ^ Math.imul(second ^ (second >>> 13), 3266489909))
  const low = mix(second ^ Math.imul(high ^ (high >>> 13), 3266489909))
  return { high, low }
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 2246822507)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 3266489909)
  return mixed ^ (mixed >>> 16)
}
