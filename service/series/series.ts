/** A metric family of the series store. */
export interface MetricDefinition {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  /** Label names in the order in which values are given and exposed. */
  readonly labels: readonly string[]
  /** True: the exposed value moves only when the state that contains it is committed. False: at once. */
  readonly durable: boolean
  /** Most series of this metric; what comes beyond is summed in one visible overflow series. Default: the store's. */
  readonly limit?: number
}

/**
 * A held handle: `series.value += n` is the whole update (at most 20 ns). For a durable metric the exposed value
 * follows only by `SeriesStore.publish`.
 */
export interface Series {
  value: number
}

/** A sample of a metric that is computed at each scrape. */
export interface ComputedSample {
  /** As `Metric.labelSet` gives it. */
  readonly labelSet: string
  readonly value: number
}

export interface Metric {
  readonly definition: MetricDefinition
  /** The series of these label values, made on first use; the overflow series when the metric is full. */
  series(...labelValues: readonly string[]): Series
  /** Takes a series of a gauge away that is not durable (a resolved finding, an offender that left); its handle is dead. */
  remove(...labelValues: readonly string[]): void
  /** The labels of a sample as they are exposed. */
  labelSet(...labelValues: readonly string[]): string
  /**
   * Exposes what `samples` gives at each scrape, instead of series of its own: for a gauge that is not durable and whose
   * values are kept elsewhere. Nothing is held for it between two scrapes; how many there are is bounded there.
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
   * Puts back what the state database holds; values count as published. Metrics must be defined before. Returns what
   * no durable metric with such labels is defined for: it stays in the database, for the version that knows it.
   */
  restore(saved: Iterable<SeriesValue>): readonly SeriesValue[]
  /**
   * Text format 0.0.4 in slices that let the event loop breathe. Durable metrics are one consistent set of published
   * values; each other metric is as of the moment at which its turn comes.
   */
  render(): AsyncIterable<string>
}
