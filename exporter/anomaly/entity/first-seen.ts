import { anomalyConstants } from '../constants.ts'
import { negativeBinomialSurprise } from '../count/negative-binomial-tail.ts'
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
 * key is p = min(1, (N₁ + ½)/(N + 1)). A minute of n events expects m = n·p new keys; the k that came are judged by a
 * negative binomial with φ = .5 over 1 and 60 minutes. No sketch behind it: the model is calibrated as it stands.
 */
export class FirstSeen {
  #seed: number
  readonly #keys = new KnownKeys()
  readonly #sums = windows.map(minutes => new TrailingSums(minutes))
  #events = 0
  #singletons = 0
  #minutes = 0
  #time = 0

  /** Surprise of the last minute; 0 in the first 720. */
  surprise = 0
  /** Chance that an event brings a new key, as it stood before the last minute. */
  chance = 1
  /** New keys within the window that speaks, and its width in minutes. */
  newKeys = 0
  window: number = windows[0]
  /** The newest keys, newest last: for logs, never for labels. */
  newest: readonly string[] = []

  /** @param seed of the keys' hash */
  constructor(seed: number) {
    this.#seed = seed
  }

  /** Keys known and keys forgotten for want of room. */
  get table(): { readonly size: number; readonly evicted: number } {
    return this.#keys
  }

  /** Takes in a minute that begins at `time` (seconds). */
  step(time: number, keys: KeyCounts): number {
    this.#decayTo(time)
    this.chance = Math.min(1, (this.#singletons + 0.5) / (this.#events + 1))
    let events = 0
    let fresh = 0
    for (const [key, count] of keys) {
      events += count
      if (this.#see(key, count, time)) {
        fresh++
        this.newest = [...this.newest.slice(1 - NEWEST), key]
      }
    }
    this.#minutes++
    this.#judge(fresh, events * this.chance)
    return this.surprise
  }

  /** Keys of late events become known; no score changes. */
  learnLate(keys: KeyCounts): void {
    for (const [key, count] of keys) this.#see(key, count, this.#time)
  }

  save(to: StateWriter): void {
    for (const value of [this.#seed, this.#events, this.#singletons, this.#minutes, this.#time]) to.f64(value)
    for (const value of [this.surprise, this.chance, this.newKeys, this.window]) to.f64(value)
    to.u32(this.newest.length)
    for (const key of this.newest) to.text(key)
    this.#keys.save(to)
    for (const sums of this.#sums) sums.save(to)
  }

  load(from: StateReader): void {
    this.#seed = from.f64()
    this.#events = from.f64()
    this.#singletons = from.f64()
    this.#minutes = from.f64()
    this.#time = from.f64()
    this.surprise = from.f64()
    this.chance = from.f64()
    this.newKeys = from.f64()
    this.window = from.f64()
    this.newest = Array.from({ length: from.u32() }, () => from.text())
    this.#keys.load(from)
    for (const sums of this.#sums) sums.load(from)
  }

  #judge(fresh: number, expected: number): void {
    this.surprise = 0
    this.newKeys = fresh
    this.window = windows[0]
    windows.forEach((minutes, i) => {
      const sums = this.#sums[i] as TrailingSums
      sums.push(fresh, expected)
      const surprise = negativeBinomialSurprise(sums.count, sums.expected, dispersion)
      if (this.#minutes <= warmUp || surprise <= this.surprise) return
      this.surprise = surprise
      this.newKeys = sums.count
      this.window = minutes
    })
  }

  /** @returns true when the key is new */
  #see(key: string, count: number, time: number): boolean {
    const acquaintance = this.#keys.see(hashKey(key, this.#seed), time, count)
    this.#events += count
    if (acquaintance.kind === 'new') {
      if (count === 1) this.#singletons++
      return true
    }
    if (acquaintance.kind === 'once') {
      this.#singletons = Math.max(0, this.#singletons - 2 ** ((acquaintance.at - time) / halfLifeSeconds))
    }
    return false
  }

  #decayTo(time: number): void {
    const kept = this.#minutes === 0 ? 1 : 2 ** ((this.#time - time) / halfLifeSeconds)
    this.#events *= kept
    this.#singletons *= kept
    this.#time = time
  }
}
