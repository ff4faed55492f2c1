import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

/** The last values of a series, up to a fixed number of them. */
export class ValueRing {
  readonly #values: Float64Array
  #next = 0
  #length = 0

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity)
  }

  get full(): boolean {
    return this.#length === this.#values.length
  }

  push(value: number): void {
    this.#values[this.#next] = value
    this.#next = (this.#next + 1) % this.#values.length
    if (!this.full) this.#length++
  }

  /** Mean of the values present; NaN when there is none. */
  mean(): number {
    let sum = 0
    for (let i = 0; i < this.#length; i++) sum += this.#values[i] as number
    return sum / this.#length
  }

  /** Largest of the values present; −∞ when there is none. */
  largest(): number {
    let largest = Number.NEGATIVE_INFINITY
    for (let i = 0; i < this.#length; i++) largest = Math.max(largest, this.#values[i] as number)
    return largest
  }

  save(to: StateWriter): void {
    to.u32(this.#next)
    to.u32(this.#length)
    to.f64s(this.#values)
  }

  load(from: StateReader): void {
    this.#next = from.u32()
    this.#length = from.u32()
    from.f64sInto(this.#values)
  }
}
