import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { from, until, memory, usualEpisodes, usualPower, usualTail, wrongTail, largestTail, priorEpisodes } =
  anomalyConstants.guard

/**
 * Measures whether the model is wrong for a series, by the episodes in which a width was surprised by 3 or more. A right
 * model shows a known number of them in two weeks, and their peaks A have a mean of ln(A/3) of .145. Two things can be
 * wrong.
 *
 * Too many: where there were F times as many, its probabilities are taken to have the tail 10^(−θA) in place of 10^(−A),
 * θ = (3 − log10 F)/3, the one that explains as many episodes.
 *
 * Too high: where the mean m of ln(A/3) is twice what it should be, the tail is that of a power law, whose index 1/m is
 * Hill's estimate (1975): A′ = 3θ + ln(A/3)/(m·ln 10). Counts with outliers of single minutes have such tails.
 *
 * An attack is one episode, however long, and its height is limited, so that it alone changes little.
 */
export class ModelGuard {
  /** Episodes that a right model would have shown. */
  readonly #usual: number
  /** Episodes of the last weeks, and the sum of ln(A/3) of their peaks; of the open one its peak, else 0. */
  readonly #episodes: number
  readonly #heights: number
  readonly #peak: number

  constructor(layout: Layout, width: number) {
    this.#usual = usualEpisodes * width ** usualPower
    this.#episodes = layout.numbers(1, this.#usual)
    this.#heights = layout.numbers(1, this.#usual * usualTail)
    this.#peak = layout.numbers()
  }

  /** The surprise as the series' own past has it: the same while the model is right. */
  guarded(state: ScorerState, surprise: number): number {
    const theta = this.#theta(state)
    const tail = this.#tail(state)
    if (surprise <= from || tail < wrongTail) return theta * surprise
    return Math.min(theta * surprise, theta * from + Math.log(surprise / from) / tail / Math.LN10)
  }

  /** Learns what the model said of a minute. */
  learn(state: ScorerState, surprise: number): void {
    state.set(this.#episodes, state.get(this.#episodes) * memory)
    state.set(this.#heights, state.get(this.#heights) * memory)
    const peak = state.get(this.#peak)
    if (surprise >= from) state.set(this.#peak, Math.max(peak, surprise))
    if (peak === 0 || surprise >= until) return
    state.add(this.#episodes, 1)
    state.add(this.#heights, Math.min(largestTail, Math.log(peak / from)))
    state.set(this.#peak, 0)
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const place of this.#places()) to.f64(state.get(place))
  }

  load(state: ScorerState, reader: StateReader): void {
    for (const place of this.#places()) state.set(place, reader.f64())
  }

  #theta(state: ScorerState): number {
    const ratio = (state.get(this.#episodes) + priorEpisodes) / (this.#usual + priorEpisodes)
    return ratio <= 1 ? 1 : Math.max(0, (from - Math.log10(ratio)) / from)
  }

  #tail(state: ScorerState): number {
    return (state.get(this.#heights) + priorEpisodes * usualTail) / (state.get(this.#episodes) + priorEpisodes)
  }

  #places(): readonly number[] {
    return [this.#episodes, this.#heights, this.#peak]
  }
}
