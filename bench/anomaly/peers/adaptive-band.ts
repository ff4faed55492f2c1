import type { Band, BandRule } from './band.ts'
import { PastMoments } from './past-moments.ts'

const SPARSE_PER_HOUR = 5
const DEVIATIONS = 2
const MARGIN = 0.5
const VARIABLE_FROM = 0.5

/**
 * The adaptive rules of grafana/promql-anomaly-detection (rules/adaptive.yml): zeros are dropped, series below 5 events
 * an hour are not looked at; mean of 1 h ± the widest of 2 mean standard deviations of 26 h (of the hours that vary by
 * more than half of their mean), half of the mean, and the bands of the hour around this time yesterday and last week.
 */
export class AdaptiveBand implements BandRule {
  readonly #values = new PastMoments()
  readonly #raw = new PastMoments()
  readonly #deviations = new PastMoments()
  readonly #hour: number
  readonly #sparseBelow: number

  /** @param spacing of the values, in seconds @param sparse whether the filter for sparse counts applies */
  constructor(spacing: number, sparse: boolean) {
    this.#hour = Math.round(3600 / spacing)
    this.#sparseBelow = sparse ? SPARSE_PER_HOUR / this.#hour : 0
  }

  step(value: number): Band | undefined {
    this.#raw.push(value)
    const dense = (this.#raw.over(this.#hour)?.mean ?? 0) >= this.#sparseBelow
    const selected = value > 0 && dense ? value : undefined
    this.#values.push(selected)
    const hour = this.#values.over(this.#hour)
    const variable = hour !== undefined && hour.deviation > hour.mean * VARIABLE_FROM
    this.#deviations.push(variable ? hour.deviation : undefined)
    if (hour === undefined || selected === undefined) return undefined

    const spread = this.#deviations.over(26 * this.#hour)
    const edges = [hour.mean * (1 - MARGIN), hour.mean * (1 + MARGIN)]
    if (spread !== undefined) edges.push(hour.mean - DEVIATIONS * spread.mean, hour.mean + DEVIATIONS * spread.mean)
    for (const hours of [23.5, 167.5]) {
      const past = this.#values.over(this.#hour, Math.round(hours * this.#hour))
      if (past !== undefined)
        edges.push(past.mean - DEVIATIONS * past.deviation, past.mean + DEVIATIONS * past.deviation)
    }
    return { level: selected, middle: hour.mean, lower: Math.max(0, Math.min(...edges)), upper: Math.max(...edges) }
  }
}
