import { isExpired } from '../decide/evaluator.ts'
import { areDisjointByKind, expandZones } from '../decide/literals.ts'
import type { ResolvedPolicy, ResolvedTerm } from '../language/resolved.ts'
import { conditionText } from '../language/write.ts'
import { partWords, portsWords } from './words.ts'

/** What a policy allows from one zone to another. */
export interface ZonePair {
  readonly key: string
  /** Zones by name; null: ends that are in no zone. */
  readonly from: string | null
  readonly to: string | null
  /** Each in words: `tcp 443 if device-posture=trusted`, with the ends where it is not for the whole zone. */
  readonly accesses: Set<string>
}

/** The matrix of zones: what the rules of a policy allow between each two. */
export function zoneAccess(policy: ResolvedPolicy, today: string): ReadonlyMap<string, ZonePair> {
  const pairs = new Map<string, ZonePair>()
  const known = new Map<string, readonly Place[]>()
  const places = (terms: readonly ResolvedTerm[]) => {
    const key = JSON.stringify(terms)
    const found = known.get(key) ?? placesOf(terms, policy)
    known.set(key, found)
    return found
  }
  for (const rule of policy.rules) {
    if (isExpired(rule, today)) continue
    const conditions = rule.conditions.map(conditionText).join(' and ')
    const sources = rule.from.flatMap(places)
    for (const { terms, ports } of rule.to) {
      for (const to of places(terms)) {
        for (const from of sources) {
          const key = JSON.stringify([from.zone, to.zone])
          const pair = pairs.get(key) ?? { key, from: from.zone, to: to.zone, accesses: new Set() }
          pairs.set(key, pair)
          for (const port of ports.length === 0 ? [portsWords([])] : ports.map(one => portsWords([one]))) {
            pair.accesses.add(
              [
                port,
                ...(from.part === '' ? [] : [`from ${from.part}`]),
                ...(to.part === '' ? [] : [`to ${to.part}`]),
                ...(conditions === '' ? [] : [`if ${conditions}`]),
              ].join(' '),
            )
          }
        }
      }
    }
  }
  return pairs
}

/** A zone in which ends of a conjunction may be; `part` says which of its ends, empty where all are. */
interface Place {
  readonly zone: string | null
  readonly part: string
}

function placesOf(terms: readonly ResolvedTerm[], policy: ResolvedPolicy): readonly Place[] {
  const part = partWords(terms, policy)
  // An end is in one zone: of those that ask for one, no other is looked at.
  const asked = terms.find(term => term.kind === 'zone')
  const zones = asked === undefined ? [...policy.zones.keys()] : [asked.zone]
  const inZones = zones.flatMap(zone =>
    // More alternatives than can be looked at: it may be.
    expandZones([asked === undefined ? [...terms, { kind: 'zone', zone }] : terms], policy, areDisjointByKind)
      ?.length === 0
      ? []
      : [{ zone: policy.zones[zone]?.name ?? null, part }],
  )
  const isOutside = asked === undefined && !policy.zones.some((_, zone) => isWithin(terms, zone, policy))
  return isOutside ? [...inZones, { zone: null, part }] : inZones
}

/** Whether every end of a conjunction is in a zone, because a member of it asks for nothing else. */
function isWithin(terms: readonly ResolvedTerm[], zone: number, { zones }: ResolvedPolicy): boolean {
  const own = new Set(terms.map(term => JSON.stringify(term)))
  return (zones[zone]?.members ?? []).some(member =>
    member.every(term => term.kind === 'any' || own.has(JSON.stringify(term))),
  )
}
