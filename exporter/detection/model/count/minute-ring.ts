import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

/** As many minutes as the longest window. */
const CAPACITY = Math.max(...anomalyConstants.count.windows)

/**
 * Count and expected count of the last 360 minutes, shared by all windows. A minute that was not observed is a slot
 * without expectation (0): it belongs to no window's sums.
 */
export class MinuteRing {
  readonly #counts: number
  readonly #expected: number
  /** Minutes pushed so far, observed or not, and the slot of the next one. */
  readonly #pushed: number
  readonly #next: number

  constructor(layout: Layout) {
    this.#counts = layout.wholes(CAPACITY)
    this.#expected = layout.numbers(CAPACITY)
    this.#pushed = layout.numbers()
    this.#next = layout.wholes()
  }

  /** True once that many minutes have been pushed. */
  holds(state: ScorerState, minutes: number): boolean {
    return state.get(this.#pushed) >= minutes
  }

  /** True where the number of minutes pushed is divisible by a width; every window's divides the longest one's. */
  isTurn({ wholes }: ScorerState, width: number): boolean {
    return (wholes[this.#next] as number) % width === 0
  }

  push(state: ScorerState, count: number, expected: number): void {
    const { wholes } = state
    const slot = wholes[this.#next] as number
    state.setCount(this.#counts + slot, count)
    state.set(this.#expected + slot, expected)
    state.add(this.#pushed, 1)
    wholes[this.#next] = (slot + 1) % CAPACITY
  }

  /** Count of the minute `age` minutes before the newest one (0); 0 before the first and beyond the ring. */
  count(state: ScorerState, age: number): number {
    return this.#holds(state, age) ? state.count(this.#counts + this.#slot(state, age)) : 0
  }

  /** Expected count of that minute; 0 where it was not observed. */
  expected(state: ScorerState, age: number): number {
    return this.#holds(state, age) ? state.get(this.#expected + this.#slot(state, age)) : 0
  }

  /** Adds late events to a minute that is still held. */
  amend(state: ScorerState, age: number, delta: number): void {
    const place = this.#counts + this.#slot(state, age)
    state.setCount(place, state.count(place) + delta)
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f64(state.get(this.#pushed))
    to.f64s(Array.from({ length: CAPACITY }, (_, slot) => state.count(this.#counts + slot)))
    to.f64s(state.numbers.subarray(this.#expected, this.#expected + CAPACITY))
  }

  load(state: ScorerState, from: StateReader): void {
    state.set(this.#pushed, from.f64())
    state.wholes[this.#next] = state.get(this.#pushed) % CAPACITY
    for (const [slot, count] of from.f64s().entries()) state.setCount(this.#counts + slot, count)
    from.f64sInto(state.numbers.subarray(this.#expected, this.#expected + CAPACITY))
  }

  #holds(state: ScorerState, age: number): boolean {
    return age >= 0 && age < CAPACITY && this.holds(state, age + 1)
  }

  #slot({ wholes }: ScorerState, age: number): number {
    return ((wholes[this.#next] as number) + CAPACITY - 1 - age) % CAPACITY
  }
}
