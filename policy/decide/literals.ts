import { overlaps } from '../../core/net/target.ts'
import type { ResolvedPolicy, ResolvedSelector, ResolvedTerm } from '../language/resolved.ts'
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

/** Whether no end has both properties. */
export type AreDisjoint = (a: Property, b: Property) => boolean

/** Alternatives of one selector: zones that exclude each other by many properties have too many of them. */
const MAX_ALTERNATIVES = 1_000

/**
 * The alternatives of a selector without zones. The zone of an end is the first one whose members it is among, so a zone is
 * its members, without those of the zones before it.
 *
 * @returns undefined where there are more than a thousand alternatives
 */
export function expandZones(
  selector: ResolvedSelector,
  { zones }: ResolvedPolicy,
  areDisjoint: AreDisjoint,
): readonly Literals[] | undefined {
  const excluded = (position: number) => zones.slice(0, position).flatMap(({ members }) => members.map(propertiesOf))
  let expanded: readonly Literals[] = []
  for (const terms of selector) {
    let alternatives: readonly Literals[] = [[]]
    for (const term of terms) {
      const options =
        term.kind === 'zone' ? (zones[term.zone]?.members ?? []).map(propertiesOf) : [propertiesOf([term])]
      alternatives = alternatives.flatMap(one => options.map(more => [...one, ...more.map(holds)]))
      if (alternatives.length > MAX_ALTERNATIVES) return undefined
      if (term.kind !== 'zone') continue
      for (const members of excluded(term.zone)) {
        alternatives = alternatives.flatMap(one => without(one, members, areDisjoint))
        if (alternatives.length > MAX_ALTERNATIVES) return undefined
      }
    }
    expanded = [...expanded, ...alternatives.filter(one => isPossible(one, areDisjoint))]
    if (expanded.length > MAX_ALTERNATIVES) return undefined
  }
  return distinct(expanded)
}

const propertiesOf = (terms: readonly ResolvedTerm[]): readonly Property[] =>
  terms.filter(term => term.kind !== 'any' && term.kind !== 'zone')

const holds = (property: Property): Literal => ({ property, isNegated: false })

/** The alternatives in which not all of some properties hold. */
function without(literals: Literals, members: readonly Property[], areDisjoint: AreDisjoint): readonly Literals[] {
  const positive = literals.filter(({ isNegated }) => !isNegated).map(({ property }) => property)
  if (members.some(member => positive.some(one => areDisjoint(one, member)))) return [literals]
  return members
    .filter(member => !positive.some(one => isWithin(one, member)))
    .map(property => [...literals, { property, isNegated: true }])
}

function isPossible(literals: Literals, areDisjoint: AreDisjoint): boolean {
  const positive = literals.filter(({ isNegated }) => !isNegated).map(({ property }) => property)
  return !literals.some(({ property, isNegated }) =>
    positive.some(one => (isNegated ? isWithin(one, property) : areDisjoint(one, property))),
  )
}

function distinct(alternatives: readonly Literals[]): readonly Literals[] {
  return [...new Map(alternatives.map(one => [JSON.stringify(one), one])).values()]
}

/** Whether each end with the one property has the other too. */
function isWithin(one: Property, other: Property): boolean {
  if (one.kind === 'network' && other.kind === 'network') {
    const [inner, outer] = [networkOf(one.cidr), networkOf(other.cidr)]
    return overlaps(inner, outer) && outer.prefix <= inner.prefix
  }
  if (one.kind === 'service-identity' && other.kind === 'service-identity') return identityTest(other.name)(one.name)
  if (one.kind === 'host' && other.kind === 'host') return one.name === other.name || hostTest(other.name)(one.name)
  return JSON.stringify(one) === JSON.stringify(other)
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
