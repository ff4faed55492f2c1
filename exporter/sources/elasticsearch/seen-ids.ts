import type { EpochMs } from '../../../core/clock.ts'
import { MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange } from '../source.ts'
import { hashId } from './id-hash.ts'
import { IdSet } from './id-set.ts'

const KEY_PREFIX = 'ids/'
/** A document written again with an ingest time of its own (a bulk retried across a rollover) lies this close to the first. */
const NEIGHBOUR_MINUTES = 2

/** `known`: this very document was read before. `repeat`: the same id came under another ingest time close by. */
export type Sighting = 'new' | 'known' | 'repeat'

/**
 * The ids of all documents read within the horizon, by the minute of their ingest time. They tell a repeat from a
 * late arrival, and their number per minute is what the reconciliation compares. Their changes go with the batch into
 * the same state transaction as the counters.
 */
export class SeenIds {
  readonly #minutes = new Map<number, IdSet>()
  /** Hashes added since the last `changes`, by minute, as they will be saved. */
  #added = new Map<number, number[]>()
  /** How many pieces of a minute are saved: each piece has a key of its own. */
  readonly #pieces = new Map<number, number>()

  add(id: string, ingestTime: EpochMs): Sighting {
    const minute = Math.floor(ingestTime / MINUTE_MS)
    const hash = hashId(id)
    if (!this.#set(minute).add(hash)) return 'known'
    const added = this.#added.get(minute)
    if (added === undefined) this.#added.set(minute, [hash.high, hash.low])
    else added.push(hash.high, hash.low)
    for (let back = 1; back <= NEIGHBOUR_MINUTES; back++) {
      if (this.#minutes.get(minute - back)?.has(hash) || this.#minutes.get(minute + back)?.has(hash)) return 'repeat'
    }
    return 'new'
  }

  /** How many documents of the minute that begins at this time have been read. */
  count(minuteStart: EpochMs): number {
    return this.#minutes.get(minuteStart / MINUTE_MS)?.size ?? 0
  }

  get size(): number {
    return [...this.#minutes.values()].reduce((sum, ids) => sum + ids.size, 0)
  }

  /** What was added since the last call, as cursor entries of the batch that counts those documents. */
  changes(): CursorChange[] {
    const changes = [...this.#added].map(([minute, halves]) => {
      const piece = this.#pieces.get(minute) ?? 0
      this.#pieces.set(minute, piece + 1)
      return { key: `${KEY_PREFIX}${minute}/${piece}`, value: encode(halves) }
    })
    this.#added = new Map()
    return changes
  }

  /** Starts of the remembered minutes that end at or before this time. */
  minutesBefore(time: EpochMs): EpochMs[] {
    return [...this.#minutes.keys()].map(minute => minute * MINUTE_MS).filter(start => start + MINUTE_MS <= time)
  }

  /** Forgets a minute; returns the cursor entries that forget it in the state too. */
  forget(minuteStart: EpochMs): CursorChange[] {
    const minute = minuteStart / MINUTE_MS
    const pieces = this.#pieces.get(minute) ?? 0
    this.#minutes.delete(minute)
    this.#added.delete(minute)
    this.#pieces.delete(minute)
    return Array.from({ length: pieces }, (_, piece) => ({ key: `${KEY_PREFIX}${minute}/${piece}`, value: null }))
  }

  /** Puts back what the state holds. */
  restore(cursor: ReadonlyMap<string, Json>): void {
    for (const [key, value] of cursor) {
      if (!key.startsWith(KEY_PREFIX) || typeof value !== 'string') continue
      const [minute = 0, piece = 0] = key.slice(KEY_PREFIX.length).split('/').map(Number)
      const ids = this.#set(minute)
      for (const hash of decode(value)) ids.add(hash)
      this.#pieces.set(minute, Math.max(this.#pieces.get(minute) ?? 0, piece + 1))
    }
  }

  #set(minute: number): IdSet {
    let ids = this.#minutes.get(minute)
    if (ids === undefined) {
      ids = new IdSet()
      this.#minutes.set(minute, ids)
    }
    return ids
  }
}

function encode(halves: readonly number[]): string {
  return Buffer.from(Uint32Array.from(halves).buffer).toString('base64')
}

function* decode(text: string): Iterable<{ high: number; low: number }> {
  const bytes = Buffer.from(text, 'base64')
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    yield { high: bytes.readUInt32LE(at), low: bytes.readUInt32LE(at + 4) }
  }
}
