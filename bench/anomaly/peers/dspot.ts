import type { Detector } from './detector.ts'
import { fitPareto, type ParetoFit, paretoLogSurvival } from './pareto-fit.ts'
import { SortedValues } from './sorted-values.ts'

const CALIBRATION = 1000
const TAIL_QUANTILE = 0.98
/** Risk of the alarm rule: a value less probable than this is an alarm and is not learnt. */
const RISK = 1e-4
/** Peaks between two fits, and peaks that a fit looks at. */
const REFIT_EVERY = 10
const PEAK_CAPACITY = 500

/**
 * DSPOT (Siffer, Fouque, Termier, Largouet, KDD 2017): the residual from the mean of the last values against a
 * generalised Pareto tail above the 98% quantile of a calibration of 1,000 values; alarms are not learnt. Upper side only.
 */
export class Dspot implements Detector {
  readonly #recent: number[] = []
  readonly #depth: number
  readonly #calibration = new SortedValues()
  #threshold = 0
  #peaks: number[] = []
  #seen = 0
  #tail = 0
  #sinceFit = 0
  #fit: ParetoFit | undefined

  /** @param depth values in the moving mean */
  constructor(depth: number) {
    this.#depth = depth
  }

  step(_time: number, value: number): number {
    if (this.#recent.length < this.#depth) {
      this.#recent.push(value)
      return 0
    }
    const residual = value - this.#recent.reduce((sum, v) => sum + v, 0) / this.#depth
    const surprise = this.#judge(residual)
    if (surprise < -Math.log10(RISK)) {
      this.#recent.shift()
      this.#recent.push(value)
      this.#learn(residual)
    }
    return surprise
  }

  #judge(residual: number): number {
    if (this.#fit === undefined || residual <= this.#threshold) return 0
    const logTail = Math.log(this.#tail / this.#seen) + paretoLogSurvival(this.#fit, residual - this.#threshold)
    return -logTail / Math.LN10
  }

  #learn(residual: number): void {
    this.#seen++
    if (this.#fit === undefined) {
      this.#calibration.add(residual)
      if (this.#seen === CALIBRATION) this.#calibrate()
      return
    }
    if (residual <= this.#threshold) return
    this.#tail++
    this.#peaks.push(residual - this.#threshold)
    if (this.#peaks.length > PEAK_CAPACITY) this.#peaks.shift()
    if (++this.#sinceFit >= REFIT_EVERY) this.#refit()
  }

  #calibrate(): void {
    this.#threshold = this.#calibration.quantile(TAIL_QUANTILE) as number
    for (let p = TAIL_QUANTILE; p <= 1; p += 1 / CALIBRATION) {
      const excess = (this.#calibration.quantile(Math.min(1, p)) as number) - this.#threshold
      if (excess > 0) this.#peaks.push(excess)
    }
    this.#tail = this.#peaks.length
    if (this.#tail > 0) this.#refit()
    else this.#seen = 0
  }

  #refit(): void {
    this.#sinceFit = 0
    this.#fit = fitPareto(this.#peaks)
  }
}
