import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

/** The last values of a series, up to a fixed number of them. */
export class ValueRing {
  readonly #capacity: number
  readonly #values: number
  readonly #next: number
  readonly #length: number

  constructor(layout: Layout, capacity: number) {
    this.#capacity = capacity
    this.#values = layout.numbers(capacity)
    this.#next = layout.wholes()
    this.#length = layout.wholes()
  }

  isFull({ wholes }: ScorerState): boolean {
    return wholes[this.#length] === this.#capacity
  }

  push(state: ScorerState, value: number): void {
    const next = state.wholes[this.#next] as number
    state.set(this.#values + next, value)
    state.wholes[this.#next] = (next + 1) % this.#capacity
    if (!this.isFull(state)) state.wholes[this.#length] = this.#size(state) + 1
  }

  /** Mean of the values present; NaN when there is none. */
  mean(state: ScorerState): number {
    const length = this.#size(state)
    let sum = 0
    for (let i = 0; i < length; i++) sum += state.get(this.#values + i)
    return sum / length
  }

  /** Largest of the values present; −∞ when there is none. */
  largest(state: ScorerState): number {
    const length = this.#size(state)
    let largest = Number.NEGATIVE_INFINITY
    for (let i = 0; i < length; i++) largest = Math.max(largest, state.get(this.#values + i))
    return largest
  }

  save({ numbers, wholes }: ScorerState, to: StateWriter): void {
    to.u32(wholes[this.#next] as number)
    to.u32(wholes[this.#length] as number)
    to.f64s(numbers.subarray(this.#values, this.#values + this.#capacity))
  }

  load({ numbers, wholes }: ScorerState, from: StateReader): void {
    wholes[this.#next] = from.u32()
    wholes[this.#length] = from.u32()
    from.f64sInto(numbers.subarray(this.#values, this.#values + this.#capacity))
  }

  #size({ wholes }: ScorerState): number {
    return wholes[this.#length] as number
  }
}
