import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { from, until, memory, usualEpisodes, usualPower, priorEpisodes } = anomalyConstants.guard

/**
 * Measures whether the model is wrong for a series: how often a width was surprised. A right model gives a surprise of 3
 * once in a thousand minutes; in two weeks that makes a known number of episodes. Where there were F times as many, the
 * probabilities of the model are taken to have the tail 10^(−θA) in place of 10^(−A), with θ = (3 − log10 F)/3, the one
 * that explains as many episodes. An attack is one episode, however long.
 */
export class ModelGuard {
  /** Episodes that a right model would have shown. */
  readonly #usual: number
  readonly #episodes: number
  readonly #isOpen: number

  constructor(layout: Layout, width: number) {
    this.#usual = usualEpisodes * width ** usualPower
    this.#episodes = layout.numbers(1, this.#usual)
    this.#isOpen = layout.wholes()
  }

  /** θ: every surprise is multiplied by it; 1 while the model is right. */
  factor(state: ScorerState): number {
    const ratio = (state.get(this.#episodes) + priorEpisodes) / (this.#usual + priorEpisodes)
    return ratio <= 1 ? 1 : Math.max(0, (from - Math.log10(ratio)) / from)
  }

  /** Learns what the model said of a minute. */
  learn(state: ScorerState, surprise: number): void {
    state.set(this.#episodes, state.get(this.#episodes) * memory)
    const isOpen = state.wholes[this.#isOpen] === 1
    if (!isOpen && surprise >= from) {
      state.wholes[this.#isOpen] = 1
      state.add(this.#episodes, 1)
    } else if (isOpen && surprise < until) state.wholes[this.#isOpen] = 0
  }

  /** Episodes of the last weeks, by an exponential memory. */
  episodes(state: ScorerState): number {
    return state.get(this.#episodes)
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f64(state.get(this.#episodes))
    to.u32(state.wholes[this.#isOpen] as number)
  }

  load(state: ScorerState, reader: StateReader): void {
    state.set(this.#episodes, reader.f64())
    state.wholes[this.#isOpen] = reader.u32()
  }
}
