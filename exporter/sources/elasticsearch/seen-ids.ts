import type { EpochMs } from '../../../core/clock.ts'
import { MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange } from '../source.ts'
import type { IdHash } from './id-hash.ts'
import { IdSet } from './id-set.ts'

const KEY_PREFIX = 'ids/'
/** A document written again with an ingest time of its own (a bulk retried across a rollover) lies this close to the first. */
const NEIGHBOUR_MINUTES = 2
/** When a minute begins, few documents of the one so many before it are still to come. */
const SETTLED_AFTER = 3

/** `known`: this very document was read before. `repeat`: the same id came under another ingest time close by. */
export type Sighting = 'new' | 'known' | 'repeat'

/** What is known of one minute of ingest time. */
interface Minute {
  readonly ids: IdSet
  /** Hashes added since the last `changes`, half by half, as they will be saved. */
  added: number[]
  /** How many pieces of the minute are saved: each piece has a key of its own. */
  pieces: number
}

/** The minute of the last document, which is mostly that of the next, and the ids of the minutes around it. */
interface Here {
  readonly number: number
  readonly minute: Minute
  readonly neighbours: readonly IdSet[]
}

/**
 * The ids of all documents read within the horizon, by the minute of their ingest time. They tell a repeat from a
 * late arrival, and their number per minute is what the reconciliation compares. Their changes go with the batch into
 * the same state transaction as the counters.
 */
export class SeenIds {
  readonly #minutes = new Map<number, Minute>()
  readonly #changed = new Set<number>()
  #here: Here | undefined

  add(id: IdHash, ingestTime: EpochMs): Sighting {
    const number = Math.floor(ingestTime / MINUTE_MS)
    const { minute, neighbours } = this.#at(number)
    if (!minute.ids.add(id)) return 'known'
    if (minute.added.length === 0) this.#changed.add(number)
    minute.added.push(id.high, id.low)
    for (const ids of neighbours) if (ids.has(id)) return 'repeat'
    return 'new'
  }

  /** How many documents of the minute that begins at this time have been read. */
  count(minuteStart: EpochMs): number {
    return this.#minutes.get(minuteStart / MINUTE_MS)?.ids.size ?? 0
  }

  get size(): number {
    return [...this.#minutes.values()].reduce((sum, { ids }) => sum + ids.size, 0)
  }

  /** What was added since the last call, as cursor entries of the batch that counts those documents. */
  changes(): CursorChange[] {
    const changes = [...this.#changed].map(number => {
      const minute = this.#minute(number)
      const value = encode(minute.added)
      minute.added = []
      return { key: `${KEY_PREFIX}${number}/${minute.pieces++}`, value }
    })
    this.#changed.clear()
    return changes
  }

  /** Starts of the remembered minutes that end at or before this time. */
  minutesBefore(time: EpochMs): EpochMs[] {
    return [...this.#minutes.keys()].map(minute => minute * MINUTE_MS).filter(start => start + MINUTE_MS <= time)
  }

  /** Forgets a minute; returns the cursor entries that forget it in the state too. */
  forget(minuteStart: EpochMs): CursorChange[] {
    const number = minuteStart / MINUTE_MS
    const pieces = this.#minutes.get(number)?.pieces ?? 0
    this.#minutes.delete(number)
    this.#changed.delete(number)
    this.#here = undefined
    return Array.from({ length: pieces }, (_, piece) => ({ key: `${KEY_PREFIX}${number}/${piece}`, value: null }))
  }

  /** Puts back what the state holds. */
  restore(cursor: ReadonlyMap<string, Json>): void {
    for (const [key, value] of cursor) {
      if (!key.startsWith(KEY_PREFIX) || typeof value !== 'string') continue
      const [number = 0, piece = 0] = key.slice(KEY_PREFIX.length).split('/').map(Number)
      const minute = this.#minute(number)
      for (const hash of decode(value)) minute.ids.add(hash)
      minute.pieces = Math.max(minute.pieces, piece + 1)
    }
    for (const { ids } of this.#minutes.values()) ids.pack()
  }

  #at(number: number): Here {
    if (this.#here?.number === number) return this.#here
    const minute = this.#minute(number)
    const neighbours: IdSet[] = []
    for (let apart = 1; apart <= NEIGHBOUR_MINUTES; apart++) {
      for (const other of [number - apart, number + apart]) {
        const ids = this.#minutes.get(other)?.ids
        if (ids !== undefined) neighbours.push(ids)
      }
    }
    this.#here = { number, minute, neighbours }
    return this.#here
  }

  #minute(number: number): Minute {
    const known = this.#minutes.get(number)
    if (known !== undefined) return known
    const minute: Minute = { ids: new IdSet(), added: [], pieces: 0 }
    this.#minutes.set(number, minute)
    this.#minutes.get(number - SETTLED_AFTER)?.ids.pack()
    return minute
  }
}

function encode(halves: readonly number[]): string {
  return Buffer.from(new Int32Array(halves).buffer).toString('base64')
}

function* decode(text: string): Iterable<IdHash> {
  const bytes = Buffer.from(text, 'base64')
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    yield { high: bytes.readInt32LE(at), low: bytes.readInt32LE(at + 4) }
  }
}
