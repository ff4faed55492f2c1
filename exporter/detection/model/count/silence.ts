import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { silenceFrom, silencePenalty } = anomalyConstants.count

/** The present run of empty minutes. */
export interface SilentRun {
  /** Observed empty minutes of the run. */
  readonly minutes: number
  /** Events expected during the run. */
  readonly missed: number
}

/**
 * Surprise of a run of empty minutes. Each adds −ln P(0) = ln(1 + φμ)/φ under the negative binomial at a known level;
 * the level of the whole run is unknown with variance v, so that the run's sum s has A = ln(1 + vs)/v/ln 10 in closed
 * form. Any event ends it. Said only from A > 2 on. Minutes that were not observed are no zeros: they neither lengthen
 * nor end the run, and while they last silence says nothing.
 */
export class Silence {
  readonly #run: number
  readonly #minutes: number
  readonly #missed: number

  constructor(layout: Layout) {
    this.#run = layout.numbers()
    this.#minutes = layout.numbers()
    this.#missed = layout.numbers()
  }

  run(state: ScorerState): SilentRun {
    return { minutes: state.get(this.#minutes), missed: state.get(this.#missed) }
  }

  /**
   * Takes in an observed minute.
   * @param dispersion φ of single minutes @param uncertainty v, relative variance of what is expected of the run
   */
  step(state: ScorerState, count: number, expected: number, dispersion: number, uncertainty: number): number {
    if (count > 0) {
      this.#end(state)
      return 0
    }
    state.add(this.#run, Math.log1p(dispersion * expected) / dispersion)
    state.add(this.#minutes, 1)
    state.add(this.#missed, expected)
    const surprise = Math.log1p(uncertainty * state.get(this.#run)) / uncertainty / Math.LN10 - silencePenalty
    return surprise > silenceFrom ? surprise : 0
  }

  /** A partial minute: events in it end the run, their absence says nothing. */
  stepPartial(state: ScorerState, count: number): void {
    if (count > 0) this.#end(state)
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const place of this.#places()) to.f64(state.get(place))
  }

  load(state: ScorerState, from: StateReader): void {
    for (const place of this.#places()) state.set(place, from.f64())
  }

  #end(state: ScorerState): void {
    for (const place of this.#places()) state.set(place, 0)
  }

  #places(): readonly number[] {
    return [this.#run, this.#minutes, this.#missed]
  }
}
