/** 32-bit words of an entry: low half of the hash; high half, tag and marks; value. */
const WORDS = 3
/** High word: 21 bits of the hash, then two of the tag, then these marks. */
const TAG_SHIFT = 21
const HASH = 0x001f_ffff
const IDENTITY = 0x007f_ffff
const GAP = 0x4000_0000
const FLAG = 0x8000_0000
/** A table of more entries is looked up by an index, and leaves gaps where an entry has moved on. */
const UNINDEXED = 256
const SMALLEST = 4

/**
 * Hashes of 53 bits, each of one of four tags, with a whole number of 32 bits and a flag, in the order in which they
 * were last put: 12 bytes an entry and, from 257 entries on, an index of 4 to 11. A Map takes 80.
 */
export class RecencyTable {
  #words = new Uint32Array(WORDS * SMALLEST)
  /** Positions in use, gaps included. */
  #end = 0
  #size = 0
  /** Open addressing: 1 + position; 0 is free. */
  #index: Uint32Array | undefined
  /** For each tag, a position before which it has no entry; undefined until an oldest entry was asked for. */
  #oldest: number[] | undefined

  get size(): number {
    return this.#size
  }

  /** Position of an entry, until the next `put` or `delete`; −1 where there is none. */
  find(hash: number, tag = 0): number {
    const low = hash >>> 0
    const high = identityOf(hash, tag)
    return this.#index === undefined ? this.#scan(low, high) : this.#at(this.#cell(this.#index, low, high))
  }

  /** Position of the entry of a tag that was put longest ago; −1 where there is none. */
  oldest(tag = 0): number {
    this.#oldest ??= [0, 0, 0, 0]
    for (let position = this.#oldest[tag] as number; position < this.#end; position++) {
      if (!this.#holds(position, tag)) continue
      this.#oldest[tag] = position
      return position
    }
    return -1
  }

  hash(position: number): number {
    const high = this.#words[WORDS * position + 1] as number
    return (high & HASH) * 2 ** 32 + (this.#words[WORDS * position] as number)
  }

  value(position: number): number {
    return this.#words[WORDS * position + 2] as number
  }

  flag(position: number): boolean {
    return ((this.#words[WORDS * position + 1] as number) & FLAG) !== 0
  }

  /**
   * Puts an entry at the end; the one with the same hash and tag goes.
   * @param value 0 to 2^32 − 1
   * @param known where `find` has found that one
   */
  put(hash: number, value: number, tag = 0, flag = false, known = this.find(hash, tag)): void {
    const low = hash >>> 0
    const high = identityOf(hash, tag)
    if (known >= 0) this.delete(known)
    if (WORDS * this.#end === this.#words.length) this.#makeRoom()
    const at = WORDS * this.#end
    this.#words[at] = low
    this.#words[at + 1] = flag ? high | FLAG : high
    this.#words[at + 2] = value
    if (this.#index !== undefined) this.#index[this.#cell(this.#index, low, high)] = this.#end + 1
    this.#end++
    this.#size++
  }

  delete(position: number): void {
    this.#size--
    if (this.#index !== undefined) {
      this.#words[WORDS * position + 1] = (this.#words[WORDS * position + 1] as number) | GAP
      return
    }
    this.#words.copyWithin(WORDS * position, WORDS * (position + 1), WORDS * this.#end)
    this.#end--
    this.#oldest = undefined
  }

  clear(): void {
    this.#words = new Uint32Array(WORDS * SMALLEST)
    this.#end = 0
    this.#size = 0
    this.#index = undefined
    this.#oldest = undefined
  }

  /** Positions of the entries of a tag, the one put longest ago first. */
  *positions(tag = 0): Generator<number> {
    for (let position = 0; position < this.#end; position++) if (this.#holds(position, tag)) yield position
  }

  #holds(position: number, tag: number): boolean {
    const high = this.#words[WORDS * position + 1] as number
    return (high & GAP) === 0 && (high & IDENTITY) >>> TAG_SHIFT === tag
  }

  /** The newest first: most keys were used a moment ago. */
  #scan(low: number, high: number): number {
    const words = this.#words
    for (let at = WORDS * (this.#end - 1); at >= 0; at -= WORDS) {
      if (words[at] === low && ((words[at + 1] as number) & IDENTITY) === high) return at / WORDS
    }
    return -1
  }

  /** Cell of the index that holds the entry, or the free one where it belongs. */
  #cell(index: Uint32Array, low: number, high: number): number {
    const words = this.#words
    const mask = index.length - 1
    let cell = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1) >>> Math.clz32(mask)
    for (let held = index[cell] as number; held !== 0; held = index[cell] as number) {
      const at = WORDS * (held - 1)
      // The cell of an entry that has moved on still leads to its gap, whose hash is the same.
      if (words[at] === low && ((words[at + 1] as number) & IDENTITY) === high) return cell
      cell = (cell + 1) & mask
    }
    return cell
  }

  #at(cell: number): number {
    const position = ((this.#index as Uint32Array)[cell] as number) - 1
    if (position < 0) return -1
    return ((this.#words[WORDS * position + 1] as number) & GAP) === 0 ? position : -1
  }

  /** Closes the gaps; where they are fewer than a quarter, in a larger array. */
  #makeRoom(): void {
    const before = this.#words
    const capacity = before.length / WORDS
    if (this.#size > 0.75 * capacity) this.#words = new Uint32Array(WORDS * (capacity + SMALLEST + (capacity >> 2)))
    const words = this.#words
    let end = 0
    for (let position = 0; position < this.#end; position++) {
      const at = WORDS * position
      if (((before[at + 1] as number) & GAP) !== 0) continue
      words[WORDS * end] = before[at] as number
      words[WORDS * end + 1] = before[at + 1] as number
      words[WORDS * end + 2] = before[at + 2] as number
      end++
    }
    this.#end = end
    this.#oldest = undefined
    this.#buildIndex()
  }

  #buildIndex(): void {
    const capacity = this.#words.length / WORDS
    if (this.#index === undefined && this.#size <= UNINDEXED) return
    const cells = 2 ** Math.ceil(Math.log2((4 / 3) * capacity))
    const index = this.#index?.length === cells ? this.#index.fill(0) : new Uint32Array(cells)
    for (let position = 0; position < this.#end; position++) {
      const at = WORDS * position
      const cell = this.#cell(index, this.#words[at] as number, (this.#words[at + 1] as number) & IDENTITY)
      index[cell] = position + 1
    }
    this.#index = index
  }
}

function identityOf(hash: number, tag: number): number {
  return Math.floor(hash / 2 ** 32) | (tag << TAG_SHIFT)
}
