import { areDisjointByKind, type Disjointness, type Literals, type Property } from '../../decide/literals.ts'
import { networkOf } from '../../decide/network-classes.ts'
import { hostTest } from '../../decide/terms.ts'
import type { RequestPart } from '../../model/request.ts'
import { everyNetwork, type Network, networkWithin } from './networks.ts'

/** A property that workloads of a cluster are selected by. */
export type WorkloadProperty = Extract<Property, { kind: 'service-identity' | 'namespace' | 'label' }>

export interface WorkloadLiteral {
  readonly property: WorkloadProperty
  readonly isNegated: boolean
}

/** All must hold; none: every workload. */
export type Workloads = readonly WorkloadLiteral[]

/**
 * Ends as a network policy of Kubernetes distinguishes them: workloads by their labels, hosts outside of the cluster by their
 * addresses or names.
 */
export type ClusterEnd =
  | { readonly kind: 'any' }
  | { readonly kind: 'workloads'; readonly workloads: Workloads }
  | {
      readonly kind: 'network'
      readonly network: Network
      /** It is every address but those of workloads, which not every target tells from it. */
      readonly isOutside: boolean
    }
  | { readonly kind: 'host'; readonly name: string }

/** Why an alternative has no ends in a cluster. */
export type Inexpressible = 'network and workload' | 'host and network' | 'without a host'

const isWorkload = (property: Property): property is WorkloadProperty =>
  property.kind === 'service-identity' || property.kind === 'namespace' || property.kind === 'label'

const isEveryAddress = (property: Property) => property.kind === 'network' && networkOf(property.cidr).prefix === 0

/** Under the assumptions of `clusterAssumptions`. */
export const disjointInCluster: Disjointness = { areDisjoint, areKindsDisjoint, hasOneName: true }

function areKindsDisjoint(a: Property, b: Property): boolean {
  return isWorkload(a) !== isWorkload(b) && !isEveryAddress(a) && !isEveryAddress(b)
}

function areDisjoint(a: Property, b: Property): boolean {
  if (areKindsDisjoint(a, b)) return true
  if (a.kind === 'host' && b.kind === 'host') {
    return a.name !== b.name && !hostTest(a.name)(b.name) && !hostTest(b.name)(a.name)
  }
  return areDisjointByKind(a, b)
}

/** What all network policies of a cluster can compare. */
export const clusterParts = [
  'source.identity',
  'source.namespace',
  'source.labels',
  'source.address',
  'destination.identity',
  'destination.namespace',
  'destination.labels',
  'destination.address',
  'port',
  'transport',
] as const satisfies readonly RequestPart[]

/** Sentences: under what network policies of a cluster decide like the policy. */
export const clusterAssumptions: readonly string[] = [
  'Networks and host names of the policy are those of hosts outside of the cluster; no workload has such an address or name.',
  'Each workload has the label that the policy names as identity-label.',
  'A host is reached by one name of those that the policy names.',
  'Replies to what is allowed are allowed.',
]

const negated = (literals: Literals): readonly Property[] =>
  literals.filter(({ isNegated }) => isNegated).map(({ property }) => property)

/** Whether an alternative asks for a workload. */
export const hasWorkload = (literals: Literals): boolean =>
  literals.some(({ property, isNegated }) => !isNegated && isWorkload(property))

/** The ends of an alternative. */
export function clusterEnds(literals: Literals): {
  readonly ends: readonly ClusterEnd[]
  readonly lost?: Inexpressible
} {
  const positive = literals.filter(({ isNegated }) => !isNegated).map(({ property }) => property)
  const workloads = literals.filter((one): one is WorkloadLiteral => isWorkload(one.property))
  const networks = cidrsOf(positive)
  const hosts = positive.filter(({ kind }) => kind === 'host').map(hostName)
  if (positive.some(isWorkload)) {
    if (networks.length + hosts.length > 0) return { ends: [], lost: 'network and workload' }
    return { ends: [{ kind: 'workloads', workloads }] }
  }
  if (hosts.length > 0) return hostEnds(hosts, networks, negated(literals))
  if (networks.length > 0) {
    return networkEnds([networks], negated(literals), workloads.length > 0 && positive.every(isEveryAddress))
  }
  if (literals.length === 0) return { ends: [{ kind: 'any' }] }
  const outside = networkEnds(
    everyNetwork.map(cidr => [cidr]),
    negated(literals),
    true,
  )
  return { ...outside, ends: [{ kind: 'workloads', workloads }, ...outside.ends] }
}

function networkEnds(alternatives: readonly (readonly string[])[], without: readonly Property[], isOutside: boolean) {
  // Which names an address has is not known.
  if (without.some(({ kind }) => kind === 'host')) return { ends: [], lost: 'without a host' as const }
  const found = alternatives.map(within => networkWithin(within, cidrsOf(without)))
  return {
    ends: found.filter(one => one !== undefined).map(network => ({ kind: 'network', network, isOutside }) as const),
  }
}

function hostEnds(hosts: readonly string[], networks: readonly string[], without: readonly Property[]) {
  if (networks.length > 0 || cidrsOf(without).length > 0) return { ends: [], lost: 'host and network' as const }
  if (without.some(({ kind }) => kind === 'host')) return { ends: [], lost: 'without a host' as const }
  // Those that are disjoint were left out before: the others are the name, and patterns that it is of.
  const name = hosts.find(one => !one.startsWith('*')) ?? hosts[0] ?? ''
  return { ends: [{ kind: 'host', name } as const] }
}

const cidrsOf = (properties: readonly Property[]) =>
  properties.flatMap(property => (property.kind === 'network' ? [property.cidr] : []))

const hostName = (property: Property) => (property.kind === 'host' ? property.name : '')
