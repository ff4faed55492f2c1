import { anomalyConstants } from '../constants.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

/** As many minutes as the longest window. */
const CAPACITY = Math.max(...anomalyConstants.count.windows)

/**
 * Count and expected count of the last 360 minutes, shared by all windows. A minute that was not observed is a slot
 * without expectation (0): it belongs to no window's sums.
 */
export class MinuteRing {
  readonly #counts = new Float64Array(CAPACITY)
  readonly #expected = new Float64Array(CAPACITY)
  /** Minutes pushed so far, observed or not. */
  #pushed = 0

  get pushed(): number {
    return this.#pushed
  }

  push(count: number, expected: number): void {
    const slot = this.#pushed % CAPACITY
    this.#counts[slot] = count
    this.#expected[slot] = expected
    this.#pushed++
  }

  /** Count of the minute `age` minutes before the newest one (0); 0 before the first and beyond the ring. */
  count(age: number): number {
    return this.#holds(age) ? (this.#counts[this.#slot(age)] as number) : 0
  }

  /** Expected count of that minute; 0 where it was not observed. */
  expected(age: number): number {
    return this.#holds(age) ? (this.#expected[this.#slot(age)] as number) : 0
  }

  /** Adds late events to a minute that is still held. */
  amend(age: number, delta: number): void {
    const slot = this.#slot(age)
    this.#counts[slot] = (this.#counts[slot] as number) + delta
  }

  save(to: StateWriter): void {
    to.f64(this.#pushed)
    to.f64s(this.#counts)
    to.f64s(this.#expected)
  }

  load(from: StateReader): void {
    this.#pushed = from.f64()
    from.f64sInto(this.#counts)
    from.f64sInto(this.#expected)
  }

  #holds(age: number): boolean {
    return age >= 0 && age < CAPACITY && age < this.#pushed
  }

  #slot(age: number): number {
    return (this.#pushed - 1 - age) % CAPACITY
  }
}
