import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { PlaceCounts } from './place-counts.ts'

const ROWS = 4
const MAXIMUM = 255
/** Places of a row for each key of the table: few enough unknown keys share a place. */
const PLACES_PER_KEY = 4
/** All counts are halved after that many observations for each key of the table. */
const AGE_AFTER = 10

/**
 * How often keys were seen lately, in a byte a place: a count-min sketch of four rows (Cormode and Muthukrishnan 2005)
 * whose counts are halved as they age (TinyLFU: Einziger, Friedman and Manes, ACM TOS 13, 2017). Never too low,
 * sometimes too high.
 */
export class FrequencySketch {
  readonly #width: number
  readonly #ageAfter: number
  readonly #counts: PlaceCounts
  #observations = 0

  /** @param capacity keys that the table holds */
  constructor(capacity: number) {
    this.#width = 2 ** Math.ceil(Math.log2(PLACES_PER_KEY * capacity))
    this.#ageAfter = AGE_AFTER * capacity
    this.#counts = new PlaceCounts(ROWS * this.#width)
  }

  see(hash: number): void {
    for (let row = 0; row < ROWS; row++) this.#counts.add(this.#place(row, hash))
    if (++this.#observations >= this.#ageAfter) this.#age()
  }

  /** Observations of the key, as far as remembered. */
  frequency(hash: number): number {
    let least = MAXIMUM
    for (let row = 0; row < ROWS; row++) least = Math.min(least, this.#counts.get(this.#place(row, hash)))
    return least
  }

  save(to: StateWriter): void {
    to.f64(this.#observations)
    const filled = [...this.#counts.entries()]
    to.u32(filled.length)
    for (const [place, count] of filled) {
      to.u32(place)
      to.u32(count)
    }
  }

  load(from: StateReader): void {
    this.#observations = from.f64()
    this.#counts.clear()
    for (let left = from.u32(); left > 0; left--) this.#counts.set(from.u32(), from.u32())
  }

  #age(): void {
    this.#counts.halve()
    this.#observations = Math.floor(this.#observations / 2)
  }

  /** Rows by double hashing of the two halves of a 53-bit hash. */
  #place(row: number, hash: number): number {
    const low = hash >>> 0
    const high = Math.floor(hash / 2 ** 32)
    return row * this.#width + ((low + Math.imul(row, high | 1)) & (this.#width - 1))
  }
}
