/**
 * The first `most` (at least one) of any number of items in an order, without keeping or sorting the rest. Equal items
 * keep their order.
 */
export class Top<T> {
  readonly #most: number
  readonly #compare: (a: T, b: T) => number
  readonly #held: T[] = []

  /** @param compare as of `Array.prototype.sort`: negative where `a` comes before `b` */
  constructor(most: number, compare: (a: T, b: T) => number) {
    this.#most = most
    this.#compare = compare
  }

  add(item: T): void {
    const held = this.#held
    const isFull = held.length === this.#most
    if (isFull && this.#compare(item, held[held.length - 1] as T) >= 0) return
    if (isFull) held.pop()
    held.splice(this.#placeOf(item), 0, item)
  }

  /** In order. */
  list(): readonly T[] {
    return this.#held
  }

  /** Index of the first kept item that comes after this one. */
  #placeOf(item: T): number {
    let low = 0
    let high = this.#held.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(this.#held[middle] as T, item) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
