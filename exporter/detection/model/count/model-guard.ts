import { anomalyConstants } from '../constants.ts'
import { TailSketch } from '../sketch/tail-sketch.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { habituation, every, exceeds, usual, from: wrongFrom, full, memory } = anomalyConstants.guard

/**
 * Speaks only where the model is measurably wrong for a series. With a right model about one minute in ten has a
 * surprise of 2 or more in its most surprising window; the part of the last three days' minutes that has is measured.
 * From a quarter on, and wholly from a half on, a surprise is held down to how rare it was in this series itself, by a
 * tail sketch of what the model said every four minutes.
 */
export class ModelGuard {
  readonly #sketch: TailSketch
  /** Part of the minutes whose surprise exceeded 2. */
  readonly #exceeded: number

  constructor(layout: Layout) {
    this.#sketch = new TailSketch(layout, habituation)
    this.#exceeded = layout.numbers(1, usual)
  }

  /** 0 while the model is right, up to 1 where only the series' own past counts. */
  weight(state: ScorerState): number {
    return Math.max(0, Math.min(1, (state.get(this.#exceeded) - wrongFrom) / (full - wrongFrom)))
  }

  /** Factor, at most 1, of every surprise of this minute. @param largest of them */
  factor(state: ScorerState, largest: number): number {
    const weight = this.weight(state)
    if (weight === 0 || largest <= exceeds) return 1
    const rare = Math.min(largest, this.#sketch.score(state, largest))
    return (largest + weight * (rare - largest)) / largest
  }

  /** Learns what the model said of a minute. */
  learn(state: ScorerState, largest: number, minutesSeen: number): void {
    const exceeded = state.get(this.#exceeded)
    state.set(this.#exceeded, exceeded + ((largest >= exceeds ? 1 : 0) - exceeded) / memory)
    if (minutesSeen % every === 0) this.#sketch.step(state, largest)
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f64(state.get(this.#exceeded))
    this.#sketch.save(state, to)
  }

  load(state: ScorerState, reader: StateReader): void {
    state.set(this.#exceeded, reader.f64())
    this.#sketch.load(state, reader)
  }
}
