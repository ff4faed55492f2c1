import { anomalyConstants } from '../constants.ts'
import { calibratedSurprise, peekedSurprise } from '../sketch/calibration.ts'
import { TailSketch } from '../sketch/tail-sketch.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import type { MinuteRing } from './minute-ring.ts'
import { negativeBinomialSurprise } from './negative-binomial-tail.ts'

const { habituation, dispersionStart, dispersionFloor, dispersionRate, momentLow, momentHigh, observedPart } =
  anomalyConstants.count

/**
 * The last w minutes as one count X against its expectation M, under a negative binomial whose dispersion φ is learnt
 * for this width, and calibrated by a sketch of its own. Short windows see bursts, long ones see drips.
 */
export class CountWindow {
  readonly minutes: number
  /** Minutes between two moments that φ is learnt from. */
  readonly #period: number
  readonly #sketch: TailSketch
  readonly #observedMinutes: number
  readonly #updates: number
  readonly #count: number
  readonly #expected: number
  readonly #dispersion: number

  constructor(layout: Layout, minutes: number) {
    this.minutes = minutes
    this.#period = Math.max(1, Math.floor(minutes / 2))
    this.#sketch = new TailSketch(layout, habituation)
    this.#observedMinutes = layout.numbers()
    this.#updates = layout.numbers()
    this.#count = layout.numbers()
    this.#expected = layout.numbers()
    this.#dispersion = layout.numbers(1, dispersionStart)
  }

  /** X, events in the window. */
  count(state: ScorerState): number {
    return state.get(this.#count)
  }

  /** M, events expected in the window's observed minutes. */
  expected(state: ScorerState): number {
    return state.get(this.#expected)
  }

  /** φ: the variance is M + φM². */
  dispersion(state: ScorerState): number {
    return state.get(this.#dispersion)
  }

  /** Takes in the next minute; to be called before the ring takes it. */
  slide(state: ScorerState, ring: MinuteRing, count: number, expected: number): void {
    const leaving = ring.expected(state, this.minutes - 1)
    state.add(this.#count, count - ring.count(state, this.minutes - 1))
    state.add(this.#expected, expected - leaving)
    state.add(this.#observedMinutes, (expected > 0 ? 1 : 0) - (leaving > 0 ? 1 : 0))
  }

  /** Sums again once per turn, so that rounding cannot drift; to be called after the ring took the minute. */
  refresh(state: ScorerState, ring: MinuteRing): void {
    if (!ring.isTurn(state, this.minutes)) return
    let count = 0
    let expected = 0
    for (let age = this.minutes - 1; age >= 0; age--) {
      count += ring.count(state, age)
      expected += ring.expected(state, age)
    }
    state.set(this.#count, count)
    state.set(this.#expected, expected)
  }

  /**
   * Calibrated surprise of the window at this time; 0 while too few of its minutes were observed.
   * @param teach false scores without learning
   */
  score(state: ScorerState, ring: MinuteRing, teach: boolean): number {
    const observed = state.get(this.#observedMinutes)
    if (!ring.holds(state, this.minutes) || observed < observedPart * this.minutes) return 0
    const model = negativeBinomialSurprise(this.count(state), this.expected(state), this.dispersion(state))
    const surprise = (teach ? calibratedSurprise : peekedSurprise)(state, this.#sketch, model)
    return model < 1 ? Math.min(surprise, model) : surprise
  }

  /**
   * Learns φ from one clipped moment, r = X − M, f = clip((r² − M)/M², −.2, 20):
   * φ = max(.01, φ + max(.01, 1/(p + 5))·(min(f, 4φ + ½) − φ)), p the moments seen; due every half width.
   */
  learnDispersion(state: ScorerState, ring: MinuteRing, minutesSeen: number): void {
    if (!ring.holds(state, this.minutes) || minutesSeen % this.#period !== 0) return
    const expected = this.expected(state)
    const dispersion = this.dispersion(state)
    const residual = this.count(state) - expected
    const moment = (residual * residual - expected) / (expected * expected + 1e-6)
    const clipped = Math.min(Math.max(momentLow, Math.min(momentHigh, moment)), 4 * dispersion + 0.5)
    state.add(this.#updates, 1)
    const rate = Math.max(dispersionRate, 1 / (state.get(this.#updates) + 5))
    state.set(this.#dispersion, Math.max(dispersionFloor, dispersion + rate * (clipped - dispersion)))
  }

  /** Late events in a minute that the window still holds. */
  amend(state: ScorerState, age: number, delta: number): void {
    if (age < this.minutes) state.add(this.#count, delta)
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const place of this.#places()) to.f64(state.get(place))
    this.#sketch.save(state, to)
  }

  load(state: ScorerState, from: StateReader): void {
    for (const place of this.#places()) state.set(place, from.f64())
    this.#sketch.load(state, from)
  }

  #places(): readonly number[] {
    return [this.#observedMinutes, this.#updates, this.#count, this.#expected, this.#dispersion]
  }
}
