import { withNetworks } from '../../decide/conditions.ts'
import { isExpired } from '../../decide/evaluator.ts'
import { disjointByKind } from '../../decide/literals.ts'
import { ZoneExpansion } from '../../decide/zone-expansion.ts'
import type { ResolvedPolicy, ResolvedPorts, ResolvedRule } from '../../language/resolved.ts'
import { type AddressSet, addressSets } from './address-sets.ts'
import { enforcedInstead, type Losses } from './losses.ts'

/** What a rule allows between addresses. */
export interface AddressWay {
  readonly rule: string
  /** Not of different families. */
  readonly source: AddressSet
  readonly destination: AddressSet
  /** Empty: every transport and port. */
  readonly ports: readonly ResolvedPorts[]
}

/**
 * The rules of a policy as what sees packets alone has them, without those that are expired.
 *
 * @param title of the target
 */
export function addressWays(
  policy: ResolvedPolicy,
  today: string,
  title: string,
  losses: Losses,
): readonly AddressWay[] {
  const zones = new ZoneExpansion(policy, disjointByKind)
  return policy.rules
    .filter(rule => !isExpired(rule, today))
    .flatMap(rule => {
      const ways = waysOf(zones, rule, title, losses)
      if (ways.length > 0) loseConditions(rule, title, losses)
      else {
        losses.narrower(
          rule.name,
          'scope',
          'no address is left of one of its ends, so that it is left out; enforce it where its ends are workloads',
        )
      }
      return ways
    })
}

function waysOf(zones: ZoneExpansion, rule: ResolvedRule, title: string, losses: Losses): readonly AddressWay[] {
  const of = { title, rule: rule.name, losses }
  const sources = addressSets(withNetworks(rule.from, rule.conditions), zones, 'source', of)
  return rule.to.flatMap(({ terms, ports }) => {
    const destinations = addressSets([terms], zones, 'destination', of)
    return sources.flatMap(source =>
      destinations
        .filter(destination => haveCommonFamily(source, destination))
        .map(destination => ({ rule: rule.name, source, destination, ports })),
    )
  })
}

const haveCommonFamily = (a: AddressSet, b: AddressSet) =>
  a.family === undefined || b.family === undefined || a.family === b.family

function loseConditions({ name, conditions }: ResolvedRule, title: string, losses: Losses): void {
  for (const { kind } of conditions) {
    if (kind === 'network') continue
    losses.wider(
      name,
      kind,
      `${title} cannot compare the condition ${kind}, so that the rule is compiled without it; it can be enforced by ${enforcedInstead[kind]}`,
    )
  }
}
