/** Mean and standard deviation of any stretch of the past, from running sums. Values that are absent do not count. */
export class PastMoments {
  readonly #counts = [0]
  readonly #sums = [0]
  readonly #squares = [0]

  get length(): number {
    return this.#counts.length - 1
  }

  push(value: number | undefined): void {
    const last = this.length
    this.#counts.push((this.#counts[last] as number) + (value === undefined ? 0 : 1))
    this.#sums.push((this.#sums[last] as number) + (value ?? 0))
    this.#squares.push((this.#squares[last] as number) + (value ?? 0) ** 2)
  }

  /** Over the `width` values that end `offset` values before the newest; undefined where none is there. */
  over(width: number, offset = 0): Moments | undefined {
    const end = this.length - offset
    if (end <= 0) return undefined
    const start = Math.max(0, end - width)
    const count = (this.#counts[end] as number) - (this.#counts[start] as number)
    if (count === 0) return undefined
    const mean = ((this.#sums[end] as number) - (this.#sums[start] as number)) / count
    const square = ((this.#squares[end] as number) - (this.#squares[start] as number)) / count
    return { mean, deviation: Math.sqrt(Math.max(0, square - mean * mean)) }
  }
}

/** Population standard deviation, as PromQL's stddev_over_time. */
export interface Moments {
  readonly mean: number
  readonly deviation: number
}
