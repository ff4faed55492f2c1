import type { ExpositionFormat } from './exposition-format.ts'
import { Family, type FamilyObserver } from './family.ts'
import { misnamed, openMetricsFamily } from './open-metrics.ts'
import { renderSlices } from './render.ts'
import type { Metric, MetricDefinition, SeriesStore, SeriesValue } from './series.ts'

export interface SeriesStoreOptions {
  /** Maximum number of series of a metric without a limit of its own. Default: 10,000. */
  readonly limit?: number
}

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/

const SERIES: MetricDefinition = {
  name: 'clawtrust_series',
  help: 'Series of a metric, without its overflow series.',
  type: 'gauge',
  labels: ['metric'],
  durable: false,
}

const SERIES_DROPPED: MetricDefinition = {
  name: 'clawtrust_series_dropped_total',
  help: 'Requests for a new series beyond the limit of its metric; the values went to the overflow series.',
  type: 'counter',
  labels: ['metric'],
  durable: false,
}

const unobserved: FamilyObserver = { sized() {}, dropped() {} }

export function createSeriesStore(options: SeriesStoreOptions = {}): SeriesStore {
  return new BoundedSeriesStore(options.limit ?? 10_000)
}

class BoundedSeriesStore implements SeriesStore {
  readonly #limit: number
  // The two metrics about metrics have one series for each metric: bounded by the code, not by a limit.
  readonly #sizes = new Family(SERIES, Number.POSITIVE_INFINITY, unobserved)
  readonly #drops = new Family(SERIES_DROPPED, Number.POSITIVE_INFINITY, unobserved)
  readonly #families = new Map([this.#sizes, this.#drops].map(family => [family.definition.name, family]))
  readonly #familyNames = new Set([SERIES, SERIES_DROPPED].map(({ name, type }) => openMetricsFamily(name, type).name))

  constructor(limit: number) {
    this.#limit = checkedLimit(limit, 'The series store')
  }

  define(definition: MetricDefinition): Metric {
    const { name } = definition
    checkNames(definition)
    if (this.#families.has(name)) throw new TypeError(`${name} is already defined`)
    this.#checkFamily(definition)
    const size = this.#sizes.series(name)
    const drops = this.#drops.series(name)
    const family = new Family(definition, checkedLimit(definition.limit ?? this.#limit, name), {
      sized: series => {
        size.value = series
      },
      dropped: () => {
        drops.value += 1
      },
    })
    this.#families.set(name, family)
    return family
  }

  /** In OpenMetrics, a counter and a gauge that differ by `_total` only are one family. */
  #checkFamily({ name, type }: MetricDefinition): void {
    const wrong = misnamed(name, type)
    if (wrong !== undefined) throw new TypeError(`${name}: ${wrong}`)
    const family = openMetricsFamily(name, type).name
    if (this.#familyNames.has(family)) throw new TypeError(`${name}: the family ${family} is already defined`)
    this.#familyNames.add(family)
  }

  changes(): readonly SeriesValue[] {
    return [...this.#families.values()].flatMap(family => [...family.changes()])
  }

  publish(committed: readonly SeriesValue[]): void {
    for (const value of committed) this.#families.get(value.metric)?.publish(value)
  }

  restore(saved: Iterable<SeriesValue>): readonly SeriesValue[] {
    return [...saved].filter(value => !this.#families.get(value.metric)?.restore(value))
  }

  render(format: ExpositionFormat = 'text'): AsyncIterable<Buffer> {
    const all = [...this.#families.values()]
    const committed = new Map(all.filter(isDurable).map(family => [family, family.snapshot(format)]))
    return renderSlices(lazily(all, family => committed.get(family) ?? family.snapshot(format)))
  }
}

const isDurable = ({ definition }: Family) => definition.durable

function* lazily<T, R>(all: readonly T[], give: (one: T) => R): Generator<R> {
  for (const one of all) yield give(one)
}

function checkNames({ name, labels }: MetricDefinition): void {
  if (!METRIC_NAME.test(name)) throw new TypeError(`"${name}" is not a metric name`)
  const wrong = labels.find(label => !LABEL_NAME.test(label))
  if (wrong !== undefined) throw new TypeError(`${name}: "${wrong}" is not a label name`)
  if (new Set(labels).size < labels.length) throw new TypeError(`${name} names a label twice`)
}

function checkedLimit(limit: number, of: string): number {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`${of}: the limit of series must be at least 1`)
  return limit
}
