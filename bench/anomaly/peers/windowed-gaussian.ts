import type { Detector } from './detector.ts'

const WINDOW = 6400
const STEP = 100
const MINIMUM_DEVIATION = 1e-6

/**
 * NAB's windowed Gaussian (github.com/numenta/NAB, detectors/gaussian): distance in standard deviations from the mean of
 * the last 6,400 values; a full window moves on by 100 values at a time. The published score 1 − P stops at 1 from 8
 * standard deviations on; here it goes on, which is kinder.
 */
export class WindowedGaussian implements Detector {
  #window: number[] = []
  #pending: number[] = []
  #sum = 0
  #squares = 0
  #mean = 0
  #deviation = 1

  step(_time: number, value: number): number {
    const score = this.#window.length === 0 ? 0 : Math.abs(value - this.#mean) / this.#deviation
    if (this.#window.length < WINDOW) {
      this.#window.push(value)
      this.#sum += value
      this.#squares += value * value
      this.#update()
    } else {
      this.#pending.push(value)
      if (this.#pending.length === STEP) this.#slide()
    }
    return score
  }

  #slide(): void {
    this.#window = [...this.#window.slice(STEP), ...this.#pending]
    this.#pending = []
    this.#sum = this.#window.reduce((sum, value) => sum + value, 0)
    this.#squares = this.#window.reduce((sum, value) => sum + value * value, 0)
    this.#update()
  }

  #update(): void {
    this.#mean = this.#sum / this.#window.length
    const variance = Math.max(0, this.#squares / this.#window.length - this.#mean * this.#mean)
    this.#deviation = Math.max(MINIMUM_DEVIATION, Math.sqrt(variance))
  }
}
