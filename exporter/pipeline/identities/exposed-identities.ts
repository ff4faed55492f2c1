import { type IdentityUsage, identityUsages } from '../../../core/labels/identities.ts'
import type { ComputedSample, Metric, SeriesStore } from '../../../service/series/series.ts'
import type { Identity } from './identity.ts'

/** The gauge of identities. */
export class ExposedIdentities {
  readonly #metric: Metric
  #counts = new Map<string, number>()
  #samples: readonly ComputedSample[] = []

  constructor(store: SeriesStore) {
    this.#metric = store.define({
      name: 'clawtrust_identities',
      help: 'Accounts of identity providers and tokens of devices, by whether they are in use: unknown where no record proves it.',
      type: 'gauge',
      labels: ['gateway', 'trust_zone', 'kind', 'usage'],
      durable: false,
    })
    this.#metric.compute(() => this.#samples)
  }

  begin(): void {
    this.#counts = new Map()
  }

  count({ gateway, trustZone, kind }: Identity, usage: IdentityUsage): void {
    for (const each of identityUsages) {
      const labelSet = this.#metric.labelSet(gateway, trustZone, kind, each)
      this.#counts.set(labelSet, (this.#counts.get(labelSet) ?? 0) + (each === usage ? 1 : 0))
    }
  }

  end(): void {
    this.#samples = [...this.#counts].map(([labelSet, value]) => ({ labelSet, value }))
  }
}
