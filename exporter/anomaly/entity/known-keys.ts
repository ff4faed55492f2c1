import { anomalyConstants } from '../constants.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { capacity, forgetSeconds } = anomalyConstants.firstSeen

/** How well a key is known; `once` brings the time of its only sighting, in seconds. */
export type Acquaintance =
  | { readonly kind: 'new' }
  | { readonly kind: 'once'; readonly at: number }
  | { readonly kind: 'known' }

const NEW: Acquaintance = { kind: 'new' }
const KNOWN: Acquaintance = { kind: 'known' }

/**
 * The keys seen in a scope, as hashes, in the order in which they were last seen. At most 100,000: the one not seen for
 * the longest goes first; one not seen for 30 days is new again.
 */
export class KnownKeys {
  /** Hash to the time last seen in seconds: positive when seen once, negative when more than once. */
  readonly #lastSeen = new Map<number, number>()
  /** Keys that were forgotten for want of room. */
  evicted = 0

  get size(): number {
    return this.#lastSeen.size
  }

  /** How well the key was known, before this sighting of `events` events at `time`. */
  see(hash: number, time: number, events: number): Acquaintance {
    const mark = this.#lastSeen.get(hash)
    this.#lastSeen.delete(hash)
    const forgotten = mark !== undefined && time - Math.abs(mark) > forgetSeconds
    const isNew = mark === undefined || forgotten
    this.#lastSeen.set(hash, isNew && events === 1 ? time : -time)
    if (isNew) {
      this.#makeRoom()
      return NEW
    }
    return mark > 0 ? { kind: 'once', at: mark } : KNOWN
  }

  save(to: StateWriter): void {
    to.f64(this.evicted)
    to.u32(this.#lastSeen.size)
    for (const [hash, mark] of this.#lastSeen) {
      to.f64(hash)
      to.f64(mark)
    }
  }

  load(from: StateReader): void {
    this.evicted = from.f64()
    this.#lastSeen.clear()
    for (let left = from.u32(); left > 0; left--) this.#lastSeen.set(from.f64(), from.f64())
  }

  #makeRoom(): void {
    if (this.#lastSeen.size <= capacity) return
    const oldest = this.#lastSeen.keys().next().value
    if (oldest === undefined) return
    this.#lastSeen.delete(oldest)
    this.evicted++
  }
}
