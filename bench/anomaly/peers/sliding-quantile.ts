import { SortedValues } from './sorted-values.ts'

/** Exact quantiles of the last values; absent values take a place and do not count. */
export class SlidingQuantile {
  readonly #width: number
  readonly #recent: (number | undefined)[] = []
  #next = 0
  readonly #sorted = new SortedValues()

  constructor(width: number) {
    this.#width = width
  }

  push(value: number | undefined): void {
    const leaving = this.#recent[this.#next]
    if (leaving !== undefined) this.#sorted.remove(leaving)
    if (value !== undefined) this.#sorted.add(value)
    this.#recent[this.#next] = value
    this.#next = (this.#next + 1) % this.#width
  }

  quantile(p: number): number | undefined {
    return this.#sorted.quantile(p)
  }
}
