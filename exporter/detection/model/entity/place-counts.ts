const COUNT_BITS = 8
const MAXIMUM = 255
const SMALLEST = 16
/** Bytes that a filled place takes in the list of pairs, at most. */
const PAIR_BYTES = 8

/**
 * Counts up to 255 at numbered places. While few places are filled, only those are kept, each in 32 bits with its number;
 * then every place has a byte.
 */
export class PlaceCounts {
  readonly #places: number
  /** Open addressing: 24 bits of the place and 8 of its count; 0 is free. Undefined once every place has a byte. */
  #pairs: Uint32Array | undefined = new Uint32Array(SMALLEST)
  #filled = 0
  #bytes = new Uint8Array(0)

  /** @param places at most 2^24 */
  constructor(places: number) {
    this.#places = places
  }

  get(place: number): number {
    if (this.#pairs === undefined) return this.#bytes[place] as number
    return (this.#pairs[cellOf(this.#pairs, place)] as number) & MAXIMUM
  }

  /** Counts one more, up to 255. */
  add(place: number): void {
    const count = this.get(place)
    if (count === MAXIMUM) return
    if (count === 0 && this.#pairs !== undefined) this.#makeRoom(this.#pairs)
    this.#put(place, count + 1)
  }

  halve(): void {
    if (this.#pairs === undefined) {
      for (let place = 0; place < this.#places; place++) this.#bytes[place] = (this.#bytes[place] as number) >> 1
      return
    }
    const before = [...this.entries()]
    this.clear()
    for (const [place, count] of before) if (count > 1) this.set(place, count >> 1)
  }

  set(place: number, count: number): void {
    if (this.#pairs !== undefined && this.get(place) === 0) this.#makeRoom(this.#pairs)
    this.#put(place, count)
  }

  clear(): void {
    if (this.#pairs !== undefined) this.#pairs = new Uint32Array(SMALLEST)
    this.#filled = 0
    this.#bytes.fill(0)
  }

  /** Filled places and their counts, lowest place first. */
  *entries(): Generator<readonly [place: number, count: number]> {
    if (this.#pairs !== undefined) {
      for (const pair of this.#pairs.toSorted()) if (pair !== 0) yield [pair >>> COUNT_BITS, pair & MAXIMUM]
      return
    }
    for (const [place, count] of this.#bytes.entries()) if (count !== 0) yield [place, count]
  }

  #put(place: number, count: number): void {
    if (this.#pairs === undefined) this.#bytes[place] = count
    else this.#pairs[cellOf(this.#pairs, place)] = ((place << COUNT_BITS) | count) >>> 0
  }

  /** Makes room for one more filled place. */
  #makeRoom(pairs: Uint32Array): void {
    this.#filled++
    if (this.#filled <= 0.75 * pairs.length) return
    if (PAIR_BYTES * this.#filled > this.#places) {
      this.#bytes = new Uint8Array(this.#places)
      for (const pair of pairs) if (pair !== 0) this.#bytes[pair >>> COUNT_BITS] = pair & MAXIMUM
      this.#pairs = undefined
      return
    }
    const larger = new Uint32Array(2 * pairs.length)
    for (const pair of pairs) if (pair !== 0) larger[cellOf(larger, pair >>> COUNT_BITS)] = pair
    this.#pairs = larger
  }
}

/** Cell that holds the place, or the free one where it belongs. */
function cellOf(pairs: Uint32Array, place: number): number {
  const mask = pairs.length - 1
  let cell = Math.imul(place, 0x9e37_79b1) >>> Math.clz32(mask)
  for (let pair = pairs[cell] as number; pair !== 0 && pair >>> COUNT_BITS !== place; pair = pairs[cell] as number) {
    cell = (cell + 1) & mask
  }
  return cell
}
