import type { EpochMs } from '../../core/clock.ts'
import type { DocumentValue, Json } from '../../service/state/state.ts'

export type Entry<V extends Json> = readonly [key: string, value: V]

/**
 * Values by key until a time of the source's own clock, the watermark. Kept by the second in which they end, one state
 * document a second, so that a commit writes what has changed and not all that is remembered. Bounded: beyond its
 * capacity the entry that ends first is given up.
 */
export class ExpiringKeys<V extends Json> {
  readonly #name: string
  readonly #capacity: number
  readonly #secondOf = new Map<string, number>()
  readonly #seconds = new Map<number, Map<string, V>>()
  readonly #changed = new Set<number>()
  /** Seconds that have a document in the state database, or will have with the next commit. */
  readonly #written = new Set<number>()

  /** @param name start of the names of its documents; no other family's may begin with it */
  constructor(name: string, capacity: number) {
    this.#name = name
    this.#capacity = capacity
  }

  get(key: string): V | undefined {
    const second = this.#secondOf.get(key)
    return second === undefined ? undefined : this.#seconds.get(second)?.get(key)
  }

  /** Sets or moves a key; returns the entry that had to leave for it. */
  set(key: string, value: V, until: EpochMs): Entry<V> | undefined {
    this.#remove(key)
    const evicted = this.#secondOf.size >= this.#capacity ? this.#evict() : undefined
    const second = Math.ceil(until / 1000)
    let entries = this.#seconds.get(second)
    if (entries === undefined) {
      entries = new Map()
      this.#seconds.set(second, entries)
    }
    entries.set(key, value)
    this.#secondOf.set(key, second)
    this.#changed.add(second)
    return evicted
  }

  /** Removes and returns what ends at or before this time, the earliest second first. */
  expire(now: EpochMs): Entry<V>[] {
    const due = [...this.#seconds.keys()].filter(second => second * 1000 <= now).sort((a, b) => a - b)
    return due.flatMap(second => {
      const entries = [...(this.#seconds.get(second) ?? [])]
      for (const [key] of entries) this.#secondOf.delete(key)
      this.#seconds.delete(second)
      this.#changed.add(second)
      return entries
    })
  }

  /** Documents that have changed since they were last asked for. */
  changes(): DocumentValue[] {
    const documents: DocumentValue[] = []
    for (const second of this.#changed) {
      const entries = this.#seconds.get(second)
      const name = `${this.#name}/${second}`
      if (entries !== undefined) {
        this.#written.add(second)
        documents.push({ name, value: [...entries] })
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
    for (const entries of this.#seconds.values()) yield* entries
  }

  #remove(key: string): void {
    const second = this.#secondOf.get(key)
    if (second === undefined) return
    this.#secondOf.delete(key)
    this.#changed.add(second)
    const entries = this.#seconds.get(second)
    entries?.delete(key)
    if (entries?.size === 0) this.#seconds.delete(second)
  }

  #evict(): Entry<V> | undefined {
    let first = Number.POSITIVE_INFINITY
    for (const second of this.#seconds.keys()) first = Math.min(first, second)
    for (const entry of this.#seconds.get(first) ?? []) {
      this.#remove(entry[0])
      return entry
    }
    return undefined
  }
}
