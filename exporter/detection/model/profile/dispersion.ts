import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { DAY_MINUTES } from './calendar.ts'

const { start, startWeight, levelStartWeight, memory, floor, limit, levelFloor, levelLimit } =
  anomalyConstants.dispersion
const { varianceStart } = anomalyConstants.level
/** Minutes of one block share their level, so that they show the dispersion of single minutes. */
const BLOCK = 20
/** Blocks of this many minutes show the variance of the level. */
const LEVEL_BLOCK = 120
/** One block's squared deviation of the level is at most this. */
const LARGEST_SQUARE = 0.5

/** A day's clipped counts and what is expected of each minute; both 0 where it was not observed. */
export interface FittedDay {
  readonly counts: Float64Array
  readonly expected: Float64Array
}

/**
 * Two variances, learnt once a day by moments and pooled with a prior: φ of single minutes around the level of their 20
 * minutes (variance M + φM²), and the variance s² of the level in blocks of two hours.
 */
export class Dispersion {
  readonly #minute: number
  readonly #minuteSum: number
  readonly #minuteWeight: number
  readonly #level: number
  readonly #levelSum: number
  readonly #levelWeight: number

  constructor(layout: Layout) {
    this.#minute = layout.numbers(1, start)
    this.#minuteSum = layout.numbers()
    this.#minuteWeight = layout.numbers()
    this.#level = layout.numbers(1, varianceStart)
    this.#levelSum = layout.numbers()
    this.#levelWeight = layout.numbers()
  }

  /** φ of single minutes at a known level. */
  ofMinutes(state: ScorerState): number {
    return state.get(this.#minute)
  }

  /** s² of the level. */
  ofLevel(state: ScorerState): number {
    return state.get(this.#level)
  }

  learn(state: ScorerState, day: FittedDay): void {
    for (const place of [this.#minuteSum, this.#minuteWeight, this.#levelSum, this.#levelWeight]) {
      state.set(place, state.get(place) * memory)
    }
    for (let from = 0; from < DAY_MINUTES; from += BLOCK) this.#learnMinutes(state, day, from)
    const minutes = (state.get(this.#minuteSum) + start * startWeight) / (state.get(this.#minuteWeight) + startWeight)
    state.set(this.#minute, Math.max(floor, Math.min(limit, minutes)))
    for (let from = 0; from < DAY_MINUTES; from += LEVEL_BLOCK) this.#learnLevel(state, day, from)
    const level =
      (state.get(this.#levelSum) + varianceStart * levelStartWeight) / (state.get(this.#levelWeight) + levelStartWeight)
    state.set(this.#level, Math.max(levelFloor, Math.min(levelLimit, level)))
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const place of this.#places()) to.f64(state.get(place))
  }

  load(state: ScorerState, from: StateReader): void {
    for (const place of this.#places()) state.set(place, from.f64())
  }

  #learnMinutes(state: ScorerState, { counts, expected }: FittedDay, from: number): void {
    const level = (sum(counts, from, BLOCK) + 1) / (sum(expected, from, BLOCK) + 1)
    for (let minute = from; minute < from + BLOCK; minute++) {
      const mean = level * (expected[minute] as number)
      const residual = (counts[minute] as number) - mean
      const square = Math.min(residual * residual, 16 * (mean + 0.5 * mean * mean) + 2)
      const weight = 1 / (1 + start * mean) ** 2
      state.add(this.#minuteSum, weight * ((square * BLOCK) / (BLOCK - 1) - mean))
      state.add(this.#minuteWeight, weight * mean * mean)
    }
  }

  #learnLevel(state: ScorerState, { counts, expected }: FittedDay, from: number): void {
    const mean = sum(expected, from, LEVEL_BLOCK)
    if (mean === 0) return
    let squares = 0
    for (let minute = from; minute < from + LEVEL_BLOCK; minute++) squares += (expected[minute] as number) ** 2
    const residual = sum(counts, from, LEVEL_BLOCK) - mean
    const variance = mean + this.ofMinutes(state) * squares
    const weight = 1 / (1 + variance / (mean * mean) / varianceStart) ** 2
    state.add(this.#levelSum, weight * Math.min((residual * residual - variance) / (mean * mean), LARGEST_SQUARE))
    state.add(this.#levelWeight, weight)
  }

  #places(): readonly number[] {
    return [this.#minute, this.#minuteSum, this.#minuteWeight, this.#level, this.#levelSum, this.#levelWeight]
  }
}

function sum(values: Float64Array, from: number, minutes: number): number {
  let total = 0
  for (let minute = from; minute < from + minutes; minute++) total += values[minute] as number
  return total
}
