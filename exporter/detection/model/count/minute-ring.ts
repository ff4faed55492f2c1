import { anomalyConstants } from '../constants.ts'
import type { LevelEstimate } from '../profile/level.ts'
import type { Expectation } from '../profile/profile.ts'
import type { Layout } from '../state/layout.ts'
import { packed, unpacked } from '../state/packed.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

/** As many minutes as the longest window. */
const CAPACITY = Math.max(...anomalyConstants.count.windows)
/** The level is kept every so many minutes: it moves slowly. */
const LEVEL_EVERY = 4
/** One more than the ring's, so that the oldest minute still has the level of its own time. */
const LEVELS = CAPACITY / LEVEL_EVERY + 1

/** Expected and counted of one minute, or of the minutes of a window. */
export interface MinuteSums {
  readonly count: number
  /** The clipped count. */
  readonly learnt: number
  /** Events expected at a level of 1; 0 where the minute was not observed. */
  readonly profile: number
  readonly variance: number
}

const NOTHING: MinuteSums = { count: 0, learnt: 0, profile: 0, variance: 0 }

/**
 * The last 360 minutes, shared by all windows: counts, what was expected of them, and the level as it was known before
 * each. A minute that was not observed has no expectation (0) and belongs to no window's sums. Everything but counts is
 * kept in 16 bits (see `packed`).
 */
export class MinuteRing {
  readonly #counts: number
  readonly #learnt: number
  readonly #profiles: number
  readonly #variances: number
  readonly #levels: number
  readonly #levelVariances: number
  /** Minutes pushed so far, observed or not, and the slot of the next one. */
  readonly #pushed: number
  readonly #next: number

  constructor(layout: Layout) {
    this.#counts = layout.wholes(CAPACITY)
    this.#learnt = layout.wholes(CAPACITY)
    this.#profiles = layout.wholes(CAPACITY)
    this.#variances = layout.wholes(CAPACITY)
    this.#levels = layout.wholes(LEVELS)
    this.#levelVariances = layout.wholes(LEVELS)
    this.#pushed = layout.numbers()
    this.#next = layout.wholes()
  }

  /** True once that many minutes have been pushed. */
  holds(state: ScorerState, minutes: number): boolean {
    return state.get(this.#pushed) >= minutes
  }

  /** True once in as many minutes as the ring holds. */
  isTurn({ wholes }: ScorerState): boolean {
    return wholes[this.#next] === 0
  }

  /** @param isCounted false for a minute that belongs to no window */
  push(
    state: ScorerState,
    count: number,
    learnt: number,
    { profile, variance, level }: Expectation,
    isCounted: boolean,
  ): void {
    const { wholes } = state
    const slot = wholes[this.#next] as number
    state.setCount(this.#counts + slot, isCounted ? count : 0)
    state.setCount(this.#learnt + slot, isCounted ? learnt : 0)
    wholes[this.#profiles + slot] = isCounted ? packed(profile) : 0
    wholes[this.#variances + slot] = isCounted ? packed(variance) : 0
    const pushed = state.get(this.#pushed)
    if (pushed % LEVEL_EVERY === 0) {
      const at = this.#levelPlace(pushed)
      wholes[this.#levels + at] = packed(level.log)
      wholes[this.#levelVariances + at] = packed(level.variance)
    }
    state.add(this.#pushed, 1)
    wholes[this.#next] = (slot + 1) % CAPACITY
  }

  /** The minute `age` minutes before the newest one (0); nothing before the first and beyond the ring. */
  minute(state: ScorerState, age: number): MinuteSums {
    if (!this.#holds(state, age)) return NOTHING
    const slot = this.#slot(state, age)
    return {
      count: state.count(this.#counts + slot),
      learnt: state.count(this.#learnt + slot),
      profile: unpacked(state.wholes[this.#profiles + slot] as number),
      variance: unpacked(state.wholes[this.#variances + slot] as number),
    }
  }

  /** The level as it was known before that minute, or at most three minutes earlier. */
  level(state: ScorerState, age: number): LevelEstimate {
    const at = this.#levelPlace(state.get(this.#pushed) - 1 - age)
    return {
      log: unpacked(state.wholes[this.#levels + at] as number),
      variance: unpacked(state.wholes[this.#levelVariances + at] as number),
    }
  }

  /** Adds late events to a minute that is still held. @param learnt by how much its clipped count grows */
  amend(state: ScorerState, age: number, delta: number, learnt: number): void {
    const slot = this.#slot(state, age)
    state.setCount(this.#counts + slot, state.count(this.#counts + slot) + delta)
    state.setCount(this.#learnt + slot, state.count(this.#learnt + slot) + learnt)
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f64(state.get(this.#pushed))
    for (let place = this.#counts; place < this.#profiles; place++) to.count(state.count(place))
    for (const [from, length] of this.#lists()) to.u16s(state.wholes.subarray(from, from + length))
  }

  load(state: ScorerState, from: StateReader): void {
    const pushed = from.f64()
    if (!(Number.isSafeInteger(pushed) && pushed >= 0)) throw new RangeError(`a ring of ${pushed} minutes`)
    state.set(this.#pushed, pushed)
    state.wholes[this.#next] = pushed % CAPACITY
    for (let place = this.#counts; place < this.#profiles; place++) state.setCount(place, from.count())
    for (const [list, length] of this.#lists()) from.u16sInto(state.wholes.subarray(list, list + length))
  }

  #holds(state: ScorerState, age: number): boolean {
    return age >= 0 && age < CAPACITY && this.holds(state, age + 1)
  }

  /** @param push number of the minute since the first push */
  #levelPlace(push: number): number {
    return Math.floor(push / LEVEL_EVERY) % LEVELS
  }

  #slot({ wholes }: ScorerState, age: number): number {
    return ((wholes[this.#next] as number) + CAPACITY - 1 - age) % CAPACITY
  }

  #lists(): readonly (readonly [from: number, length: number])[] {
    return [
      [this.#profiles, CAPACITY],
      [this.#variances, CAPACITY],
      [this.#levels, LEVELS],
      [this.#levelVariances, LEVELS],
    ]
  }
}
