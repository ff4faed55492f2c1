import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
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
  readonly #means: number
  readonly #counts: number
  readonly #slowMean: number
  /** 1 once a value was learnt. */
  readonly #started: number

  constructor(layout: Layout) {
    this.#means = layout.numbers(seasonalBins)
    this.#counts = layout.wholes(seasonalBins)
    this.#slowMean = layout.numbers()
    this.#started = layout.wholes()
  }

  /** What is expected at this time (seconds), before the value there is learnt; the value itself when it is the first ever. */
  expected(state: ScorerState, time: number, value: number): number {
    if (state.wholes[this.#started] === 0) return value
    const bin = binAt(time)
    const count = state.wholes[this.#counts + bin] as number
    const weight = count / (count + seasonalShrinkage)
    return weight * state.get(this.#means + bin) + (1 - weight) * state.get(this.#slowMean)
  }

  learn(state: ScorerState, time: number, value: number): void {
    const { wholes } = state
    if (wholes[this.#started] === 0) {
      state.set(this.#slowMean, value)
      wholes[this.#started] = 1
    }
    const bin = binAt(time)
    const count = wholes[this.#counts + bin] as number
    const mean = state.get(this.#means + bin)
    state.add(this.#slowMean, slowRate * (value - state.get(this.#slowMean)))
    state.set(this.#means + bin, mean + Math.max(seasonalRate, 1 / (count + 1)) * (value - mean))
    wholes[this.#counts + bin] = Math.min(MAXIMUM_COUNT, count + 1)
  }

  save(state: ScorerState, to: StateWriter): void {
    const { numbers, wholes } = state
    to.flag(wholes[this.#started] === 1)
    to.f64(state.get(this.#slowMean))
    to.f64s(numbers.subarray(this.#means, this.#means + seasonalBins))
    to.f64s(wholes.subarray(this.#counts, this.#counts + seasonalBins))
  }

  load(state: ScorerState, from: StateReader): void {
    const { numbers, wholes } = state
    wholes[this.#started] = from.flag() ? 1 : 0
    state.set(this.#slowMean, from.f64())
    from.f64sInto(numbers.subarray(this.#means, this.#means + seasonalBins))
    from.f64sInto(wholes.subarray(this.#counts, this.#counts + seasonalBins))
  }
}

function binAt(time: number): number {
  return Math.floor((positiveModulo(time, DAY_SECONDS) / DAY_SECONDS) * seasonalBins)
}
