import type { Series, SeriesStore } from '../../service/series/series.ts'

/** How much of the scoring is done, and what found no room; moved about once a second. */
export interface ScoringState {
  readonly fullSeries: number
  readonly seriesOverflow: number
  readonly entityTables: number
  readonly entityOverflow: number
  readonly keysDropped: number
  readonly backfillsWaiting: number
  readonly backfillMinutesLeft: number
}

/** Gauges and counters of the scoring as a whole. */
export class TierMetrics {
  readonly #series: { readonly full: Series; readonly lite: Series }
  readonly #overflow: { readonly full: Series; readonly lite: Series; readonly keys: Series }
  readonly #backfillSeries: Series
  readonly #backfillMinutes: Series

  constructor(store: SeriesStore) {
    const gauge = (name: string, help: string, labels: readonly string[]) =>
      store.define({ name, help, type: 'gauge', labels, durable: false })
    const tiers = gauge('clawtrust_anomaly_tier_series', 'Scored series (full) and tables of entities (lite).', [
      'tier',
    ])
    const overflow = store.define({
      name: 'clawtrust_anomaly_overflow_total',
      help: 'Series without a scorer (full), kinds of entities without a table (lite) and names of entities of minutes (keys) beyond the limit since the start.',
      type: 'counter',
      labels: ['tier'],
      durable: false,
    })
    this.#series = { full: tiers.series('full'), lite: tiers.series('lite') }
    this.#overflow = { full: overflow.series('full'), lite: overflow.series('lite'), keys: overflow.series('keys') }
    this.#backfillSeries = gauge(
      'clawtrust_anomaly_replay_series',
      'Series whose backfill is still being scored in the background.',
      [],
    ).series()
    this.#backfillMinutes = gauge(
      'clawtrust_anomaly_replay_backlog',
      'Minutes of these series that are not yet scored.',
      [],
    ).series()
  }

  observe(state: ScoringState): void {
    this.#series.full.value = state.fullSeries
    this.#series.lite.value = state.entityTables
    this.#overflow.full.value = state.seriesOverflow
    this.#overflow.lite.value = state.entityOverflow
    this.#overflow.keys.value = state.keysDropped
    this.#backfillSeries.value = state.backfillsWaiting
    this.#backfillMinutes.value = state.backfillMinutesLeft
  }
}
