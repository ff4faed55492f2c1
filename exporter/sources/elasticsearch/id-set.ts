import type { IdHash } from './id-hash.ts'

const FIRST_SLOTS = 64
/** A table this full is doubled: open addressing stays short. */
const FULLEST = 0.7
/** How full a table is made that is hardly added to any more. */
const PACKED = 0.9

/**
 * A set of document ids in 8 bytes each: open addressing with linear probing over the two halves of their hashes.
 * The hash (0, 0) marks an empty slot and is remembered apart.
 */
export class IdSet {
  #slots = new Int32Array(2 * FIRST_SLOTS)
  #size = 0
  #hasZero = false

  get size(): number {
    return this.#size
  }

  has({ high, low }: IdHash): boolean {
    if (high === 0 && low === 0) return this.#hasZero
    const slot = this.#find(high, low)
    return this.#slots[slot] !== 0 || this.#slots[slot + 1] !== 0
  }

  /** False when it was there already. */
  add({ high, low }: IdHash): boolean {
    if (high === 0 && low === 0) {
      if (this.#hasZero) return false
      this.#hasZero = true
      this.#size++
      return true
    }
    const slot = this.#find(high, low)
    if (this.#slots[slot] !== 0 || this.#slots[slot + 1] !== 0) return false
    this.#slots[slot] = high
    this.#slots[slot + 1] = low
    this.#size++
    const room = this.#slots.length / 2
    if (this.#size > room * FULLEST) this.#resize(2 * room)
    return true
  }

  /** Gives back the memory that was kept for ids to come; one that comes all the same makes the table large again. */
  pack(): void {
    this.#resize(Math.max(FIRST_SLOTS, Math.ceil(this.#size / PACKED)))
  }

  /** Index of the slot that holds this hash, or of the empty one where it would go. */
  #find(high: number, low: number): number {
    const slots = this.#slots.length / 2
    let slot = Math.floor(((low >>> 0) / 2 ** 32) * slots)
    for (;;) {
      const at = 2 * slot
      const here = this.#slots[at]
      const there = this.#slots[at + 1]
      if ((here === high && there === low) || (here === 0 && there === 0)) return at
      slot = slot + 1 === slots ? 0 : slot + 1
    }
  }

  #resize(slots: number): void {
    const old = this.#slots
    this.#slots = new Int32Array(2 * slots)
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] as number
      const low = old[at + 1] as number
      if (high === 0 && low === 0) continue
      const slot = this.#find(high, low)
      this.#slots[slot] = high
      this.#slots[slot + 1] = low
    }
  }
}
