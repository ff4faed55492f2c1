import { anomalyConstants } from '../constants.ts'
import { negativeBinomialSurprise } from '../count/negative-binomial-tail.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { hashKey } from './key-hash.ts'
import { KnownKeys } from './known-keys.ts'
import { TrailingSums } from './trailing-sums.ts'

const { halfLifeSeconds, dispersion, windows, warmUp } = anomalyConstants.firstSeen
/** Newest keys kept for the explanation. */
const NEWEST = 5

/** Events of one minute by key. */
export type KeyCounts = ReadonlyMap<string, number>

/**
 * Keys (addresses, identities, devices, zone pairs) that a scope has never seen. By Good and Turing (Biometrika 40,
 * 1953), decayed with a half-life of 7 days: with N events and N₁ keys seen once, the chance that an event brings a new
 * key is p = min(1, (N₁ + ½)/(N + 1)). A minute of n events expects m = n·p new keys; the k new keys are assessed by a
 * negative binomial with φ = .5 over 1 and 60 minutes. No sketch follows it: the model is calibrated already.
 */
export class FirstSeen {
  readonly #scope: number
  readonly #keys: KnownKeys
  readonly #sums: readonly TrailingSums[]
  readonly #seed: number
  readonly #events: number
  readonly #singletons: number
  readonly #minutes: number
  readonly #time: number
  readonly #surprise: number
  readonly #chance: number
  readonly #newKeys: number
  readonly #window: number

  /** @param scope 0 to 3, of its own for each scope of a series */
  constructor(layout: Layout, scope: number) {
    this.#scope = scope
    this.#keys = new KnownKeys(layout, scope)
    this.#sums = windows.map(minutes => new TrailingSums(layout, minutes))
    this.#seed = layout.numbers()
    this.#events = layout.numbers()
    this.#singletons = layout.numbers()
    this.#minutes = layout.numbers()
    this.#time = layout.numbers()
    this.#surprise = layout.numbers()
    this.#chance = layout.numbers(1, 1)
    this.#newKeys = layout.numbers()
    this.#window = layout.numbers(1, windows[0])
  }

  /** @param seed of the keys' hash */
  begin(state: ScorerState, seed: number): void {
    state.set(this.#seed, seed)
  }

  /** Surprise of the last minute; 0 in the first 720. */
  surprise(state: ScorerState): number {
    return state.get(this.#surprise)
  }

  /** Chance that an event brings a new key, as it stood before the last minute. */
  chance(state: ScorerState): number {
    return state.get(this.#chance)
  }

  /** New keys within the window that speaks, and its width in minutes. */
  found(state: ScorerState): { readonly newKeys: number; readonly minutes: number } {
    return { newKeys: state.get(this.#newKeys), minutes: state.get(this.#window) }
  }

  /** The newest keys, newest last: for logs, never for labels. */
  newest(state: ScorerState): readonly string[] {
    return JSON.parse(state.newest[this.#scope] ?? '[]') as string[]
  }

  /** Takes in a minute that begins at `time` (seconds). */
  step(state: ScorerState, time: number, keys: KeyCounts): number {
    this.#decayTo(state, time)
    state.set(this.#chance, Math.min(1, (state.get(this.#singletons) + 0.5) / (state.get(this.#events) + 1)))
    let events = 0
    let fresh = 0
    for (const [key, count] of keys) {
      events += count
      if (this.#see(state, key, count, time)) {
        fresh++
        this.#keep(state, [...this.newest(state).slice(1 - NEWEST), key])
      }
    }
    state.add(this.#minutes, 1)
    this.#judge(state, fresh, events * this.chance(state))
    return this.surprise(state)
  }

  /** Keys of late events become known; no score changes. */
  learnLate(state: ScorerState, keys: KeyCounts): void {
    for (const [key, count] of keys) this.#see(state, key, count, state.get(this.#time))
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const place of this.#places()) to.f64(state.get(place))
    const newest = this.newest(state)
    to.u32(newest.length)
    for (const key of newest) to.text(key)
    this.#keys.save(state, to)
    for (const sums of this.#sums) sums.save(state, to)
  }

  load(state: ScorerState, from: StateReader): void {
    for (const place of this.#places()) state.set(place, from.f64())
    this.#keep(
      state,
      Array.from({ length: from.u32() }, () => from.text()),
    )
    this.#keys.load(state, from)
    for (const sums of this.#sums) sums.load(state, from)
  }

  /**
   * As one text: five of their own take three times as much, and a key cut out of a line would keep all of it for
   * weeks.
   */
  #keep(state: ScorerState, newest: readonly string[]): void {
    state.newest[this.#scope] = JSON.stringify(newest)
  }

  #judge(state: ScorerState, fresh: number, expected: number): void {
    const isWarm = state.get(this.#minutes) > warmUp
    let largest = 0
    state.set(this.#newKeys, fresh)
    state.set(this.#window, windows[0])
    windows.forEach((minutes, i) => {
      const sums = this.#sums[i] as TrailingSums
      sums.push(state, fresh, expected)
      const surprise = negativeBinomialSurprise(sums.count(state), sums.expected(state), dispersion)
      if (!isWarm || surprise <= largest) return
      largest = surprise
      state.set(this.#newKeys, sums.count(state))
      state.set(this.#window, minutes)
    })
    state.set(this.#surprise, largest)
  }

  /** @returns true when the key is new */
  #see(state: ScorerState, key: string, count: number, time: number): boolean {
    const acquaintance = this.#keys.see(state, hashKey(key, state.get(this.#seed)), time, count)
    state.add(this.#events, count)
    if (acquaintance.kind === 'new') {
      if (count === 1) state.add(this.#singletons, 1)
      return true
    }
    if (acquaintance.kind === 'once') {
      const decayed = 2 ** ((acquaintance.at - time) / halfLifeSeconds)
      state.set(this.#singletons, Math.max(0, state.get(this.#singletons) - decayed))
    }
    return false
  }

  #decayTo(state: ScorerState, time: number): void {
    const passed = time - state.get(this.#time)
    const kept = state.get(this.#minutes) === 0 ? 1 : 2 ** (-passed / halfLifeSeconds)
    state.set(this.#events, state.get(this.#events) * kept)
    state.set(this.#singletons, state.get(this.#singletons) * kept)
    state.set(this.#time, time)
  }

  #places(): readonly number[] {
    return [
      ...[this.#seed, this.#events, this.#singletons, this.#minutes, this.#time],
      ...[this.#surprise, this.#chance, this.#newKeys, this.#window],
    ]
  }
}
