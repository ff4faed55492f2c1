import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { slowVariance, slowStart } = anomalyConstants.level
/** Days differ from each other by this part of the variance of the fast level. */
const DAY_PART = 0.5
/** A day changes the slow level by at most a factor of e. */
const LARGEST_CHANGE = 1

/** The level of the last days: a random walk in logarithms, followed by a Kalman filter, one step a day. */
export class SlowLevel {
  readonly #log: number
  readonly #variance: number

  constructor(layout: Layout) {
    this.#log = layout.numbers()
    this.#variance = layout.numbers(1, slowStart)
  }

  /** Factor of the smooth rate. */
  factor(state: ScorerState): number {
    return Math.exp(state.get(this.#log))
  }

  /**
   * Learns a day.
   * @param events without those of jobs @param expected by the shape and this level
   * @param variance of the events at a known level @param levelVariance of the fast level
   */
  learn(state: ScorerState, events: number, expected: number, variance: number, levelVariance: number): void {
    const noise = (expected + variance) / (expected * expected + 1e-9) + levelVariance * DAY_PART
    const ahead = state.get(this.#variance) + slowVariance
    const gain = ahead / (ahead + noise)
    const ratio = Math.log((events + 0.5) / (expected + 0.5))
    state.add(this.#log, gain * Math.max(-LARGEST_CHANGE, Math.min(LARGEST_CHANGE, ratio)))
    state.set(this.#variance, (1 - gain) * ahead)
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f64(state.get(this.#log))
    to.f64(state.get(this.#variance))
  }

  load(state: ScorerState, from: StateReader): void {
    state.set(this.#log, from.f64())
    state.set(this.#variance, from.f64())
  }
}
