import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange } from '../../contracts/source.ts'
import { ABSENT, type IdHash, IdTable, MINUTE_SPAN } from './id-table.ts'

const KEY_PREFIX = 'ids/'
/** Ids with which a saved piece of a minute is full. Until then it is saved again with what was added to it. */
const PIECE_IDS = 256

/**
 * - `new`: no document with this id is remembered.
 * - `repeat`: it was read before, in an older minute.
 * - `known`: it was read before, in the same minute or in a newer one.
 */
export type IdState = 'new' | 'repeat' | 'known'

/** State of one minute of ingest time. */
interface Minute {
  /** Ids whose newest minute it is. */
  count: number
  /** Hashes of the piece that is not full yet, half by half, as they will be saved. */
  added: number[]
  /** Something was added since the last `changes`. */
  isChanged: boolean
  /** How many pieces of the minute are saved and full: each piece has a key of its own. */
  pieces: number
}

/**
 * The ids of all records read within the horizon, each in the newest minute of ingest time under which it was read.
 * They distinguish a repeat from a late arrival, and their number per minute is what the reconciliation compares: a
 * document that is written again with a newer ingest time leaves its old minute here as it does in the index.
 *
 * Changes go with the batch into the same state transaction as the counters. A minute's entry in the state names each
 * id that was placed in it; of several minutes with the same id the newest counts, so that an id that moved needs no
 * entry of its own and the order of restoring does not matter.
 */
export class RecentIds {
  readonly #table = new IdTable()
  readonly #minutes = new Map<number, Minute>()
  readonly #changed = new Set<number>()
  #size = 0
  /** The minute of the last document, which is mostly that of the next. */
  #lastNumber = Number.NaN
  #last: Minute | undefined

  add(id: IdHash, ingestTime: EpochMs): IdState {
    const number = Math.floor(ingestTime / MINUTE_MS)
    const minute = this.#minute(number)
    const before = this.#table.place(id, number)
    if (before >= number) return 'known'
    if (!minute.isChanged) this.#changed.add(number)
    minute.isChanged = true
    minute.added.push(id.high, id.low)
    minute.count++
    if (before !== ABSENT) {
      ;(this.#minutes.get(before) as Minute).count--
      return 'repeat'
    }
    this.#size++
    return 'new'
  }

  /** How many ids the minute that begins at this time holds. */
  count(minuteStart: EpochMs): number {
    return this.#minutes.get(minuteStart / MINUTE_MS)?.count ?? 0
  }

  get size(): number {
    return this.#size
  }

  /** What was added since the last call, as cursor entries of the batch that counts those documents. */
  changes(): CursorChange[] {
    const changes = [...this.#changed].map(number => {
      const minute = this.#minute(number)
      const change = { key: keyOf(number, minute.pieces), value: encode(minute.added) }
      minute.isChanged = false
      if (minute.added.length >= 2 * PIECE_IDS) {
        minute.added = []
        minute.pieces++
      }
      return change
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
    const minute = this.#minutes.get(number)
    if (minute === undefined) return []
    this.#size -= minute.count
    this.#table.forget(number)
    this.#minutes.delete(number)
    this.#changed.delete(number)
    this.#lastNumber = Number.NaN
    const pieces = minute.pieces + (minute.added.length > 0 ? 1 : 0)
    return Array.from({ length: pieces }, (_, piece) => ({ key: keyOf(number, piece), value: null }))
  }

  /** Puts back what the state holds. */
  restore(cursor: ReadonlyMap<string, Json>): void {
    const saved = [...cursor].flatMap(([key, value]) => {
      if (!key.startsWith(KEY_PREFIX) || typeof value !== 'string') return []
      const [number = 0, piece = 0] = key.slice(KEY_PREFIX.length).split('/').map(Number)
      return [{ number, piece, value }]
    })
    this.#table.reserve(saved.reduce((ids, { value }) => ids + idsIn(value), 0))
    const newest = saved.reduce((latest, { number }) => Math.max(latest, number), 0)
    for (const { number, piece, value } of saved) {
      // Older than every horizon: earlier versions kept documents with several ingest times under the oldest.
      if (number <= newest - MINUTE_SPAN) continue
      for (const id of decode(value)) this.#restore(id, number)
      const minute = this.#minute(number)
      minute.pieces = Math.max(minute.pieces, piece + 1)
    }
  }

  #restore(id: IdHash, number: number): void {
    const minute = this.#minute(number)
    const before = this.#table.place(id, number)
    if (before >= number) return
    minute.count++
    if (before === ABSENT) this.#size++
    else (this.#minutes.get(before) as Minute).count--
  }

  #minute(number: number): Minute {
    if (number === this.#lastNumber) return this.#last as Minute
    let minute = this.#minutes.get(number)
    if (minute === undefined) {
      this.#table.open(number)
      minute = { count: 0, added: [], isChanged: false, pieces: 0 }
      this.#minutes.set(number, minute)
    }
    this.#lastNumber = number
    this.#last = minute
    return minute
  }
}

const keyOf = (minute: number, piece: number) => `${KEY_PREFIX}${minute}/${piece}`

/** How many ids a piece holds. */
const idsIn = (text: string) => Math.floor(Buffer.byteLength(text, 'base64') / 8)

function encode(halves: readonly number[]): string {
  return Buffer.from(new Int32Array(halves).buffer).toString('base64')
}

function* decode(text: string): Iterable<IdHash> {
  const bytes = Buffer.from(text, 'base64')
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    yield { high: bytes.readInt32LE(at), low: bytes.readInt32LE(at + 4) }
  }
}
