import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { hourOfDay } from '../time.ts'

const { envelopeBins, envelopeShrink } = anomalyConstants.shape

/**
 * The highest and lowest value that each hour of the day (UTC) has seen, with its two neighbours taken into account.
 * When an hour begins, its range is drawn in by 1% of its half-width on each side, so that it forgets slowly.
 */
export class ValueEnvelope {
  readonly #highest: number
  readonly #lowest: number
  readonly #previousHour: number

  constructor(layout: Layout) {
    this.#highest = layout.numbers(envelopeBins, Number.NEGATIVE_INFINITY)
    this.#lowest = layout.numbers(envelopeBins, Number.POSITIVE_INFINITY)
    this.#previousHour = layout.numbers(1, -1)
  }

  /** Lowest and highest value around this hour; ∞ and −∞ while nothing was seen. */
  range(state: ScorerState, time: number): { readonly lowest: number; readonly highest: number } {
    const hour = hourOfDay(time)
    let lowest = Number.POSITIVE_INFINITY
    let highest = Number.NEGATIVE_INFINITY
    for (let step = -1; step <= 1; step++) {
      const neighbour = (hour + step + envelopeBins) % envelopeBins
      lowest = Math.min(lowest, state.get(this.#lowest + neighbour))
      highest = Math.max(highest, state.get(this.#highest + neighbour))
    }
    return { lowest, highest }
  }

  learn(state: ScorerState, time: number, value: number): void {
    const hour = hourOfDay(time)
    let highest = state.get(this.#highest + hour)
    let lowest = state.get(this.#lowest + hour)
    if (hour !== state.get(this.#previousHour) && highest >= lowest) {
      const middle = highest / 2 + lowest / 2
      highest -= envelopeShrink * (highest - middle)
      lowest += envelopeShrink * (middle - lowest)
    }
    state.set(this.#previousHour, hour)
    state.set(this.#highest + hour, Math.max(highest, value))
    state.set(this.#lowest + hour, Math.min(lowest, value))
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f64(state.get(this.#previousHour))
    for (const ends of this.#ends(state)) to.f64s(ends)
  }

  load(state: ScorerState, from: StateReader): void {
    state.set(this.#previousHour, from.f64())
    for (const ends of this.#ends(state)) from.f64sInto(ends)
  }

  #ends({ numbers }: ScorerState): readonly Float64Array[] {
    return [this.#highest, this.#lowest].map(at => numbers.subarray(at, at + envelopeBins))
  }
}

/** How far a value lies outside a range, above or below: 0 inside it and while there is none. */
export function distanceOutside(value: number, lowest: number, highest: number): number {
  if (lowest > highest) return 0
  return Math.max(0, value - highest, lowest - value)
}
