import type { Hash128 } from './text-hash.ts'

/** Words of an entry: four for its key and one for its value. */
export const ENTRY_WORDS = 5
const PARTS = 64
const PART_SHIFT = 26
const MIN_SLOTS = 16
/** A part with a higher load factor is rebuilt, so that probe sequences stay short. */
const FULLEST = 0.8
/** Maximum load factor of a rebuilt part. */
const REBUILT = 0.6
const EMPTY = 0
/** Value of a deleted entry, whose slot stays in use until its part is rebuilt. */
const DELETED = 1
/** Position of the value in an entry. */
const VALUE = 4

/**
 * Values by 128-bit keys, 20 bytes an entry at about two thirds of its capacity: open addressing with linear probing, in
 * 64 parts that grow one at a time, so that no single call copies the whole table.
 *
 * A positive value is the time until which the entry is kept, in units of the caller's choice and from 2 on; `expire`
 * ends it without visiting the entry. A negative value is kept until it is deleted or overwritten.
 */
export class ExpiringKeyTable {
  readonly #parts = Array.from({ length: PARTS }, () => new Part())
  #now = DELETED + 1

  /** Undefined where the key is absent or has expired. */
  get(key: Hash128): number | undefined {
    return this.#part(key).get(key, this.#now)
  }

  /** @throws RangeError for the values 0 and 1 */
  set(key: Hash128, value: number): void {
    if (value === EMPTY || value === DELETED) throw new RangeError(`${value} is not a value of this table`)
    this.#part(key).set(key, value, this.#now)
  }

  delete(key: Hash128): void {
    this.#part(key).delete(key)
  }

  /** Entries with a positive value below `now` are absent from now on. A smaller `now` than before is ignored. */
  expire(now: number): void {
    this.#now = Math.max(this.#now, now)
  }

  /** Slots in use, including those of expired entries until their part is rebuilt. */
  get used(): number {
    return this.#parts.reduce((sum, part) => sum + part.used, 0)
  }

  /** Bytes of the table. */
  get bytes(): number {
    return this.#parts.reduce((sum, part) => sum + part.bytes, 0)
  }

  /** Entries that have not expired and whose value is positive and at most `most`: `ENTRY_WORDS` words each. */
  copy(most: number): Int32Array<ArrayBuffer> {
    const copied = this.#parts.map(part => part.copy(most, this.#now))
    const all = new Int32Array(copied.reduce((sum, words) => sum + words.length, 0))
    let end = 0
    for (const words of copied) {
      all.set(words, end)
      end += words.length
    }
    return all
  }

  /** Removes the entries whose value is positive and at most `most`, and frees the memory of expired ones. */
  remove(most: number): void {
    for (const part of this.#parts) part.remove(most, this.#now)
  }

  /** Number of entries that have not expired, by their positive value. */
  countByValue(): Map<number, number> {
    const counts = new Map<number, number>()
    for (const part of this.#parts) part.countByValue(counts, this.#now)
    return counts
  }

  #part(key: Hash128): Part {
    return this.#parts[(key[0] as number) >>> PART_SHIFT] as Part
  }
}

class Part {
  #words = new Int32Array(MIN_SLOTS * ENTRY_WORDS)
  used = 0

  get bytes(): number {
    return this.#words.byteLength
  }

  get(key: Hash128, now: number): number | undefined {
    const value = this.#words[this.#find(key, 0) + VALUE] as number
    return isLive(value, now) ? value : undefined
  }

  set(key: Hash128, value: number, now: number): void {
    const words = this.#words
    const at = this.#find(key, 0)
    const isNew = words[at + VALUE] === EMPTY
    write(words, at, key, 0, value)
    if (!isNew) return
    this.used++
    if (this.used * ENTRY_WORDS > words.length * FULLEST) this.#rebuild(held => isLive(held, now))
  }

  delete(key: Hash128): void {
    const at = this.#find(key, 0)
    if (this.#words[at + VALUE] !== EMPTY) this.#words[at + VALUE] = DELETED
  }

  copy(most: number, now: number): number[] {
    const words = this.#words
    const copied: number[] = []
    for (let at = 0; at < words.length; at += ENTRY_WORDS) {
      const value = words[at + VALUE] as number
      if (value <= EMPTY || value > most || !isLive(value, now)) continue
      for (let word = 0; word < ENTRY_WORDS; word++) copied.push(words[at + word] as number)
    }
    return copied
  }

  remove(most: number, now: number): void {
    this.#rebuild(value => isLive(value, now) && (value < EMPTY || value > most))
  }

  countByValue(counts: Map<number, number>, now: number): void {
    for (let at = VALUE; at < this.#words.length; at += ENTRY_WORDS) {
      const value = this.#words[at] as number
      if (value > EMPTY && isLive(value, now)) counts.set(value, (counts.get(value) ?? 0) + 1)
    }
  }

  /** Position of the entry whose key starts at `from`, or of the empty slot for it. */
  #find(key: Int32Array, from: number): number {
    const words = this.#words
    const slots = words.length / ENTRY_WORDS
    const a = key[from]
    const b = key[from + 1] as number
    const c = key[from + 2]
    const d = key[from + 3]
    let slot = Math.floor(((b >>> 0) / 2 ** 32) * slots)
    for (;;) {
      const at = slot * ENTRY_WORDS
      if (words[at + VALUE] === EMPTY) return at
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return at
      slot = slot + 1 === slots ? 0 : slot + 1
    }
  }

  #rebuild(isKept: (value: number) => boolean): void {
    const old = this.#words
    let kept = 0
    for (let at = VALUE; at < old.length; at += ENTRY_WORDS) if (isKept(old[at] as number)) kept++
    const slots = Math.max(MIN_SLOTS, Math.ceil(kept / REBUILT))
    this.#words = new Int32Array(slots * ENTRY_WORDS)
    this.used = kept
    for (let at = 0; at < old.length; at += ENTRY_WORDS) {
      if (!isKept(old[at + VALUE] as number)) continue
      write(this.#words, this.#find(old, at), old, at, old[at + VALUE] as number)
    }
  }
}

/** The time is at least 2: slots that are empty or deleted are not live. */
const isLive = (value: number, now: number) => value < EMPTY || value >= now

/** Word by word: for five words, `TypedArray.set` and `subarray` take ten times as long. */
function write(words: Int32Array, at: number, key: Int32Array, from: number, value: number): void {
  words[at] = key[from] as number
  words[at + 1] = key[from + 1] as number
  words[at + 2] = key[from + 2] as number
  words[at + 3] = key[from + 3] as number
  words[at + VALUE] = value
}
