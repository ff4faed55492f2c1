import { disjointByKind, isWithin, type Property, propertiesOf } from '../decide/literals.ts'
import { ZoneMembers } from '../decide/zone-members.ts'
import type { ResolvedPolicy, ResolvedTerm } from '../language/resolved.ts'
import { partWords } from './words.ts'

/** A zone in which ends of a conjunction are, or may be; null: ends that are in no zone. */
export interface Place {
  readonly zone: string | null
  /** Which of the ends of the zone, in the words of the rule; empty for each. */
  readonly part: string
  /** Without what the policy does not say. */
  readonly isSure: boolean
}

/** Finds the zones of what rules name. */
export class ZonePlaces {
  readonly #policy: ResolvedPolicy
  readonly #members: ZoneMembers
  readonly #known = new Map<string, readonly Place[]>()

  constructor(policy: ResolvedPolicy) {
    this.#policy = policy
    this.#members = new ZoneMembers(policy.zones, disjointByKind)
  }

  /** In the order of the zones. */
  of(terms: readonly ResolvedTerm[]): readonly Place[] {
    const key = JSON.stringify(terms)
    const known = this.#known.get(key) ?? this.#find(terms)
    this.#known.set(key, known)
    return known
  }

  #find(terms: readonly ResolvedTerm[]): readonly Place[] {
    const part = partWords(terms, this.#policy)
    const asked = propertiesOf(terms)
    const [named, ...others] = new Set(terms.flatMap(term => (term.kind === 'zone' ? [term.zone] : [])))
    if (areContradictory(asked) || others.length > 0) return []
    const candidates = named === undefined ? this.#members.possible(asked) : this.#members.of(named)
    const inZones = [...Map.groupBy(candidates, ({ zone }) => zone)].flatMap(([zone, members]): readonly Place[] => {
      // An end is in the first zone whose members it is among.
      const possible = members.filter(({ properties }) => {
        const both = [...asked, ...properties]
        return !areContradictory(both) && !this.#members.isWithinAny(both, zone)
      })
      if (possible.length === 0) return []
      const isSure =
        named !== undefined || possible.some(({ properties }) => covers(properties, asked) || covers(asked, properties))
      return [{ zone: this.#policy.zones[zone]?.name ?? null, part, isSure }]
    })
    const isInZone = named !== undefined || this.#members.isWithinAny(asked)
    return isInZone ? inZones : [...inZones, { zone: null, part, isSure: true }]
  }
}

/** Each property of the outer one follows from one of the inner one. */
const covers = (outer: readonly Property[], inner: readonly Property[]): boolean =>
  outer.every(one => inner.some(other => isWithin(other, one)))

const areContradictory = (properties: readonly Property[]): boolean =>
  properties.some((one, position) =>
    properties.some((other, place) => place > position && disjointByKind.areDisjoint(one, other)),
  )
