/** Keeps the k largest of a stream, largest first; of equals the earlier one stays in front. */
export class Largest<T> {
  readonly #limit: number
  readonly #size: (item: T) => number
  readonly #items: T[] = []

  constructor(limit: number, size: (item: T) => number) {
    this.#limit = limit
    this.#size = size
  }

  get items(): readonly T[] {
    return this.#items
  }

  offer(item: T): void {
    const size = this.#size(item)
    const last = this.#items[this.#limit - 1]
    if (last !== undefined && size <= this.#size(last)) return
    let at = Math.min(this.#items.length, this.#limit - 1)
    while (at > 0 && this.#size(this.#items[at - 1] as T) < size) at--
    this.#items.splice(at, 0, item)
    if (this.#items.length > this.#limit) this.#items.pop()
  }
}
