import { anomalyConstants } from '../constants.ts'
import { calibratedSurprise, peekedSurprise } from '../sketch/calibration.ts'
import { TailSketch } from '../sketch/tail-sketch.ts'
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
  readonly #sketch = new TailSketch(habituation)
  #observedMinutes = 0
  #updates = 0

  /** X, events in the window. */
  count = 0
  /** M, events expected in the window's observed minutes. */
  expected = 0
  /** φ: the variance is M + φM². */
  dispersion: number = dispersionStart

  constructor(minutes: number) {
    this.minutes = minutes
  }

  /** Takes in the next minute; to be called before the ring takes it. */
  slide(ring: MinuteRing, count: number, expected: number): void {
    const leaving = ring.expected(this.minutes - 1)
    this.count += count - ring.count(this.minutes - 1)
    this.expected += expected - leaving
    this.#observedMinutes += (expected > 0 ? 1 : 0) - (leaving > 0 ? 1 : 0)
  }

  /** Sums anew once per turn, so that rounding cannot drift; to be called after the ring took the minute. */
  refresh(ring: MinuteRing): void {
    if (ring.pushed % this.minutes !== 0) return
    this.count = 0
    this.expected = 0
    for (let age = this.minutes - 1; age >= 0; age--) {
      this.count += ring.count(age)
      this.expected += ring.expected(age)
    }
  }

  /**
   * Calibrated surprise of the window as it stands; 0 while too few of its minutes were observed.
   * @param teach false scores without learning
   */
  score(ring: MinuteRing, teach: boolean): number {
    if (ring.pushed < this.minutes || this.#observedMinutes < observedPart * this.minutes) return 0
    const model = negativeBinomialSurprise(this.count, this.expected, this.dispersion)
    const surprise = teach ? calibratedSurprise(model, this.#sketch) : peekedSurprise(model, this.#sketch)
    return model < 1 ? Math.min(surprise, model) : surprise
  }

  /**
   * Learns φ from one clipped moment, r = X − M, f = clip((r² − M)/M², −.2, 20):
   * φ = max(.01, φ + max(.01, 1/(p + 5))·(min(f, 4φ + ½) − φ)), p the moments seen; due every half width.
   */
  learnDispersion(ring: MinuteRing, minutesSeen: number): void {
    const period = Math.max(1, Math.floor(this.minutes / 2))
    if (ring.pushed < this.minutes || minutesSeen % period !== 0) return
    const residual = this.count - this.expected
    const moment = (residual * residual - this.expected) / (this.expected * this.expected + 1e-6)
    const clipped = Math.min(Math.max(momentLow, Math.min(momentHigh, moment)), 4 * this.dispersion + 0.5)
    this.#updates++
    const rate = Math.max(dispersionRate, 1 / (this.#updates + 5))
    this.dispersion = Math.max(dispersionFloor, this.dispersion + rate * (clipped - this.dispersion))
  }

  /** Late events in a minute that the window still holds. */
  amend(age: number, delta: number): void {
    if (age < this.minutes) this.count += delta
  }

  save(to: StateWriter): void {
    for (const value of [this.#observedMinutes, this.#updates, this.count, this.expected, this.dispersion])
      to.f64(value)
    this.#sketch.save(to)
  }

  load(from: StateReader): void {
    this.#observedMinutes = from.f64()
    this.#updates = from.f64()
    this.count = from.f64()
    this.expected = from.f64()
    this.dispersion = from.f64()
    this.#sketch.load(from)
  }
}
