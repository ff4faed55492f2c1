import type { Product } from '../../../core/labels/products.ts'
import type { Metric, Series, SeriesStore } from '../../../service/series/series.ts'
import type { LogChange } from './log-change.ts'

/** Products at gateways that are watched, by the versions of each that are remembered. */
const MAX_SERIES = 3_000

/** What is exposed of versions. Every version is one by `knownVersion`, `unknown` or `other`. */
export class VersionMetrics {
  readonly #info: Metric
  readonly #records: Metric
  readonly #undecoded: Metric
  readonly #newTemplates: Metric
  readonly #isChanged: Metric

  constructor(store: SeriesStore) {
    const labels = ['gateway', 'product', 'version']
    const gauge = (name: string, help: string) =>
      store.define({ name, help, type: 'gauge', labels, durable: false, limit: MAX_SERIES })
    this.#info = gauge(
      'clawtrust_product_info',
      'Always 1; the version of OpenClaw or of a guard at the gateway that was reported last, unknown where none was.',
    )
    this.#records = store.define({
      name: 'clawtrust_product_records_total',
      help: 'Records of OpenClaw and of guards by the version that wrote them; of records that do not say it, the version that was reported last.',
      type: 'counter',
      labels,
      durable: true,
    })
    this.#undecoded = store.define({
      name: 'clawtrust_product_undecoded_records_total',
      help: 'Of clawtrust_product_records_total those that are undecoded, by reason.',
      type: 'counter',
      labels: [...labels, 'reason'],
      durable: true,
    })
    this.#newTemplates = gauge(
      'clawtrust_product_new_templates',
      'Log templates of undecoded records that this version writes and no version before it did; 0 from a week after its first record.',
    )
    this.#isChanged = gauge(
      'clawtrust_product_log_changed',
      'Whether the log of this version differs from that of the versions before it: new templates, or more undecoded records while a signal is gone.',
    )
  }

  recordsOf(product: Product, gateway: string, version: string): Series {
    return this.#records.series(gateway, product, version)
  }

  undecodedOf(product: Product, gateway: string, version: string, reason: string): Series {
    return this.#undecoded.series(gateway, product, version, reason)
  }

  showCurrent(product: Product, gateway: string, version: string, before: string | undefined): void {
    if (before !== undefined && before !== version) this.#info.remove(gateway, product, before)
    this.#info.series(gateway, product, version).value = 1
  }

  showChange(product: Product, gateway: string, version: string, { newTemplates, hasMoreUndecoded }: LogChange): void {
    this.#newTemplates.series(gateway, product, version).value = newTemplates.length
    this.#isChanged.series(gateway, product, version).value = newTemplates.length > 0 || hasMoreUndecoded ? 1 : 0
  }

  /** The version, or all that is current of the product, is forgotten. */
  forget(product: Product, gateway: string, version: string): void {
    for (const metric of [this.#info, this.#newTemplates, this.#isChanged]) metric.remove(gateway, product, version)
  }
}
