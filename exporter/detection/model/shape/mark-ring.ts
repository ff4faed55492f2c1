import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const WORD_BITS = 16

/** Whether each of the last values had a mark, a bit each. */
export class MarkRing {
  readonly #capacity: number
  readonly #bits: number
  readonly #next: number
  readonly #length: number
  readonly #marked: number

  constructor(layout: Layout, capacity: number) {
    this.#capacity = capacity
    this.#bits = layout.wholes(Math.ceil(capacity / WORD_BITS))
    this.#next = layout.wholes()
    this.#length = layout.wholes()
    this.#marked = layout.wholes()
  }

  push(state: ScorerState, isMarked: boolean): void {
    const { wholes } = state
    const next = wholes[this.#next] as number
    this.#put(state, next, isMarked)
    wholes[this.#next] = (next + 1) % this.#capacity
    wholes[this.#length] = Math.min(this.#capacity, (wholes[this.#length] as number) + 1)
  }

  /** Part of the values present that had a mark; NaN when there is none. */
  mean({ wholes }: ScorerState): number {
    return (wholes[this.#marked] as number) / (wholes[this.#length] as number)
  }

  save(state: ScorerState, to: StateWriter): void {
    to.u32(state.wholes[this.#next] as number)
    to.u32(state.wholes[this.#length] as number)
    to.f64s(Array.from({ length: this.#capacity }, (_, slot) => this.#at(state, slot)))
  }

  load(state: ScorerState, from: StateReader): void {
    state.wholes[this.#next] = from.u32()
    state.wholes[this.#length] = from.u32()
    for (const [slot, mark] of from.f64s().entries()) this.#put(state, slot, mark === 1)
  }

  #at({ wholes }: ScorerState, slot: number): number {
    return ((wholes[this.#bits + (slot >> 4)] as number) >> (slot & 15)) & 1
  }

  #put(state: ScorerState, slot: number, isMarked: boolean): void {
    const { wholes } = state
    const change = (isMarked ? 1 : 0) - this.#at(state, slot)
    if (change === 0) return
    const word = this.#bits + (slot >> 4)
    wholes[word] = (wholes[word] as number) ^ (1 << (slot & 15))
    wholes[this.#marked] = (wholes[this.#marked] as number) + change
  }
}
