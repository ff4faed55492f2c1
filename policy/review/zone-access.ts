import { isExpired } from '../decide/evaluator.ts'
import type { ResolvedPolicy } from '../language/resolved.ts'
import { conditionText } from '../language/write.ts'
import { portsWords } from './words.ts'
import { ZonePlaces } from './zone-places.ts'

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
  const places = new ZonePlaces(policy)
  for (const rule of policy.rules) {
    if (isExpired(rule, today)) continue
    const conditions = rule.conditions.map(conditionText).join(' and ')
    const sources = rule.from.flatMap(terms => places.of(terms))
    for (const { terms, ports } of rule.to) {
      for (const to of places.of(terms)) {
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
