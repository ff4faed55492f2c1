import type { ResolvedPolicy, ResolvedSelector, ResolvedTerm } from '../language/resolved.ts'
import {
  type Disjointness,
  isWithin,
  type Literal,
  type Literals,
  type Property,
  positiveOf,
  propertiesOf,
} from './literals.ts'
import { ZoneMembers } from './zone-members.ts'

/** Alternatives of one selector: zones that exclude each other by many properties have too many of them. */
const MAX_ALTERNATIVES = 1_000

/** Literals of zones that are kept to be used again. */
const MAX_KEPT = 1_000_000

/**
 * What selectors mean without zones. The zone of an end is the first one whose members it is among, so a zone is its
 * members, without those of the zones before it.
 */
export class ZoneExpansion {
  readonly #members: ZoneMembers
  readonly #disjointness: Disjointness
  readonly #known = new Map<number, readonly Literals[] | undefined>()
  #kept = 0

  constructor({ zones }: ResolvedPolicy, disjointness: Disjointness) {
    this.#members = new ZoneMembers(zones, disjointness)
    this.#disjointness = disjointness
  }

  /** The alternatives of a selector; undefined where there are more than a thousand. */
  expand(selector: ResolvedSelector): readonly Literals[] | undefined {
    const expanded: Literals[] = []
    for (const terms of selector) {
      const alternatives = this.#conjunction(terms)
      if (alternatives === undefined) return undefined
      expanded.push(...alternatives)
      if (expanded.length > MAX_ALTERNATIVES) return undefined
    }
    return distinct(expanded)
  }

  #conjunction(terms: readonly ResolvedTerm[]): readonly Literals[] | undefined {
    const [only, ...others] = terms
    if (only?.kind !== 'zone' || others.length > 0) return this.#expand(terms)
    if (this.#known.has(only.zone)) return this.#known.get(only.zone)
    const found = this.#expand(terms)
    this.#kept += found?.reduce((sum, { length }) => sum + length, 0) ?? 0
    if (this.#kept <= MAX_KEPT) this.#known.set(only.zone, found)
    return found
  }

  #expand(terms: readonly ResolvedTerm[]): readonly Literals[] | undefined {
    let alternatives: readonly Literals[] = [[]]
    for (const term of terms) {
      const options =
        term.kind === 'zone' ? this.#members.of(term.zone).map(({ properties }) => properties) : [propertiesOf([term])]
      alternatives = alternatives.flatMap(one => options.map(more => [...one, ...more.map(holds)]))
      if (alternatives.length > MAX_ALTERNATIVES) return undefined
      if (term.kind !== 'zone') continue
      const left: Literals[] = []
      for (const one of alternatives) {
        const without = this.#withoutEarlier(one, term.zone)
        if (without === undefined) return undefined
        left.push(...without)
        if (left.length > MAX_ALTERNATIVES) return undefined
      }
      alternatives = left
    }
    // What earlier zones rule out was compared with all that is asked for before the zone.
    const isZoneLast = terms.at(-1)?.kind === 'zone'
    return alternatives.filter(one => this.#isPossible(one, isZoneLast))
  }

  /** The alternatives in which an end is among no members of earlier zones. */
  #withoutEarlier(literals: Literals, zone: number): readonly Literals[] | undefined {
    const positive = positiveOf(literals)
    if (this.#members.isWithinAny(positive, zone)) return []
    let alternatives: Literal[][] = [[...literals]]
    for (const { negated } of this.#members.before(zone, positive)) {
      // An end with all that is asked for does not have it: that was looked at before.
      const [single] = negated
      if (single !== undefined && negated.length === 1) {
        for (const one of alternatives) one.push(single)
        continue
      }
      const open = negated.filter(({ property }) => !positive.some(one => isWithin(one, property)))
      const [only, ...others] = open
      if (only === undefined) return []
      if (others.length === 0) for (const one of alternatives) one.push(only)
      else alternatives = alternatives.flatMap(one => open.map(literal => [...one, literal]))
      if (alternatives.length > MAX_ALTERNATIVES) return undefined
    }
    return alternatives
  }

  #isPossible(literals: Literals, isZoneLast: boolean): boolean {
    const positive = positiveOf(literals)
    const compared = isZoneLast ? positive.map(holds) : literals
    return !compared.some(({ property, isNegated }) =>
      positive.some(one => (isNegated ? isWithin(one, property) : this.#disjointness.areDisjoint(one, property))),
    )
  }
}

const holds = (property: Property): Literal => ({ property, isNegated: false })

/** What is ruled out is compared only where the same is asked for: there may be thousands. */
function distinct(alternatives: readonly Literals[]): readonly Literals[] {
  const byPositive = new Map<string, Literals[]>()
  return alternatives.filter(one => {
    const key = JSON.stringify(positiveOf(one))
    const alike = byPositive.get(key) ?? []
    byPositive.set(key, alike)
    if (alike.some(other => areEqual(one, other))) return false
    alike.push(one)
    return true
  })
}

const areEqual = (one: Literals, other: Literals): boolean =>
  one.length === other.length &&
  one.every((literal, position) => {
    const same = other[position]
    return literal === same || JSON.stringify(literal) === JSON.stringify(same)
  })
