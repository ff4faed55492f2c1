import { type IdentityUsage, identityUsages } from '../../../core/labels/identities.ts'
import type { ComputedSample, Metric, SeriesStore } from '../../../service/series/series.ts'
import type { Identity } from './identity.ts'

/** The gauge of identities. */
export class ExposedIdentities {
  readonly #metric: Metric
  /** By gateway, trust zone and kind. */
  #counts = new Map<string, { readonly of: Identity; readonly usages: Record<IdentityUsage, number> }>()
  #samples: readonly ComputedSample[] = []

  /** @param roles how many roles the configuration describes */
  constructor(store: SeriesStore, roles: number) {
    this.#metric = store.define({
      name: 'clawtrust_identities',
      help: 'Accounts of identity providers and tokens of devices, by whether they are in use: unknown where no record proves it.',
      type: 'gauge',
      labels: ['gateway', 'trust_zone', 'kind', 'usage'],
      durable: false,
    })
    this.#metric.compute(() => this.#samples)
    const described = store.define({
      name: 'clawtrust_identity_roles',
      help: 'Roles that identity_roles describes; absent where it describes none, so that no identity can have too wide a scope.',
      type: 'gauge',
      labels: [],
      durable: false,
    })
    if (roles > 0) described.series().value = roles
  }

  begin(): void {
    this.#counts = new Map()
  }

  count(of: Identity, usage: IdentityUsage): void {
    const { gateway, trustZone, kind } = of
    const key = `${kind} ${gateway.length} ${gateway} ${trustZone}`
    let counted = this.#counts.get(key)
    if (counted === undefined) {
      counted = { of, usages: { used: 0, unused: 0, unknown: 0 } }
      this.#counts.set(key, counted)
    }
    counted.usages[usage] += 1
  }

  end(): void {
    this.#samples = [...this.#counts.values()].flatMap(({ of, usages }) =>
      identityUsages.map(usage => {
        const labelSet = this.#metric.labelSet(of.gateway, of.trustZone, of.kind, usage)
        return { labelSet, value: usages[usage] }
      }),
    )
  }
}
