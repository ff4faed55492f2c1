import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

/** Sums of a count and of its expectation over the last minutes. Counts are whole, so their sum is exact. */
export class TrailingSums {
  readonly #minutes: number
  readonly #counts: number
  readonly #expectations: number
  readonly #next: number
  readonly #count: number
  readonly #expected: number

  constructor(layout: Layout, minutes: number) {
    this.#minutes = minutes
    this.#counts = layout.wholes(minutes)
    this.#expectations = layout.numbers(minutes)
    this.#next = layout.wholes()
    this.#count = layout.numbers()
    this.#expected = layout.numbers()
  }

  count(state: ScorerState): number {
    return state.get(this.#count)
  }

  expected(state: ScorerState): number {
    return state.get(this.#expected)
  }

  push(state: ScorerState, count: number, expected: number): void {
    const { wholes } = state
    const slot = wholes[this.#next] as number
    state.add(this.#count, count - state.count(this.#counts + slot))
    state.add(this.#expected, expected - state.get(this.#expectations + slot))
    state.setCount(this.#counts + slot, count)
    state.set(this.#expectations + slot, expected)
    wholes[this.#next] = (slot + 1) % this.#minutes
    // Summed again once per turn, so that rounding cannot drift.
    if (wholes[this.#next] === 0)
      state.set(
        this.#expected,
        this.#ring(state).reduce((sum, value) => sum + value, 0),
      )
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f64(state.wholes[this.#next] as number)
    to.f64(this.count(state))
    to.f64(this.expected(state))
    to.f64s(Array.from({ length: this.#minutes }, (_, slot) => state.count(this.#counts + slot)))
    to.f64s(this.#ring(state))
  }

  load(state: ScorerState, from: StateReader): void {
    const next = from.f64()
    if (!(next >= 0 && next < this.#minutes)) throw new RangeError(`slot ${next} of ${this.#minutes}`)
    state.wholes[this.#next] = next
    state.set(this.#count, from.f64())
    state.set(this.#expected, from.f64())
    const counts = from.f64s()
    if (counts.length !== this.#minutes) throw new RangeError(`${counts.length} counts of ${this.#minutes}`)
    for (const [slot, count] of counts.entries()) state.setCount(this.#counts + slot, count)
    from.f64sInto(this.#ring(state))
  }

  #ring({ numbers }: ScorerState): Float64Array {
    return numbers.subarray(this.#expectations, this.#expectations + this.#minutes)
  }
}
