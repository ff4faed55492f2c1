import type { EpochMs } from '../../core/clock.ts'
import type { DocumentValue, Json } from '../../service/state/state.ts'

export type Entry<V extends Json> = readonly [key: string, value: V]

/**
 * Values by key until a time of the source's own clock, the watermark. Kept by the second in which they end, one state
 * document a second, so that a commit writes what has changed and not all that is remembered. Bounded: when it is full,
 * the entries of the second that ends first are given up.
 */
export class ExpiringKeys<V extends Json> {
  readonly #name: string
  readonly #capacity: number
  readonly #byKey = new Map<string, Held<V>>()
  readonly #seconds = new Map<number, Set<Held<V>>>()
  /** No second before this one holds a key. */
  #earliest = Number.POSITIVE_INFINITY
  readonly #changed = new Set<number>()
  /** Seconds that have a document in the state database, or will have with the next commit. */
  readonly #written = new Set<number>()

  /** @param name start of the names of its documents; no other family's may begin with it */
  constructor(name: string, capacity: number) {
    this.#name = name
    this.#capacity = capacity
  }

  get(key: string): V | undefined {
    return this.#byKey.get(key)?.value
  }

  /** Sets or moves a key; returns the entries that had to leave for it. */
  set(key: string, value: V, until: EpochMs): Entry<V>[] {
    const second = Math.ceil(until / 1000)
    const known = this.#byKey.get(key)
    if (known !== undefined) {
      this.#leave(known)
      known.value = value
      this.#enter(known, second)
      return []
    }
    const evicted = this.#byKey.size >= this.#capacity ? this.expire(this.#earliest * 1000) : []
    const held = { key, value, second }
    this.#byKey.set(key, held)
    this.#enter(held, second)
    return evicted
  }

  /** Removes and returns what ends at or before this time, the earliest second first. */
  expire(now: EpochMs): Entry<V>[] {
    if (this.#earliest * 1000 > now) return []
    const due = [...this.#seconds.keys()].filter(second => second * 1000 <= now).sort((a, b) => a - b)
    const expired = due.flatMap(second => [...(this.#seconds.get(second) ?? [])])
    for (const held of expired) this.#byKey.delete(held.key)
    for (const second of due) {
      this.#seconds.delete(second)
      this.#changed.add(second)
    }
    this.#findEarliest()
    return expired.map(entryOf)
  }

  /** Documents that have changed since they were last asked for. */
  changes(): DocumentValue[] {
    const documents: DocumentValue[] = []
    for (const second of this.#changed) {
      const held = this.#seconds.get(second)
      const name = `${this.#name}/${second}`
      if (held !== undefined) {
        this.#written.add(second)
        documents.push({ name, value: [...held].map(entryOf) })
      } else if (this.#written.delete(second)) {
        documents.push({ name, value: null })
      }
    }
    this.#changed.clear()
    return documents
  }

  restore(documents: readonly DocumentValue[]): void {
    for (const { name, value } of documents) {
      if (!name.startsWith(`${this.#name}/`)) continue
      const second = Number(name.slice(this.#name.length + 1))
      for (const [key, entry] of value as unknown as Entry<V>[]) this.set(key, entry, second * 1000)
      this.#written.add(second)
    }
    this.#changed.clear()
  }

  *entries(): Iterable<Entry<V>> {
    for (const held of this.#byKey.values()) yield entryOf(held)
  }

  #enter(held: Held<V>, second: number): void {
    held.second = second
    const others = this.#seconds.get(second)
    if (others === undefined) this.#seconds.set(second, new Set([held]))
    else others.add(held)
    this.#changed.add(second)
    if (second < this.#earliest) this.#earliest = second
  }

  #leave(held: Held<V>): void {
    const others = this.#seconds.get(held.second)
    others?.delete(held)
    this.#changed.add(held.second)
    if (others?.size !== 0) return
    this.#seconds.delete(held.second)
    if (held.second === this.#earliest) this.#findEarliest()
  }

  #findEarliest(): void {
    this.#earliest = Number.POSITIVE_INFINITY
    for (const second of this.#seconds.keys()) this.#earliest = Math.min(this.#earliest, second)
  }
}

interface Held<V> {
  readonly key: string
  value: V
  second: number
}

const entryOf = <V extends Json>({ key, value }: Held<V>): Entry<V> => [key, value]
