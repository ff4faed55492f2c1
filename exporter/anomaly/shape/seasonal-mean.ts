import { anomalyConstants } from '../constants.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { DAY_SECONDS, positiveModulo } from '../time.ts'

const { seasonalBins, seasonalRate, seasonalShrinkage, slowRate } = anomalyConstants.shape
const MAXIMUM_COUNT = 65_535

/**
 * Usual level by time of day, in 144 bins of ten minutes (UTC), shrunk to a slow mean g while a bin knows little:
 * expected = w·m + (1 − w)·g with w = k/(k + 3), k the values the bin has seen. Exponential means with a floor on the
 * rate: g += .002(x − g), m += max(.075, 1/(k + 1))(x − m).
 */
export class SeasonalMean {
  readonly #means = new Float64Array(seasonalBins)
  readonly #counts = new Uint16Array(seasonalBins)
  #slowMean = 0
  #started = false

  /** What is expected at this time (seconds), before the value there is learnt; the value itself when it is the first ever. */
  expected(time: number, value: number): number {
    if (!this.#started) return value
    const bin = binAt(time)
    const count = this.#counts[bin] as number
    const weight = count / (count + seasonalShrinkage)
    return weight * (this.#means[bin] as number) + (1 - weight) * this.#slowMean
  }

  learn(time: number, value: number): void {
    if (!this.#started) {
      this.#slowMean = value
      this.#started = true
    }
    const bin = binAt(time)
    const count = this.#counts[bin] as number
    const mean = this.#means[bin] as number
    this.#slowMean += slowRate * (value - this.#slowMean)
    this.#means[bin] = mean + Math.max(seasonalRate, 1 / (count + 1)) * (value - mean)
    this.#counts[bin] = Math.min(MAXIMUM_COUNT, count + 1)
  }

  save(to: StateWriter): void {
    to.flag(this.#started)
    to.f64(this.#slowMean)
    to.f64s(this.#means)
    to.f64s(this.#counts)
  }

  load(from: StateReader): void {
    this.#started = from.flag()
    this.#slowMean = from.f64()
    from.f64sInto(this.#means)
    from.f64sInto(this.#counts)
  }
}

function binAt(time: number): number {
  return Math.floor((positiveModulo(time, DAY_SECONDS) / DAY_SECONDS) * seasonalBins)
}
