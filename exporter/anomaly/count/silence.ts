import { anomalyConstants } from '../constants.ts'
import { calibratedSurprise } from '../sketch/calibration.ts'
import { TailSketch } from '../sketch/tail-sketch.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { habituation, silenceFrom } = anomalyConstants.count

/**
 * Surprise of a run of empty minutes. Each adds −ln P(0) = ln(1 + φμ)/φ under the negative binomial, so the run has
 * A = s/ln 10 in closed form; any event ends it. Said only from A > 2 on. Minutes that were not observed are no zeros:
 * they neither lengthen nor end the run, and while they last silence says nothing.
 */
export class Silence {
  readonly #sketch = new TailSketch(habituation)
  #run = 0
  /** Observed empty minutes of the run. */
  minutes = 0
  /** Events expected during the run. */
  missed = 0

  /** Takes in an observed minute; scored only after the warm-up. @param dispersion φ of single minutes */
  step(count: number, expected: number, dispersion: number, warm: boolean): number {
    if (count > 0) this.#end()
    else {
      this.#run += Math.log1p(dispersion * expected) / dispersion
      this.minutes++
      this.missed += expected
    }
    if (!warm) return 0
    const surprise = this.#run / Math.LN10
    const calibrated = calibratedSurprise(surprise, this.#sketch)
    return surprise > silenceFrom ? calibrated : 0
  }

  /** A partial minute: events in it end the run, their absence says nothing. */
  stepPartial(count: number): void {
    if (count > 0) this.#end()
  }

  save(to: StateWriter): void {
    for (const value of [this.#run, this.minutes, this.missed]) to.f64(value)
    this.#sketch.save(to)
  }

  load(from: StateReader): void {
    this.#run = from.f64()
    this.minutes = from.f64()
    this.missed = from.f64()
    this.#sketch.load(from)
  }

  #end(): void {
    this.#run = 0
    this.minutes = 0
    this.missed = 0
  }
}
