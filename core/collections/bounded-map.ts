/**
 * A map of at most `capacity` entries: an entry that does not fit pushes out the oldest one. For caches whose keys others
 * choose. Looking an entry up does not make it newer; setting it does.
 */
export class BoundedMap<K, V> {
  readonly #capacity: number
  readonly #entries = new Map<K, V>()
  /**
   * One iterator for many evictions: a new one passes over the slots of all entries deleted before it. While it rests, it
   * keeps in memory every table that the map has replaced since, with all of their entries, so that it is renewed after as
   * many changes as there are entries.
   */
  #oldest = this.#entries.keys()
  /** Since the iterator moved or was renewed. */
  #changes = 0

  /** @throws RangeError where the capacity is not a whole number of at least 1 */
  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) throw new RangeError(`${capacity} is not a capacity`)
    this.#capacity = capacity
  }

  get size(): number {
    return this.#entries.size
  }

  has(key: K): boolean {
    return this.#entries.has(key)
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  /** Returns the value that was pushed out. */
  set(key: K, value: V): V | undefined {
    const entries = this.#entries
    const isFull = !entries.delete(key) && entries.size === this.#capacity
    const evicted = isFull ? this.#evict() : undefined
    entries.set(key, value)
    this.#renewAtTimes()
    return evicted
  }

  delete(key: K): boolean {
    this.#renewAtTimes()
    return this.#entries.delete(key)
  }

  /** From the oldest to the newest. */
  values(): MapIterator<V> {
    return this.#entries.values()
  }

  /** There is an entry: the iterator, which ends for good after the last one, is not asked otherwise. */
  #evict(): V | undefined {
    const key = this.#oldest.next().value as K
    this.#changes = 0
    const value = this.#entries.get(key)
    this.#entries.delete(key)
    return value
  }

  #renewAtTimes(): void {
    this.#changes += 1
    if (this.#changes <= this.#entries.size) return
    this.#changes = 0
    this.#oldest = this.#entries.keys()
  }
}
