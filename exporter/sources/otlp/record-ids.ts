import { hash } from 'node:crypto'
import type { IdHash } from '../recent-ids/id-table.ts'

/** Bytes of the key of the digests, which is drawn at the first start and saved with the ids. */
export const KEY_BYTES = 16

/**
 * Ids of records, made from their content: the digest of the resource, the scope and the record, with its times. Where a
 * request holds the same record several times, the second and further ones have ids of their own, so that they count,
 * and have them again when the sender repeats the request.
 *
 * The digest is SHA-256 with a key that no sender knows, of which 64 bits are kept: whoever writes texts that end up in
 * records cannot choose one whose record is mistaken for another.
 */
export class RecordIds {
  readonly #key: Uint8Array
  readonly #seen = new Map<string, number>()
  #beginning: Uint8Array = Buffer.alloc(0)

  /** @param key of `KEY_BYTES`. One instance serves one request */
  constructor(key: Uint8Array) {
    this.#key = key
  }

  /** Records that follow have this resource and scope. */
  begin(origin: Uint8Array): void {
    this.#beginning = Buffer.from(hash('sha256', Buffer.concat([this.#key, origin]), 'buffer'))
  }

  /** The id of the next record, as 16 hexadecimal digits. */
  next(record: Uint8Array): string {
    const id = this.#digest(record, '')
    const times = this.#seen.get(id) ?? 0
    this.#seen.set(id, times + 1)
    return times === 0 ? id : this.#digest(record, `#${times}`)
  }

  #digest(record: Uint8Array, suffix: string): string {
    const parts = [this.#beginning, record, ...(suffix === '' ? [] : [Buffer.from(suffix)])]
    return hash('sha256', Buffer.concat(parts), 'hex').slice(0, 16)
  }
}

/** The 64 bits of an id, as they are remembered. */
export function bitsOf(id: string): IdHash {
  return { high: Number.parseInt(id.slice(0, 8), 16) | 0, low: Number.parseInt(id.slice(8), 16) | 0 }
}
