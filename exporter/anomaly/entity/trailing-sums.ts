import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

/** Sums of a count and of its expectation over the last minutes. Counts are whole, so their sum is exact. */
export class TrailingSums {
  readonly #counts: Float64Array
  readonly #expected: Float64Array
  #next = 0
  count = 0
  expected = 0

  constructor(minutes: number) {
    this.#counts = new Float64Array(minutes)
    this.#expected = new Float64Array(minutes)
  }

  push(count: number, expected: number): void {
    this.count += count - (this.#counts[this.#next] as number)
    this.expected += expected - (this.#expected[this.#next] as number)
    this.#counts[this.#next] = count
    this.#expected[this.#next] = expected
    this.#next = (this.#next + 1) % this.#counts.length
    if (this.#next === 0) this.expected = this.#expected.reduce((sum, value) => sum + value, 0)
  }

  save(to: StateWriter): void {
    for (const value of [this.#next, this.count, this.expected]) to.f64(value)
    to.f64s(this.#counts)
    to.f64s(this.#expected)
  }

  load(from: StateReader): void {
    this.#next = from.f64()
    this.count = from.f64()
    this.expected = from.f64()
    from.f64sInto(this.#counts)
    from.f64sInto(this.#expected)
  }
}
