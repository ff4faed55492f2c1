import type { ExpositionFormat } from './exposition-format.ts'
import type { Exemplar } from './open-metrics.ts'

/** A metric family of the series store. */
export interface MetricDefinition {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  /** Label names in the order in which values are given and exposed. */
  readonly labels: readonly string[]
  /** True: the exposed value changes only after the state that contains it is committed. False: immediately. */
  readonly durable: boolean
  /** Maximum number of series of this metric; further ones are summed in one overflow series. Default: the store's. */
  readonly limit?: number
}

/**
 * A handle: `series.value += n` is the whole update (at most 20 ns). For a durable metric the exposed value changes
 * only by `SeriesStore.publish`.
 */
export interface Series {
  value: number
  /** Of a durable counter: exposed with the value that it was set beside. */
  exemplar?: Exemplar | undefined
}

/** A sample of a metric that is computed at each scrape. */
export interface ComputedSample {
  /** As returned by `Metric.labelSet`. */
  readonly labelSet: string
  readonly value: number
}

export interface Metric {
  readonly definition: MetricDefinition
  /** The series of these label values, created on first use; the overflow series if the limit is reached. */
  series(...labelValues: readonly string[]): Series
  /**
   * Removes a series of a gauge that is not durable (a resolved finding, a former offender); its handle has no effect
   * afterwards.
   */
  remove(...labelValues: readonly string[]): void
  /** The labels of a sample as they are exposed. */
  labelSet(...labelValues: readonly string[]): string
  /**
   * Exposes the result of `samples` at each scrape, instead of stored series: for a gauge that is not durable and whose
   * values are kept elsewhere. Nothing is stored between two scrapes; the number of samples is bounded by their owner.
   */
  compute(samples: () => Iterable<ComputedSample>): void
}

/** A durable series and the value that the state database must hold before it may be exposed. */
export interface SeriesValue {
  readonly metric: string
  readonly labels: readonly string[]
  readonly value: number
}

/** Our own bounded store of domain series; see docs/adr/0001. */
export interface SeriesStore {
  define(definition: MetricDefinition): Metric
  /** Durable series whose value differs from the last one published, as plain data for the state transaction. */
  changes(): readonly SeriesValue[]
  /** Exposes exactly these values, after their transaction was committed. */
  publish(committed: readonly SeriesValue[]): void
  /**
   * Restores the content of the state database; values count as published. Metrics must be defined before. Returns the
   * values that match no durable metric with such labels: they stay in the database, for a version that defines it.
   */
  restore(saved: Iterable<SeriesValue>): readonly SeriesValue[]
  /**
   * The series in slices of UTF-8 that let the event loop run; in OpenMetrics without its last line. Durable metrics are one
   * consistent set of published values; each other metric is read when its turn comes.
   *
   * @param format default: text format 0.0.4
   */
  render(format?: ExpositionFormat): AsyncIterable<Buffer>
}
