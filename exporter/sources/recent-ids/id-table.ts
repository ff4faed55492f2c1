/** 64 bits as two signed halves, which V8 keeps without an object of their own. */
export interface IdHash {
  readonly high: number
  readonly low: number
}

const PARTS = 256
const PART_SHIFT = 24
const MIN_SLOTS = 64
/** A part that is fuller than this is rebuilt: open addressing stays short. */
const FULLEST = 0.88
/** How full a rebuilt part is. */
const REBUILT = 0.66
/** Minutes that can be distinguished: 45 days. */
export const MINUTE_SPAN = 2 ** 16
const FORGOTTEN = -1

/** A hash that was not remembered. */
export const ABSENT = -1

/**
 * The newest minute of each id, by the 64-bit hash of the id, in 10 bytes a slot: open addressing with linear probing,
 * in 256 parts that grow one at a time, so that no call copies the whole table.
 *
 * Forgetting a minute takes one step whatever it holds: its entries count as absent from then on, and leave when their
 * part is rebuilt. Whenever a minute is opened one part is rebuilt, so that all have been by the time at which the
 * number of a forgotten minute, modulo `MINUTE_SPAN`, is used again.
 */
export class IdTable {
  /** The remembered minute with this number modulo `MINUTE_SPAN`, or `FORGOTTEN`. */
  readonly #minutes = new Int32Array(MINUTE_SPAN).fill(FORGOTTEN)
  /** How many minutes had been opened when the one with this number modulo `MINUTE_SPAN` was forgotten last. */
  readonly #forgottenAt = new Map<number, number>()
  readonly #parts = Array.from({ length: PARTS }, (_, part) => new Part(this.#minutes, part / PARTS))
  #opened = 0

  /** Bytes of the hashes and their minutes. */
  get bytes(): number {
    return this.#parts.reduce((sum, part) => sum + part.bytes, 0)
  }

  /** Makes room for that many further ids at once, so that the table need not be built again and again as they come. */
  reserve(ids: number): void {
    for (const part of this.#parts) part.rebuild(Math.ceil(ids / PARTS))
  }

  /**
   * Remembers a minute, before the first id of it.
   *
   * @throws RangeError where a minute is remembered that lies a multiple of `MINUTE_SPAN` away
   */
  open(minute: number): void {
    const slot = minute % MINUTE_SPAN
    const known = this.#minutes[slot] as number
    if (known !== FORGOTTEN) throw new RangeError(`minutes ${known} and ${minute} are too far apart`)
    const forgottenAt = this.#forgottenAt.get(slot) ?? Number.NEGATIVE_INFINITY
    this.#forgottenAt.delete(slot)
    const rebuilt = this.#opened - forgottenAt < PARTS ? this.#parts : [this.#parts[this.#opened % PARTS] as Part]
    for (const part of rebuilt) part.rebuild()
    this.#opened++
    this.#minutes[slot] = minute
  }

  forget(minute: number): void {
    const slot = minute % MINUTE_SPAN
    this.#minutes[slot] = FORGOTTEN
    this.#forgottenAt.set(slot, this.#opened)
  }

  /**
   * Places an id in a minute that is open, unless it is in that one or in a newer one.
   *
   * @returns the minute in which it was, or `ABSENT`
   */
  place(id: IdHash, minute: number): number {
    const { high, low } = id
    // One of the 2^64 hashes shares the entry of its neighbour.
    const other = high === 0 && low === 0 ? 1 : low
    return (this.#parts[high >>> PART_SHIFT] as Part).place(high, other, minute)
  }
}

class Part {
  /** Shared by all parts. */
  readonly #minutes: Int32Array
  /** Two halves of a hash each; the hash (0, 0) marks an empty slot. */
  #hashes: Int32Array
  #slots: Uint16Array
  #used = 0

  /** @param phase 0 to 1; parts of different phases are rebuilt at different sizes, so that the whole grows evenly */
  constructor(minutes: Int32Array, phase: number) {
    this.#minutes = minutes
    const slots = Math.round(MIN_SLOTS * (FULLEST / REBUILT) ** phase)
    this.#hashes = new Int32Array(2 * slots)
    this.#slots = new Uint16Array(slots)
  }

  get bytes(): number {
    return this.#hashes.byteLength + this.#slots.byteLength
  }

  place(high: number, low: number, minute: number): number {
    const slot = this.#find(high, low)
    if (this.#hashes[2 * slot] === 0 && this.#hashes[2 * slot + 1] === 0) {
      this.#hashes[2 * slot] = high
      this.#hashes[2 * slot + 1] = low
      this.#slots[slot] = minute % MINUTE_SPAN
      this.#used++
      if (this.#used > this.#slots.length * FULLEST) this.rebuild()
      return ABSENT
    }
    const known = this.#minutes[this.#slots[slot] as number] as number
    if (known < minute) this.#slots[slot] = minute % MINUTE_SPAN
    return known
  }

  /**
   * Without the entries of forgotten minutes, in a table of the size that the others, and that many further ones,
   * need.
   */
  rebuild(further = 0): void {
    const [hashes, slots] = [this.#hashes, this.#slots]
    let kept = 0
    for (let slot = 0; slot < slots.length; slot++) if (this.#isKept(hashes, slots, slot)) kept++
    const room = Math.max(MIN_SLOTS, Math.ceil((kept + further) / REBUILT))
    this.#hashes = new Int32Array(2 * room)
    this.#slots = new Uint16Array(room)
    this.#used = kept
    for (let slot = 0; slot < slots.length; slot++) {
      if (!this.#isKept(hashes, slots, slot)) continue
      const high = hashes[2 * slot] as number
      const low = hashes[2 * slot + 1] as number
      const to = this.#find(high, low)
      this.#hashes[2 * to] = high
      this.#hashes[2 * to + 1] = low
      this.#slots[to] = slots[slot] as number
    }
  }

  #isKept(hashes: Int32Array, slots: Uint16Array, slot: number): boolean {
    const isEmpty = hashes[2 * slot] === 0 && hashes[2 * slot + 1] === 0
    return !isEmpty && this.#minutes[slots[slot] as number] !== FORGOTTEN
  }

  /** The slot that holds this hash, or the empty one where it would go. */
  #find(high: number, low: number): number {
    const hashes = this.#hashes
    const slots = this.#slots.length
    let slot = Math.floor(((low >>> 0) / 2 ** 32) * slots)
    for (;;) {
      const first = hashes[2 * slot]
      const second = hashes[2 * slot + 1]
      if ((first === high && second === low) || (first === 0 && second === 0)) return slot
      slot = slot + 1 === slots ? 0 : slot + 1
    }
  }
}
