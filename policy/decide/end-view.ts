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
  readonly withoutAddress: Truth
  readonly withoutName: Truth
  identity: string | undefined
  end: AccessEnd = {}
  /** Undefined where the end has no address. */
  networks: readonly string[] | undefined
  /** What it means that an identity, namespace or label is absent: there is none, or it is unknown. */
  withoutIdentity = FALSE
  withoutNamespace = FALSE
  withoutLabel = FALSE
  /** A position, `NO_ZONE` or `UNCERTAIN`. */
  zone = NO_ZONE
  /** Of an end that is uncertain: whether it is in each zone. */
  readonly zones: Int32Array

  readonly #unknown: Readonly<Record<'identity' | 'namespace' | 'labels', Truth>>
  readonly #identityLabel: string
  readonly #networkClasses: NetworkClasses

  constructor(side: Side, zones: number, networkClasses: NetworkClasses, identityLabel = '') {
    this.withoutAddress = unknownOf(side, 'address')
    this.withoutName = unknownOf(side, 'name')
    this.#unknown = {
      identity: unknownOf(side, 'identity'),
      namespace: unknownOf(side, 'namespace'),
      labels: unknownOf(side, 'labels'),
    }
    this.zones = new Int32Array(zones)
    this.#identityLabel = identityLabel
    this.#networkClasses = networkClasses
  }

  read(end: AccessEnd): void {
    this.end = end
    const { identity, namespace, labels } = this.#unknown
    this.withoutIdentity = end.isIdentified ? FALSE : identity
    this.withoutNamespace = end.isIdentified ? FALSE : namespace
    this.withoutLabel = end.isIdentified ? FALSE : labels
    this.identity = identityOf(end, this.#identityLabel)
    const network = end.address === undefined ? -1 : this.#networkClasses.classOf(end.address)
    this.networks = network < 0 ? undefined : this.#networkClasses.networksOf(network)
  }

  label(name: string): string | undefined {
    return labelOf(this.end, name)
  }

  isInZone(zone: number): Truth {
    if (this.zone === UNCERTAIN) return this.zones[zone] as Truth
    return this.zone === zone ? TRUE : FALSE
  }
}

export const labelOf = ({ workloadLabels }: AccessEnd, name: string): string | undefined =>
  textOf(workloadLabels?.[name])

/** @param identityLabel the workload label that is the identity; empty for none */
export function identityOf(
  { identity, workloadLabels, service }: AccessEnd,
  identityLabel: string,
): string | undefined {
  if (identity !== undefined) return identity
  if (workloadLabels === undefined) return service
  const own = identityLabel === '' ? undefined : textOf(workloadLabels[identityLabel])
  return own ?? textOf(workloadLabels[CILIUM_SERVICE_ACCOUNT]) ?? service
}

/** A label may be named like a property that every object has. */
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
