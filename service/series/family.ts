import type { ExpositionFormat } from './exposition-format.ts'
import { LabelTree } from './label-tree.ts'
import { boundLabelValue, OVERFLOW_LABEL_VALUE } from './label-values.ts'
import { type Exemplar, openMetricsHeader } from './open-metrics.ts'
import type { FamilySnapshot } from './render.ts'
import type { ComputedSample, Metric, MetricDefinition, Series, SeriesValue } from './series.ts'
import { familyHeader, labelSet, samplePrefix } from './text-format.ts'

/** One series: its current value, the last committed value, and its line up to the value. */
interface Sample extends Series {
  value: number
  /** Last value that may be exposed; undefined until the first commit. Durable metrics only. */
  published: number | undefined
  readonly labels: readonly string[]
  readonly prefix: string
}

const NO_LABELS: readonly string[] = []

/** How a family reports its size to the store. */
export interface FamilyObserver {
  sized(series: number): void
  dropped(): void
}

/** All series of one metric, at most `limit` of them and the overflow series. */
export class Family implements Metric {
  readonly definition: MetricDefinition
  readonly #limit: number
  readonly #observer: FamilyObserver
  readonly #headers: Readonly<Record<ExpositionFormat, string>>
  readonly #tree: LabelTree<Sample>
  readonly #samples = new Set<Sample>()
  /** Of the samples that were given to a commit, and of those that are exposed: at most one of a series. */
  readonly #offered = new Map<Sample, Exemplar>()
  readonly #exemplars = new Map<Sample, Exemplar>()
  /** The exposed samples; replaced rather than changed, since scrapes in progress use the previous list. */
  #exposed: readonly Sample[] | undefined
  #overflow: Sample | undefined
  #computed: (() => Iterable<ComputedSample>) | undefined

  constructor(definition: MetricDefinition, limit: number, observer: FamilyObserver) {
    this.definition = definition
    this.#limit = limit
    this.#observer = observer
    const { name, help, type } = definition
    this.#headers = { text: familyHeader(name, help, type), openmetrics: openMetricsHeader(name, help, type) }
    this.#tree = new LabelTree(definition.labels.length)
  }

