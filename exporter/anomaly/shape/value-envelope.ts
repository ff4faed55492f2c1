import { anomalyConstants } from '../constants.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { hourOfDay } from '../time.ts'

const { envelopeBins, envelopeShrink } = anomalyConstants.shape

/**
 * The highest and lowest value that each hour of the day (UTC) has seen, with its two neighbours taken into account.
 * When an hour begins, its range is drawn in by 1% of its half-width on each side, so that it forgets slowly.
 */
export class ValueEnvelope {
  readonly #highest = new Float64Array(envelopeBins).fill(Number.NEGATIVE_INFINITY)
  readonly #lowest = new Float64Array(envelopeBins).fill(Number.POSITIVE_INFINITY)
  #previousHour = -1

  /** Lowest and highest value around this hour; ∞ and −∞ while nothing was seen. */
  range(time: number): { readonly lowest: number; readonly highest: number } {
    const hour = hourOfDay(time)
    let lowest = Number.POSITIVE_INFINITY
    let highest = Number.NEGATIVE_INFINITY
    for (let step = -1; step <= 1; step++) {
      const neighbour = (hour + step + envelopeBins) % envelopeBins
      lowest = Math.min(lowest, this.#lowest[neighbour] as number)
      highest = Math.max(highest, this.#highest[neighbour] as number)
    }
    return { lowest, highest }
  }

  learn(time: number, value: number): void {
    const hour = hourOfDay(time)
    let highest = this.#highest[hour] as number
    let lowest = this.#lowest[hour] as number
    if (hour !== this.#previousHour && highest >= lowest) {
      const middle = highest / 2 + lowest / 2
      highest -= envelopeShrink * (highest - middle)
      lowest += envelopeShrink * (middle - lowest)
    }
    this.#previousHour = hour
    this.#highest[hour] = Math.max(highest, value)
    this.#lowest[hour] = Math.min(lowest, value)
  }

  save(to: StateWriter): void {
    to.f64(this.#previousHour)
    to.f64s(this.#highest)
    to.f64s(this.#lowest)
  }

  load(from: StateReader): void {
    this.#previousHour = from.f64()
    from.f64sInto(this.#highest)
    from.f64sInto(this.#lowest)
  }
}

/** How far a value lies outside a range, above or below: 0 inside it and while there is none. */
export function distanceOutside(value: number, lowest: number, highest: number): number {
  if (lowest > highest) return 0
  return Math.max(0, value - highest, lowest - value)
}
