import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const ROWS = 4
const MAXIMUM = 255
/** Places of a row for each key of the table: few enough strangers meet in one place. */
const PLACES_PER_KEY = 4
/** All counts are halved after so many sightings for each key of the table. */
const AGE_AFTER = 10

/**
 * How often keys were seen lately, in a byte a place: a count-min sketch of four rows (Cormode and Muthukrishnan 2005)
 * whose counts are halved as they age (TinyLFU: Einziger, Friedman and Manes, ACM TOS 13, 2017). Never too low, sometimes
 * too high.
 */
export class FrequencySketch {
  readonly #width: number
  readonly #ageAfter: number
  readonly #counts: Uint8Array
  #sightings = 0

  /** @param capacity keys that the table behind it holds */
  constructor(capacity: number) {
    this.#width = 2 ** Math.ceil(Math.log2(PLACES_PER_KEY * capacity))
    this.#ageAfter = AGE_AFTER * capacity
    this.#counts = new Uint8Array(ROWS * this.#width)
  }

  see(hash: number): void {
    for (let row = 0; row < ROWS; row++) {
      const place = this.#place(row, hash)
      const count = this.#counts[place] as number
      if (count < MAXIMUM) this.#counts[place] = count + 1
    }
    if (++this.#sightings >= this.#ageAfter) this.#age()
  }

  /** Sightings of the key, as far as remembered. */
  frequency(hash: number): number {
    let least = MAXIMUM
    for (let row = 0; row < ROWS; row++) least = Math.min(least, this.#counts[this.#place(row, hash)] as number)
    return least
  }

  save(to: StateWriter): void {
    to.f64(this.#sightings)
    // Most places of most tables are empty.
    const filled: number[] = []
    for (let place = 0; place < this.#counts.length; place++) if (this.#counts[place] !== 0) filled.push(place)
    to.u32(filled.length)
    for (const place of filled) {
      to.u32(place)
      to.u32(this.#counts[place] as number)
    }
  }

  load(from: StateReader): void {
    this.#sightings = from.f64()
    this.#counts.fill(0)
    for (let left = from.u32(); left > 0; left--) {
      const place = from.u32()
      this.#counts[place] = from.u32()
    }
  }

  #age(): void {
    for (let i = 0; i < this.#counts.length; i++) this.#counts[i] = (this.#counts[i] as number) >> 1
    this.#sightings = Math.floor(this.#sightings / 2)
  }

  /** Rows by double hashing of the two halves of a 53-bit hash. */
  #place(row: number, hash: number): number {
    const low = hash >>> 0
    const high = Math.floor(hash / 2 ** 32)
    return row * this.#width + ((low + Math.imul(row, high | 1)) & (this.#width - 1))
  }
}
