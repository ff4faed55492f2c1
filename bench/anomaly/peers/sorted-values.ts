/** Values kept in order, for exact quantiles of a sliding set. */
export class SortedValues {
  #values = new Float64Array(64)
  #length = 0

  get length(): number {
    return this.#length
  }

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length)
      larger.set(this.#values)
      this.#values = larger
    }
    const at = this.#position(value)
    this.#values.copyWithin(at + 1, at, this.#length)
    this.#values[at] = value
    this.#length++
  }

  /** Takes out one value that was added. */
  remove(value: number): void {
    const at = this.#position(value)
    this.#values.copyWithin(at, at + 1, this.#length)
    this.#length--
  }

  /** Quantile with linear interpolation, as PromQL's quantile_over_time; undefined where there is no value. */
  quantile(p: number): number | undefined {
    if (this.#length === 0) return undefined
    const rank = p * (this.#length - 1)
    const below = this.#values[Math.floor(rank)] as number
    const above = this.#values[Math.ceil(rank)] as number
    return below + (above - below) * (rank - Math.floor(rank))
  }

  /** Index of the first value that is not smaller. */
  #position(value: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#values[middle] as number) < value) low = middle + 1
      else high = middle
    }
    return low
  }
}
