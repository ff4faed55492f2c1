import { overlaps } from '../../core/net/target.ts'
import type { ResolvedTerm } from '../language/resolved.ts'
import { networkOf } from './network-classes.ts'
import { hostTest, identityTest } from './terms.ts'

/** A property of an end that is compared, or ruled out; zones are not among them. */
export type Property = Exclude<ResolvedTerm, { kind: 'any' | 'zone' }>

export interface Literal {
  readonly property: Property
  readonly isNegated: boolean
}

/** All must hold; none: any end. */
export type Literals = readonly Literal[]

/** Which properties no end has both of. */
export interface Disjointness {
  areDisjoint(one: Property, other: Property): boolean
  /** Those of two kinds that are disjoint whatever their values; true of few. */
  areKindsDisjoint(one: Property, other: Property): boolean
  /** An end has one host name at most. */
  readonly hasOneName: boolean
}

export const propertiesOf = (terms: readonly ResolvedTerm[]): readonly Property[] =>
  terms.filter(term => term.kind !== 'any' && term.kind !== 'zone')

export const positiveOf = (literals: Literals): readonly Property[] =>
  literals.filter(({ isNegated }) => !isNegated).map(({ property }) => property)

/** Whether each end with the one property has the other too. */
export function isWithin(one: Property, other: Property): boolean {
  if (one.kind !== other.kind) return false
  if (one.kind === 'network' && other.kind === 'network') {
    const [inner, outer] = [networkOf(one.cidr), networkOf(other.cidr)]
    return overlaps(inner, outer) && outer.prefix <= inner.prefix
  }
  if (one.kind === 'service-identity' && other.kind === 'service-identity') return identityTest(other.name)(one.name)
  if (one.kind === 'host' && other.kind === 'host') return one.name === other.name || hostTest(other.name)(one.name)
  if (one.kind === 'label' && other.kind === 'label') return one.label === other.label && one.value === other.value
  return one.kind === 'namespace' && other.kind === 'namespace' && one.name === other.name
}

/** Two properties of the same kind of which an end has at most one. An end has several names. */
export function areDisjointByKind(a: Property, b: Property): boolean {
  if (a.kind === 'network' && b.kind === 'network') return !overlaps(networkOf(a.cidr), networkOf(b.cidr))
  if (a.kind === 'namespace' && b.kind === 'namespace') return a.name !== b.name
  if (a.kind === 'label' && b.kind === 'label') return a.label === b.label && a.value !== b.value
  if (a.kind === 'service-identity' && b.kind === 'service-identity') {
    const [one, other] = [a.name, b.name].map(name => name.replace(/\*$/, '')) as [string, string]
    if (a.name.endsWith('*') && b.name.endsWith('*')) return !one.startsWith(other) && !other.startsWith(one)
    return !identityTest(a.name)(b.name) && !identityTest(b.name)(a.name)
  }
  return false
}

export const disjointByKind: Disjointness = {
  areDisjoint: areDisjointByKind,
  areKindsDisjoint: () => false,
  hasOneName: false,
}
