import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import { ENTRY_WORDS, ExpiringKeyTable } from '../../core/collections/expiring-key-table.ts'
import type { Hash128 } from '../../core/collections/text-hash.ts'
import type { BytesPersistent, ChangedRow, SavedRow } from '../contracts/persistent.ts'

/** Keys in memory, about 27 bytes each; beyond, the ones that end first are moved out. */
const MAX_KEYS = 2_000_000
/** How many keys are added between two looks at the size of the table. */
const SIZE_CHECK = 4_096
/** Smallest and largest minute that an entry can hold. */
const FIRST_MINUTE = 1
const LAST_MINUTE = 2 ** 29

/** Where keys go that are too many for the memory. Synchronous: a count must not wait for the disk's queue. */
export interface KeyOverflow {
  /** The value of a key, undefined where it is not there or ended before `now`. */
  get(key: Hash128): number | undefined
  /** Takes entries of `ENTRY_WORDS` words, in no order. Throws where they cannot be written: nothing is lost then. */
  add(entries: Int32Array<ArrayBuffer>): void
  /** Gives back what holds only values below this one. */
  expire(now: number): void
}

/** What is known of a counted event. */
export interface Counted {
  readonly byPartner: boolean
}

/**
 * The keys of the events that were counted, each until a time of the source's watermark. They are saved by the minute
 * in which they end, in pieces: a commit writes the keys of that commit and nothing else.
 */
export class CountedKeys implements BytesPersistent {
  readonly key: string
  readonly format = 'bytes'
  readonly #overflow: KeyOverflow | undefined
  readonly #maxKeys: number
  #table = new ExpiringKeyTable()
  #sinceCheck = 0
  /** Entries to be saved, by the minute in which they end. */
  readonly #added = new Map<number, Entries>()
  /** Number of saved pieces, by minute. */
  readonly #pieces = new Map<number, number>()
  #forgotten: string[] = []

  /** @param name of the keys in the state; no other family's may be equal */
  constructor(name: string, overflow?: KeyOverflow, maxKeys = MAX_KEYS) {
    this.key = `pairs/${JSON.stringify(name)}/`
    this.#overflow = overflow
    this.#maxKeys = maxKeys
  }

  get(key: Hash128): Counted | undefined {
    const value = this.#table.get(key) ?? this.#overflow?.get(key)
    return value === undefined ? undefined : { byPartner: value % 2 === 1 }
  }

  /** Remembers a key until the watermark has passed this time. */
  add(key: Hash128, until: EpochMs, { byPartner }: Counted): void {
    const minute = Math.max(FIRST_MINUTE, Math.min(Math.ceil(until / MINUTE_MS), LAST_MINUTE))
    const value = minute * 2 + (byPartner ? 1 : 0)
    this.#table.set(key, value)
    let added = this.#added.get(minute)
    if (added === undefined) {
      added = new Entries()
      this.#added.set(minute, added)
    }
    added.add(key, value)
    if (++this.#sinceCheck < SIZE_CHECK) return
    this.#sinceCheck = 0
    this.#tryToBound()
  }

  /** Forgets the keys that end before this time. */
  expire(watermark: EpochMs): void {
    const now = Math.floor(watermark / MINUTE_MS)
    this.#table.expire(now * 2)
    this.#overflow?.expire(now * 2)
    for (const minute of [...this.#pieces.keys()]) if (minute < now) this.#forget(minute)
    for (const minute of [...this.#added.keys()]) if (minute < now) this.#added.delete(minute)
  }

  clear(): void {
    this.#table = new ExpiringKeyTable()
    this.#added.clear()
    for (const minute of [...this.#pieces.keys()]) this.#forget(minute)
  }

  /** What must be saved since the last call. */
  changes(): readonly ChangedRow<Uint8Array>[] {
    const changes: ChangedRow<Uint8Array>[] = this.#forgotten.map(name => ({ name, value: null }))
    this.#forgotten = []
    for (const [minute, added] of this.#added) {
      const piece = this.#pieces.get(minute) ?? 0
      this.#pieces.set(minute, piece + 1)
      changes.push({ name: `${minute}/${piece}`, value: added.bytes() })
    }
    this.#added.clear()
    return changes
  }

  restore(rows: readonly SavedRow<Uint8Array>[]): void {
    for (const { name, value } of rows) {
      const [minute = 0, piece = 0] = name.split('/').map(Number)
      this.#pieces.set(minute, Math.max(this.#pieces.get(minute) ?? 0, piece + 1))
      const words = new Int32Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength))
      for (let at = 0; at + ENTRY_WORDS <= words.length; at += ENTRY_WORDS) {
        this.#table.set(words.subarray(at, at + 4), words[at + 4] as number)
      }
      this.#tryToBound()
    }
  }

  /**
   * Moves the half of the keys that ends first out of the memory when there are too many.
   *
   * @throws what the overflow throws where it cannot take them
   */
  bound(): void {
    if (this.#overflow === undefined || this.#table.used <= this.#maxKeys) return
    const counts = [...this.#table.countByValue()].sort(([a], [b]) => a - b)
    const half = counts.reduce((sum, [, count]) => sum + count, 0) / 2
    let last = 0
    let taken = 0
    for (const [value, count] of counts) {
      if (taken >= half) break
      last = value
      taken += count
    }
    this.#overflow.add(this.#table.copy(last))
    this.#table.remove(last)
  }

  #tryToBound(): void {
    try {
      this.bound()
    } catch {
      // Nothing is lost: the keys stay in memory, and the next commit tries again and reports it.
    }
  }

  #forget(minute: number): void {
    const pieces = this.#pieces.get(minute) ?? 0
    for (let piece = 0; piece < pieces; piece++) this.#forgotten.push(`${minute}/${piece}`)
    this.#pieces.delete(minute)
  }
}

/** Entries one after the other, 20 bytes each. */
class Entries {
  #words = new Int32Array(64 * ENTRY_WORDS)
  #end = 0

  add(key: Hash128, value: number): void {
    if (this.#end === this.#words.length) {
      const larger = new Int32Array(2 * this.#words.length)
      larger.set(this.#words)
      this.#words = larger
    }
    for (let word = 0; word < 4; word++) this.#words[this.#end++] = key[word] as number
    this.#words[this.#end++] = value
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#words.slice(0, this.#end).buffer)
  }
}
