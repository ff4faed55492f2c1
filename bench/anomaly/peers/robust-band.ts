import type { Band, BandRule } from './band.ts'
import { SlidingQuantile } from './sliding-quantile.ts'

const SPARSE_PER_HOUR = 5
const DEVIATIONS = 2
const MARGIN = 0.5
/** Offsets of the seasonal bands in hours. */
const LOOK_BACKS = [23.75, 167.75]

interface SeasonalSample {
  readonly median: number | undefined
  readonly value: number | undefined
}

/**
 * The robust rules of grafana/promql-anomaly-detection (rules/robust.yml): the median of 1 h against the median of 24 h
 * ± the widest of twice the median absolute deviation, half of the median, and the bands around the median of the hour
 * at this time yesterday and last week. Zeros are dropped, series below 5 events an hour are not looked at.
 */
export class RobustBand implements BandRule {
  readonly #hour: number
  readonly #sparseBelow: number
  readonly #day: SlidingQuantile
  readonly #dayDeviation: SlidingQuantile
  readonly #level: SlidingQuantile
  readonly #recent: number[] = []
  #recentSum = 0
  readonly #history: SeasonalSample[] = []
  readonly #seasons: readonly SlidingQuantile[]

  /** @param spacing of the values, in seconds @param sparse whether the filter for sparse counts applies */
  constructor(spacing: number, sparse: boolean) {
    this.#hour = Math.round(3600 / spacing)
    this.#sparseBelow = sparse ? SPARSE_PER_HOUR : 0
    this.#day = new SlidingQuantile(24 * this.#hour)
    this.#dayDeviation = new SlidingQuantile(24 * this.#hour)
    this.#level = new SlidingQuantile(this.#hour)
    this.#seasons = LOOK_BACKS.map(() => new SlidingQuantile(this.#hour))
  }

  step(value: number): Band | undefined {
    const selected = value > 0 && this.#eventsOfHour(value) >= this.#sparseBelow ? value : undefined
    this.#day.push(selected)
    this.#level.push(selected)
    const middle = this.#day.quantile(0.5)
    this.#dayDeviation.push(deviation(selected, middle))
    const level = this.#level.quantile(0.5)
    this.#history.push({ median: level, value: selected })
    const seasonal = LOOK_BACKS.flatMap((hours, i) => this.#seasonalEdges(hours, this.#seasons[i] as SlidingQuantile))
    if (middle === undefined || level === undefined) return undefined

    const spread = DEVIATIONS * (this.#dayDeviation.quantile(0.5) ?? 0)
    const edges = [middle * (1 - MARGIN), middle * (1 + MARGIN), middle - spread, middle + spread, ...seasonal]
    return { level, middle, lower: Math.max(0, Math.min(...edges)), upper: Math.max(...edges) }
  }

  #seasonalEdges(hours: number, deviations: SlidingQuantile): number[] {
    const past = this.#history[this.#history.length - 1 - Math.round(hours * this.#hour)]
    deviations.push(deviation(past?.value, past?.median))
    const spread = deviations.quantile(0.5)
    if (past?.median === undefined || spread === undefined) return []
    return [past.median - DEVIATIONS * spread, past.median + DEVIATIONS * spread]
  }

  #eventsOfHour(value: number): number {
    this.#recent.push(value)
    this.#recentSum += value
    if (this.#recent.length > this.#hour) this.#recentSum -= this.#recent.shift() as number
    return this.#recentSum
  }
}

function deviation(value: number | undefined, median: number | undefined): number | undefined {
  return value === undefined || median === undefined ? undefined : Math.abs(value - median)
}
