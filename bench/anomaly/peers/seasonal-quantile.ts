import { HOUR_SECONDS, positiveModulo } from '../../../exporter/detection/model/time.ts'
import type { Detector } from './detector.ts'
import { SortedValues } from './sorted-values.ts'

const MINIMUM_SAMPLES = 16

/**
 * Quantiles by hour of a season: distance from the median of that hour, in units of the distance from the median to its
 * 1% or 99% quantile. The recipe of VictoriaMetrics anomaly detection's online seasonal quantile model in steps of an
 * hour, with exact quantiles; 0 until 16 values are known.
 */
export class SeasonalQuantile implements Detector {
  readonly #hours: readonly SortedValues[]
  readonly #minimumWidth: number
  #seen = 0

  /** @param seasonHours 168 for a week, 24 for a day @param minimumWidth least distance from the median to an edge */
  constructor(seasonHours: number, minimumWidth: number) {
    this.#hours = Array.from({ length: seasonHours }, () => new SortedValues())
    this.#minimumWidth = minimumWidth
  }

  step(time: number, value: number): number {
    const hour = this.#hours[positiveModulo(Math.floor(time / HOUR_SECONDS), this.#hours.length)] as SortedValues
    const score = this.#seen++ < MINIMUM_SAMPLES ? 0 : this.#distance(hour, value)
    hour.add(value)
    return score
  }

  #distance(hour: SortedValues, value: number): number {
    const median = hour.quantile(0.5)
    if (median === undefined) return 0
    const edge = hour.quantile(value > median ? 0.99 : 0.01) as number
    return Math.abs(value - median) / Math.max(this.#minimumWidth, Math.abs(edge - median))
  }
}
