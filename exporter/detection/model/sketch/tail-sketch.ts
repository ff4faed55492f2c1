import { mean } from 'simple-statistics'
import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { binOf, binValues, CENTRE_BIN } from './bins.ts'
import { FilledBins } from './filled-bins.ts'
import { paretoLogTail, type TailMoments } from './pareto-tail.ts'
import { WarmUp } from './warm-up.ts'

const { unit, warmUpValues, tailQuantile, minimumWeight, capacity, minimumTailWeight, habituateFrom } =
  anomalyConstants.sketch
const TAIL_PART = 1 - tailQuantile
/** Deviations beyond this many scales are taken as this many, so that no quotient becomes infinite. */
const MAXIMUM_DEVIATION = 1e200

/**
 * Turns a value into a surprise against the series' own earlier values: A = −log10 P(a value at least as large).
 *
 * A histogram with logarithmic bins around a centre, and a generalised Pareto tail above its 98% quantile. Inside:
 * A = −log10((G + ½)/(n + 1)), G the weight above the value's bin plus half of its own. In the tail, with the tail's
 * weight w: A = −(ln(w/n) + ln P(excess))/ln 10. One-sided: a view for low values negates them.
 *
 * Centre and scale come from the first 32 values. At 8,000 of weight everything is halved (exponential forgetting,
 * half-life about 4,000 values). Values with A > 2 are learnt with more weight (habituation): a repetition surprises
 * less. Values must be finite and within ±1e300.
 */
export class TailSketch {
  readonly #habituation: number
  readonly #bins: FilledBins
  readonly #warmUp: WarmUp
  readonly #centre: number
  /** 0 until the warm-up is over. */
  readonly #scale: number
  readonly #weight: number
  /** Lowest bin that may have weight. */
  readonly #lowest: number

  /** @param habituation weight of a value with a surprise above 2; 1 for none */
  constructor(layout: Layout, habituation: number) {
    const sketch = layout.sketch()
    this.#habituation = habituation
    this.#bins = new FilledBins(layout, sketch)
    this.#warmUp = new WarmUp(sketch)
    this.#centre = layout.numbers()
    this.#scale = layout.numbers()
    this.#weight = layout.numbers()
    this.#lowest = layout.wholes()
  }

