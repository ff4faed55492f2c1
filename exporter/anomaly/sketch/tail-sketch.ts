import { mean } from 'simple-statistics'
import { anomalyConstants } from '../constants.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { BIN_COUNT, binOf, CENTRE_BIN } from './bins.ts'
import { paretoLogTail } from './pareto-tail.ts'

const { unit, warmUpValues, tailQuantile, minimumWeight, capacity, minimumTailWeight, habituateFrom } =
  anomalyConstants.sketch
const TAIL_PART = 1 - tailQuantile
/** Deviations beyond this many scales are taken as this many, so that no quotient becomes infinite. */
const MAXIMUM_DEVIATION = 1e200

/**
 * Turns a value into a surprise against the series' own past: A = −log10 P(a value at least as large).
 *
 * A histogram with logarithmic bins around a centre, and a generalised Pareto tail above its 98% quantile. Inside:
 * A = −log10((G + ½)/(n + 1)), G the weight above the value's bin plus half of its own. In the tail, with the tail's
 * weight w: A = −(ln(w/n) + ln P(excess))/ln 10. One-sided: a view for low values negates them.
 *
 * Centre and scale come from the first 32 values. At 8,000 of weight everything is halved (exponential forgetting,
 * half-life about 4,000 values). Values with A > 2 are learnt with more weight (habituation): a repetition surprises less.
 * Values must be finite and within ±1e300.
 */
export class TailSketch {
  readonly #habituation: number
  /** Weight of each bin from `#first` on: most sketches never see anything below their centre, and save that half. */
  #bins = new Float32Array(0)
  #first = 0
  #centre = 0
  /** 0 until the warm-up is over. */
  #scale = 0
  #weight = 0
  /** Highest bin with weight. */
  #top = 0
  #warmUp: number[] = []

  /** @param habituation weight of a value with a surprise above 2; 1 for none */
  constructor(habituation: number) {
    this.#habituation = habituation
  }

  /** Sum of the weights learnt: how much the sketch knows. */
  get weight(): number {
    return this.#weight
  }

  /** Centre and scale found in the warm-up; a scale of 0 means that it goes on. */
  get frame(): { readonly centre: number; readonly scale: number } {
    return { centre: this.#centre, scale: this.#scale }
  }

  /** Scores the value, then learns it. */
  step(value: number): number {
    const surprise = this.score(value)
    this.#learn(value, surprise > habituateFrom ? this.#habituation : 1)
    return surprise
  }

  /** Surprise of the value against what was learnt so far; 0 while too little is known. */
  score(value: number): number {
    if (this.#scale === 0 || this.#weight < minimumWeight) return 0
    const bins = this.#bins
    const first = this.#first
    const deviation = this.#deviation(value)
    const bin = binOf(deviation)

    const limit = TAIL_PART * this.#weight
    let tailWeight = 0
    let start = this.#top
    while (start > first && tailWeight + (bins[start - first] as number) < limit) {
      tailWeight += bins[start - first] as number
      start--
    }

    if (bin > start && tailWeight >= minimumTailWeight) {
      const logTail = paretoLogTail(bins, first, start, this.#top, tailWeight, deviation)
      return -(Math.log(tailWeight / this.#weight) + logTail) / Math.LN10
    }
    let above = bin <= start ? tailWeight : 0
    const floor = Math.max(bin, first - 1)
    for (let i = bin <= start ? start : this.#top; i > floor; i--) above += bins[i - first] as number
    const own = bin < first ? 0 : (bins[bin - first] as number)
    return -Math.log10((own / 2 + above + 0.5) / (this.#weight + 1))
  }

  save(to: StateWriter): void {
    to.f64(this.#centre)
    to.f64(this.#scale)
    to.f64(this.#weight)
    to.f64s(this.#warmUp)
    const filled: number[] = []
    for (let i = 0; i < this.#bins.length; i++) if (this.#bins[i] !== 0) filled.push(i)
    to.u32(this.#first)
    to.u32(filled.length)
    for (const i of filled) {
      to.u32(i)
      to.f32(this.#bins[i] as number)
    }
  }

  load(from: StateReader): void {
    this.#centre = from.f64()
    this.#scale = from.f64()
    this.#weight = from.f64()
    this.#warmUp = from.f64s()
    this.#first = from.u32()
    this.#bins = new Float32Array(this.#scale === 0 ? 0 : BIN_COUNT - this.#first)
    this.#top = 0
    for (let left = from.u32(); left > 0; left--) {
      const i = from.u32()
      this.#bins[i] = from.f32()
      this.#top = this.#first + i
    }
  }

  #learn(value: number, weight: number): void {
    if (this.#scale === 0) this.#collect(value)
    else this.#add(value, weight)
  }

  #add(value: number, weight: number): void {
    const bin = binOf(this.#deviation(value))
    if (bin < this.#first) this.#widen()
    const i = bin - this.#first
    this.#bins[i] = (this.#bins[i] as number) + weight
    if (bin > this.#top) this.#top = bin
    this.#weight += weight
    if (this.#weight >= capacity) this.#halve()
  }

  #halve(): void {
    const bins = this.#bins
    for (let i = 0; i < bins.length; i++) bins[i] = (bins[i] as number) / 2
    while (this.#top > this.#first && bins[this.#top - this.#first] === 0) this.#top--
    this.#weight /= 2
  }

  /** A value below the centre came after all. */
  #widen(): void {
    const wide = new Float32Array(BIN_COUNT)
    wide.set(this.#bins, this.#first)
    this.#bins = wide
    this.#first = 0
  }

  /** Warm-up: the frame is set as soon as 32 values in a row are not all equal. */
  #collect(value: number): void {
    this.#warmUp.push(value)
    if (this.#warmUp.length < warmUpValues) return
    const sorted = this.#warmUp.toSorted((a, b) => a - b)
    const lowest = sorted[0] as number
    const highest = sorted[warmUpValues - 1] as number
    const middle = sorted[warmUpValues / 2] as number
    const centre = lowest >= 0 && middle <= 4 * (highest - lowest) ? 0 : middle
    const scale = unit * mean(sorted.map(v => Math.abs(v - centre)))
    if (scale === 0) {
      this.#warmUp.shift()
      return
    }
    const collected = this.#warmUp
    this.#warmUp = []
    this.#centre = centre
    this.#scale = scale
    this.#first = centre === 0 && lowest >= 0 ? CENTRE_BIN : 0
    this.#bins = new Float32Array(BIN_COUNT - this.#first)
    for (const early of collected) this.#add(early, 1)
  }

  #deviation(value: number): number {
    const deviation = (value - this.#centre) / this.#scale
    return Math.max(-MAXIMUM_DEVIATION, Math.min(MAXIMUM_DEVIATION, deviation))
  }
}
