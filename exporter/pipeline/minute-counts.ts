import type { MinuteCounts } from '../contracts/subscriber.ts'

/** Counts of minutes in two columns, 12 bytes a minute, for the many that are read back at a start. */
export class PackedMinutes implements MinuteCounts {
  readonly #starts: Uint32Array
  readonly #counts: Float64Array

  /** @param starts ascending; `counts` belong to them one by one */
  constructor(starts: Uint32Array, counts: Float64Array) {
    this.#starts = starts
    this.#counts = counts
  }

  /** The minutes that begin at `first` or later and before `end`, on the same memory. */
  between(first: number, end: number): PackedMinutes {
    const [from, to] = [this.#firstAt(first), this.#firstAt(end)]
    return new PackedMinutes(this.#starts.subarray(from, to), this.#counts.subarray(from, to))
  }

  get(start: number): number | undefined {
    const index = this.#firstAt(start)
    return this.#starts[index] === start ? this.#counts[index] : undefined
  }

  values(): Iterable<number> {
    return this.#counts
  }

  *[Symbol.iterator](): Generator<readonly [number, number]> {
    for (const [index, start] of this.#starts.entries()) yield [start, this.#counts[index] as number]
  }

  /** Index of the first minute that does not begin before this one. */
  #firstAt(start: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] as number) < start) low = middle + 1
      else high = middle
    }
    return low
  }
}