  /** Sum of the weights learnt: how much the sketch knows. */
  weight(state: ScorerState): number {
    return state.get(this.#weight)
  }

  /** Centre and scale found in the warm-up; a scale of 0 means that the warm-up continues. */
  frame(state: ScorerState): { readonly centre: number; readonly scale: number } {
    return { centre: state.get(this.#centre), scale: state.get(this.#scale) }
  }

  /** Scores the value, then learns it. */
  step(state: ScorerState, value: number): number {
    if (state.get(this.#scale) === 0) {
      this.#collect(state, value)
      return 0
    }
    const deviation = this.#deviation(state, value)
    const bin = binOf(deviation)
    const place = this.#bins.place(state, bin)
    const surprise = this.#surprise(state, deviation, bin, place)
    this.#add(state, bin, place, surprise > habituateFrom ? this.#habituation : 1)
    return surprise
  }

  /** Surprise of the value against what was learnt so far; 0 while too little is known. */
  score(state: ScorerState, value: number): number {
    if (state.get(this.#scale) === 0) return 0
    const deviation = this.#deviation(state, value)
    const bin = binOf(deviation)
    return this.#surprise(state, deviation, bin, this.#bins.place(state, bin))
  }

  save(state: ScorerState, to: StateWriter): void {
    const lowest = state.wholes[this.#lowest] as number
    to.f64(state.get(this.#centre))
    to.f64(state.get(this.#scale))
    to.f64(state.get(this.#weight))
    to.f64s(this.#warmUp.values(state))
    const filled = [...this.#bins.entries(state)].filter(([, weight]) => weight > 0)
    to.u32(lowest)
    to.u32(filled.length)
    for (const [bin, weight] of filled) {
      to.u32(bin - lowest)
      to.f32(weight)
    }
  }

  load(state: ScorerState, from: StateReader): void {
    state.set(this.#centre, from.f64())
    state.set(this.#scale, from.f64())
    state.set(this.#weight, from.f64())
    this.#warmUp.set(state, from.f64s())
    this.#bins.clear(state)
    const lowest = from.u32()
    state.wholes[this.#lowest] = lowest
    for (let left = from.u32(); left > 0; left--) {
      const bin = lowest + from.u32()
      this.#bins.add(state, bin, this.#bins.place(state, bin), from.f32())
    }
  }

  /** @param own place of the bin, or where it would be put */
  #surprise(state: ScorerState, deviation: number, bin: number, own: number): number {
    const weight = this.weight(state)
    if (weight < minimumWeight) return 0
    const { bins } = state
    const begin = this.#bins.begin(state)
    const end = this.#bins.end(state)

    const limit = TAIL_PART * weight
    let tailWeight = 0
    let place = end - 1
    while (place > begin && tailWeight + (bins[place] as number) < limit) {
      tailWeight += bins[place] as number
      place--
    }
    const start = this.#bins.binAt(state, place)

    if (bin > start && tailWeight >= minimumTailWeight) {
      const excess = Math.max(0, deviation - (binValues[start] as number))
      const logTail = paretoLogTail(this.#momentsAbove(state, start, place, tailWeight), excess)
      return -(Math.log(tailWeight / weight) + logTail) / Math.LN10
    }
    let above = bin <= start ? tailWeight : 0
    const isFilled = this.#bins.isFilled(state, bin)
    const lowestAbove = isFilled ? own + 1 : own
    for (let i = bin <= start ? place : end - 1; i >= lowestAbove; i--) above += bins[i] as number
    const ownWeight = isFilled ? (bins[own] as number) : 0
    return -Math.log10((ownWeight / 2 + above + 0.5) / (weight + 1))
  }

  /** Sums over the filled bins above `start`, whose place this is. */
  #momentsAbove(state: ScorerState, start: number, place: number, weight: number): TailMoments {
    const base = binValues[start] as number
    const end = this.#bins.end(state)
    let sum = 0
    let squares = 0
    for (let bin = start + 1, at = place + 1; at < end; bin++) {
      if (!this.#bins.isFilled(state, bin)) continue
      const excess = (binValues[bin] as number) - base
      const weighted = (state.bins[at] as number) * excess
      sum += weighted
      squares += weighted * excess
      at++
    }
    return { weight, sum, squares }
  }

  #add(state: ScorerState, bin: number, place: number, weight: number): void {
    const { wholes } = state
    // A value below the centre came after all.
    if (bin < (wholes[this.#lowest] as number)) wholes[this.#lowest] = 0
    this.#bins.add(state, bin, place, weight)
    state.add(this.#weight, weight)
    if (this.weight(state) < capacity) return
    this.#bins.halve(state)
    state.set(this.#weight, this.weight(state) / 2)
  }

  /** Warm-up: the frame is set as soon as 32 values in a row are not all equal. */
  #collect(state: ScorerState, value: number): void {
    const collected = this.#warmUp.add(state, value)
    if (collected === undefined) return
    const sorted = collected.toSorted((a, b) => a - b)
    const lowest = sorted[0] as number
    const highest = sorted[warmUpValues - 1] as number
    const middle = sorted[warmUpValues / 2] as number
    const centre = lowest >= 0 && middle <= 4 * (highest - lowest) ? 0 : middle
    const scale = unit * mean(sorted.map(v => Math.abs(v - centre)))
    if (scale === 0) {
      this.#warmUp.dropFirst(state)
      return
    }
    this.#warmUp.clear(state)
    state.set(this.#centre, centre)
    state.set(this.#scale, scale)
    state.wholes[this.#lowest] = centre === 0 && lowest >= 0 ? CENTRE_BIN : 0
    for (const early of collected) {
      const bin = binOf(this.#deviation(state, early))
      this.#add(state, bin, this.#bins.place(state, bin), 1)
    }
  }

  #deviation(state: ScorerState, value: number): number {
    const deviation = (value - state.get(this.#centre)) / state.get(this.#scale)
    return Math.max(-MAXIMUM_DEVIATION, Math.min(MAXIMUM_DEVIATION, deviation))
  }
}
