import { LabelTree } from '../../service/series/label-tree.ts'
import type { Metric, Series } from '../../service/series/series.ts'

/** Maximum number of cached handles of one metric. */
const HANDLE_CAPACITY = 50_000

/**
 * The series of a metric by their label values. The store checks and bounds every value that it is given, which a repeated
 * tuple need not pay again.
 */
export class SeriesHandles {
  readonly #metric: Metric
  readonly #labels: number
  #handles: LabelTree<Series>
  #count = 0

  /** @param labels the number of the metric's labels */
  constructor(metric: Metric, labels: number) {
    this.#metric = metric
    this.#labels = labels
    this.#handles = new LabelTree(labels)
  }

  of(values: readonly string[]): Series {
    const known = this.#handles.get(values)
    if (known !== undefined) return known
    if (this.#count >= HANDLE_CAPACITY) {
      this.#handles = new LabelTree(this.#labels)
      this.#count = 0
    }
    const series = this.#metric.series(...values)
    this.#handles.set(values, series)
    this.#count += 1
    return series
  }
}