  series(...labelValues: readonly string[]): Series {
    const labels = this.#bound(labelValues)
    const found = this.#tree.get(labels)
    if (found !== undefined) return found
    if (this.#size() < this.#limit) return this.#add(labels)
    this.#observer.dropped()
    return this.#overflowing()
  }

  remove(...labelValues: readonly string[]): void {
    const { name, type, durable } = this.definition
    if (type !== 'gauge' || durable) throw new TypeError(`${name}: only series of a gauge that is not durable go away`)
    const labels = this.#bound(labelValues)
    const sample = this.#tree.get(labels)
    if (sample === undefined) return
    this.#tree.delete(labels)
    this.#samples.delete(sample)
    this.#exposed = undefined
    this.#observer.sized(this.#size())
  }

  labelSet(...labelValues: readonly string[]): string {
    return labelSet(this.definition.labels, this.#bound(labelValues))
  }

  compute(samples: () => Iterable<ComputedSample>): void {
    this.#computed = samples
  }

  /** Durable series that are new or changed since they were last published. */
  *changes(): Iterable<SeriesValue> {
    if (!this.definition.durable) return
    for (const sample of this.#samples) {
      if (!this.#admissible(sample)) sample.value = sample.published ?? 0
      if (sample.value !== sample.published) {
        if (sample.exemplar !== undefined) this.#offered.set(sample, sample.exemplar)
        yield { metric: this.definition.name, labels: sample.labels, value: sample.value }
      }
    }
  }

  /**
   * Exposes a committed value. If two commits of a counter are published in the wrong order, the later value is kept.
   */
  publish({ labels, value }: SeriesValue): void {
    const sample = this.#tree.get(labels)
    if (sample === undefined) return
    const falls = this.definition.type === 'counter' && value < (sample.published ?? 0)
    if (!falls) this.#expose(sample, value)
    const exemplar = this.#offered.get(sample)
    if (exemplar === undefined) return
    this.#exemplars.set(sample, exemplar)
    this.#offered.delete(sample)
  }

  /**
   * Restores a saved value; increments made before are added to it. All saved series are restored, even if the limit
   * has been lowered since: an exposed counter may not disappear. False if the labels are not this metric's.
   */
  restore({ labels, value }: SeriesValue): boolean {
    if (!this.definition.durable || labels.length !== this.definition.labels.length) return false
    const overflow = this.#limited() && labels.every(label => label === OVERFLOW_LABEL_VALUE)
    const sample = overflow ? this.#overflowing() : (this.#tree.get(labels) ?? this.#add(labels))
    const pending = this.definition.type === 'counter' ? sample.value - (sample.published ?? 0) : 0
    this.#expose(sample, value)
    sample.value = value + pending
    return true
  }

  /** The samples for a scrape that starts now; later changes do not affect it. */
  snapshot(format: ExpositionFormat): FamilySnapshot {
    const header = this.#headers[format]
    if (this.#computed !== undefined) return this.#computedSnapshot(header, this.#computed)
    const { durable } = this.definition
    this.#exposed ??= [...this.#samples].filter(({ published }) => !durable || published !== undefined)
    const samples = this.#exposed
    const values = new Float64Array(samples.length)
    for (const [index, sample] of samples.entries()) {
      values[index] = (durable ? sample.published : sample.value) ?? Number.NaN
    }
    if (format === 'text' || this.#exemplars.size === 0) return { header, samples, values }
    return { header, samples, values, exemplars: samples.map(sample => this.#exemplars.get(sample)) }
  }

  #computedSnapshot(header: string, computed: () => Iterable<ComputedSample>): FamilySnapshot {
    const samples: { readonly prefix: string }[] = []
    const values: number[] = []
    for (const { labelSet: labels, value } of computed()) {
      samples.push({ prefix: `${this.definition.name}${labels} ` })
      values.push(value)
    }
    this.#observer.sized(samples.length)
    return { header, samples, values: Float64Array.from(values) }
  }

  /** A durable value must be representable in the database, and a counter must not decrease. */
  #admissible({ value, published = 0 }: Sample): boolean {
    return Number.isFinite(value) && (this.definition.type === 'gauge' || value >= published)
  }

  #bound(labelValues: readonly string[]): readonly string[] {
    const { name, labels } = this.definition
    if (labelValues.length !== labels.length) {
      throw new TypeError(`${name} has ${labels.length} labels (${labels.join(', ')}), not ${labelValues.length}`)
    }
    return labelValues.map(boundLabelValue)
  }

  #limited(): boolean {
    return this.definition.labels.length > 0
  }

  #size(): number {
    return this.#samples.size - (this.#overflow === undefined ? 0 : 1)
  }

  #overflowing(): Sample {
    this.#overflow ??= this.#insert(this.definition.labels.map(() => OVERFLOW_LABEL_VALUE))
    return this.#overflow
  }

  #add(labels: readonly string[]): Sample {
    const sample = this.#insert(labels)
    this.#observer.sized(this.#size())
    return sample
  }

  #insert(labels: readonly string[]): Sample {
    const { name, labels: names, durable } = this.definition
    const prefix = samplePrefix(name, names, labels)
    // Only committed series are looked up by their labels.
    const sample: Sample = {
      value: 0,
      exemplar: undefined,
      published: undefined,
      labels: durable ? labels : NO_LABELS,
      prefix,
    }
    this.#tree.set(labels, sample)
    this.#samples.add(sample)
    this.#exposed = undefined
    return sample
  }

  #expose(sample: Sample, value: number): void {
    if (sample.published === undefined) this.#exposed = undefined
    sample.published = value
  }
}
