import type { AccessEnd, RequestPart } from '../model/request.ts'
import type { NetworkClasses } from './network-classes.ts'
import { FALSE, TRUE, type Truth, unknownWithout } from './truth.ts'

/** Cilium puts it on every workload. */
const CILIUM_SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount'

type Side = 'source' | 'destination'
type Property = 'identity' | 'namespace' | 'labels' | 'address' | 'name'

const unknownOf = (side: Side, property: Property) => unknownWithout(`${side}.${property}` satisfies RequestPart)

/** No zone, and more than one that it may be. */
export const NO_ZONE = -1
export const UNCERTAIN = -2

/** One end of a request, prepared for tests. Each evaluator has two, which it fills again for each request. */
export class EndView {
  readonly unknown: Readonly<Record<Property, Truth>>
  identity: string | undefined
  end: AccessEnd = {}
  /** Undefined where the end has no address. */
  networks: ReadonlySet<string> | undefined
  /** A position, `NO_ZONE` or `UNCERTAIN`. */
  zone = NO_ZONE
  /** Of an end that is uncertain: whether it is in each zone. */
  readonly zones: Int32Array

  readonly #identityLabel: string
  readonly #networkClasses: NetworkClasses

  constructor(side: Side, zones: number, networkClasses: NetworkClasses, identityLabel = '') {
    this.unknown = {
      identity: unknownOf(side, 'identity'),
      namespace: unknownOf(side, 'namespace'),
      labels: unknownOf(side, 'labels'),
      address: unknownOf(side, 'address'),
      name: unknownOf(side, 'name'),
    }
    this.zones = new Int32Array(zones)
    this.#identityLabel = identityLabel
    this.#networkClasses = networkClasses
  }

  read(end: AccessEnd): void {
    this.end = end
    this.identity =
      end.identity ??
      (this.#identityLabel === '' ? undefined : this.label(this.#identityLabel)) ??
      this.label(CILIUM_SERVICE_ACCOUNT) ??
      end.service
    this.networks = end.address === undefined ? undefined : this.#networkClasses.covering(end.address)
  }

  label(name: string): string | undefined {
    const value = this.end.workloadLabels?.[name]
    // A label may be named like a property that every object has.
    return typeof value === 'string' ? value : undefined
  }

  /** What an absent property of this kind means. */
  absent(property: 'identity' | 'namespace' | 'labels'): Truth {
    return this.end.isIdentified ? FALSE : this.unknown[property]
  }

  isInZone(zone: number): Truth {
    if (this.zone === UNCERTAIN) return this.zones[zone] as Truth
    return this.zone === zone ? TRUE : FALSE
  }
}
