import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import { RecencyTable } from '../state/recency-table.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { capacity, forgetSeconds } = anomalyConstants.firstSeen
/** Times are kept as whole seconds of 32 bits, up to the year 2106. */
const LAST_TIME = 2 ** 32 - 1

/** How well a key is known; `once` has the time of its only observation, in seconds. */
export type Acquaintance =
  | { readonly kind: 'new' }
  | { readonly kind: 'once'; readonly at: number }
  | { readonly kind: 'known' }

const NEW: Acquaintance = { kind: 'new' }
const KNOWN: Acquaintance = { kind: 'known' }

/**
 * The keys seen in a scope, as hashes, in the order in which they were last seen. At most 100,000: the one not seen for
 * the longest goes first; one not seen for 30 days is new again. The scopes of a series share one table.
 */
export class KnownKeys {
  /** Distinguishes the keys of this scope from those of the others in the table. */
  readonly #scope: number
  readonly #size: number
  readonly #evicted: number

  /** @param scope 0 to 3 */
  constructor(layout: Layout, scope: number) {
    this.#scope = scope
    this.#size = layout.numbers()
    this.#evicted = layout.numbers()
  }

  size(state: ScorerState): number {
    return state.get(this.#size)
  }

  /** Keys that were forgotten because there was no room. */
  evicted(state: ScorerState): number {
    return state.get(this.#evicted)
  }

  /**
   * How well the key was known, before this observation of `events` events at `time`. The mark of an entry: seen only
   * once.
   */
  see(state: ScorerState, hash: number, time: number, events: number): Acquaintance {
    state.keys ??= new RecencyTable()
    const { keys } = state
    const position = keys.find(hash, this.#scope)
    const at = position < 0 ? 0 : keys.value(position)
    const wasOnce = position >= 0 && keys.flag(position)
    const isNew = position < 0 || time - at > forgetSeconds
    keys.put(hash, clamped(time), this.#scope, isNew && events === 1, position)
    if (position < 0) this.#grow(state, keys)
    if (isNew) return NEW
    return wasOnce ? { kind: 'once', at } : KNOWN
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f64(this.evicted(state))
    to.u32(this.size(state))
    const { keys } = state
    if (keys === undefined) return
    for (const position of keys.positions(this.#scope)) {
      const at = keys.value(position)
      to.f64(keys.hash(position))
      to.f64(keys.flag(position) ? at : -at)
    }
  }

  load(state: ScorerState, from: StateReader): void {
    state.set(this.#evicted, from.f64())
    const size = from.u32()
    state.set(this.#size, size)
    if (size > 0) state.keys ??= new RecencyTable()
    for (let left = size; left > 0; left--) {
      const hash = from.f64()
      const mark = from.f64()
      state.keys?.put(hash, clamped(Math.abs(mark)), this.#scope, mark > 0)
    }
  }

  #grow(state: ScorerState, keys: RecencyTable): void {
    state.add(this.#size, 1)
    if (this.size(state) <= capacity) return
    keys.delete(keys.oldest(this.#scope))
    state.add(this.#size, -1)
    state.add(this.#evicted, 1)
  }
}

const clamped = (time: number) => Math.max(0, Math.min(LAST_TIME, time))
