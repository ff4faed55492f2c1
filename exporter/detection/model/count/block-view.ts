import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { type BlockRate, learnBlock, scoreBlock } from './block-rate.ts'

const { minutes: blockMinutes, minimumExposure } = anomalyConstants.block

/**
 * Blocks of 20 minutes (minute number divisible by 20) against the count model's own expectations, by a Gamma-Poisson
 * rate. Nothing in it adapts, except the level: it keeps the strength of "wrong for this
 * hour" that the sketches blur, and so sees off-hours use and spraying.
 */
export class BlockView {
  /** Of the rate: events and exposure. */
  readonly #rateEvents: number
  readonly #rateExposure: number
  /** Of the open block. */
  readonly #openCount: number
  readonly #openExposure: number
  readonly #openMinutes: number
  /** Of the last whole block. */
  readonly #surprise: number
  readonly #count: number
  readonly #expected: number

  constructor(layout: Layout) {
    this.#rateEvents = layout.numbers()
    this.#rateExposure = layout.numbers()
    this.#openCount = layout.numbers()
    this.#openExposure = layout.numbers()
    this.#openMinutes = layout.numbers()
    this.#surprise = layout.numbers()
    this.#count = layout.numbers()
    this.#expected = layout.numbers()
  }

  /** A of the last whole block. */
  surprise(state: ScorerState): number {
    return state.get(this.#surprise)
  }

  /** Events of that block. */
  count(state: ScorerState): number {
    return state.get(this.#count)
  }

  /** How many the rate expected of it. */
  expected(state: ScorerState): number {
    return state.get(this.#expected)
  }

  /**
   * Takes in a minute.
   * @param minute minutes since 1970
   * @param expected μ of that minute before it was learnt; 0 for one that was not observed
   */
  step(state: ScorerState, minute: number, count: number, expected: number, warm: boolean): void {
    state.add(this.#openCount, count)
    state.add(this.#openMinutes, 1)
    if (expected > 0) state.add(this.#openExposure, Math.max(minimumExposure, expected))
    if ((minute + 1) % blockMinutes === 0) this.#close(state, warm)
  }

  /** Late events of a minute, if its block is still open. @param age minutes before the newest */
  amend(state: ScorerState, age: number, delta: number): void {
    if (age < state.get(this.#openMinutes)) state.add(this.#openCount, delta)
  }

  /** Time that was not observed: the open block is dropped, and old blocks weigh less. */
  skip(state: ScorerState, minutes: number): void {
    this.#setRate(state, learnBlock(this.#rate(state), 0, 0, Math.floor(minutes / blockMinutes)))
    this.#open(state)
    state.set(this.#surprise, 0)
    state.set(this.#count, 0)
    state.set(this.#expected, 0)
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const place of this.#places()) to.f64(state.get(place))
  }

  load(state: ScorerState, from: StateReader): void {
    for (const place of this.#places()) state.set(place, from.f64())
  }

  #close(state: ScorerState, warm: boolean): void {
    const count = state.get(this.#openCount)
    const exposure = state.get(this.#openExposure)
    const rate = this.#rate(state)
    const { surprise, expected, learnable } = scoreBlock(rate, count, exposure)
    state.set(this.#surprise, warm ? surprise : 0)
    state.set(this.#count, count)
    state.set(this.#expected, expected)
    this.#setRate(state, learnBlock(rate, learnable, exposure, 1))
    this.#open(state)
  }

  #open(state: ScorerState): void {
    state.set(this.#openCount, 0)
    state.set(this.#openExposure, 0)
    state.set(this.#openMinutes, 0)
  }

  #rate(state: ScorerState): BlockRate {
    return { events: state.get(this.#rateEvents), exposure: state.get(this.#rateExposure) }
  }

  #setRate(state: ScorerState, { events, exposure }: BlockRate): void {
    state.set(this.#rateEvents, events)
    state.set(this.#rateExposure, exposure)
  }

  #places(): readonly number[] {
    return [
      ...[this.#rateEvents, this.#rateExposure, this.#openCount, this.#openExposure, this.#openMinutes],
      ...[this.#surprise, this.#count, this.#expected],
    ]
  }
}
