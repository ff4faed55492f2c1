import { contains, type Target } from '../../../core/net/target.ts'
import { networkOf } from '../../decide/network-classes.ts'
import { hostTest, identityTest } from '../../decide/terms.ts'
import type { ResolvedPolicy, ResolvedTerm } from '../../language/resolved.ts'
import type { AccessEnd } from '../../model/request.ts'
import { createFreeAddresses, type FreeAddresses } from './free-addresses.ts'

type Conjunction = readonly ResolvedTerm[]

/** A character that no policy can have: what has it is named by no rule. */
const UNNAMED = '\u0000'

/**
 * Makes ends of what terms say of them. An end has what its terms say and nothing else that the policy names: no other
 * identity, namespace or label, no address in a narrower network of the policy, no other host name. Where the networks of
 * the policy hold every address of a family, an end without a network is one of several: outside of them, and in each.
 */
export class EndMaker {
  readonly #addresses: FreeAddresses

  constructor(policy: ResolvedPolicy) {
    this.#addresses = createFreeAddresses(networksIn(policy))
  }

  /** Zones are not looked at. @returns none where the terms contradict each other */
  ends(terms: Conjunction): readonly AccessEnd[] {
    const identities: string[] = []
    const namespaces = new Set<string>()
    const labels = new Map<string, string>()
    const networks: Target[] = []
    const hosts: string[] = []
    for (const term of terms) {
      if (term.kind === 'service-identity') identities.push(term.name)
      else if (term.kind === 'namespace') namespaces.add(term.name)
      else if (term.kind === 'network') networks.push(networkOf(term.cidr))
      else if (term.kind === 'host') hosts.push(term.name)
      else if (term.kind === 'label') {
        if ((labels.get(term.label) ?? term.value) !== term.value) return []
        labels.set(term.label, term.value)
      }
    }
    const identity = narrowest(identities)
    const network = narrowestNetwork(networks)
    if (identity === null || network === null || namespaces.size > 1) return []
    const [namespace] = namespaces
    const end: AccessEnd = {
      isIdentified: true,
      names: namesOf(hosts),
      ...(identity !== undefined && { identity }),
      ...(namespace !== undefined && { namespace }),
      ...(labels.size > 0 && { workloadLabels: Object.fromEntries(labels) }),
    }
    return this.#addresses(network).map(address => ({ ...end, address }))
  }
}

/** An identity that all of these names and beginnings hold for; null where there is none. */
function narrowest(names: readonly string[]): string | undefined | null {
  const [longest] = names.toSorted((a, b) => Number(a.endsWith('*')) - Number(b.endsWith('*')) || b.length - a.length)
  if (longest === undefined) return undefined
  const identity = longest.endsWith('*') ? longest.slice(0, -1) + UNNAMED : longest
  return names.every(name => identityTest(name)(identity)) ? identity : null
}

/** Networks nest or are apart: the last of the nested ones; null where two are apart. */
function narrowestNetwork(networks: readonly Target[]): Target | undefined | null {
  const [inner] = networks.toSorted((a, b) => b.prefix - a.prefix)
  if (inner === undefined) return undefined
  return networks.every(network => contains(network, inner)) ? inner : null
}

/** A name for each of the hosts; an end may have several names. */
function namesOf(hosts: readonly string[]): readonly string[] {
  const exact = hosts.filter(host => !host.startsWith('*.'))
  const patterns = hosts.filter(host => host.startsWith('*.') && !exact.some(hostTest(host)))
  const names = [...exact, ...patterns.map(pattern => UNNAMED + pattern.slice(1))]
  return names.length === 0 ? [UNNAMED] : names
}

function* networksIn({ zones, rules }: ResolvedPolicy): Iterable<Target> {
  const conjunctions = [
    ...zones.flatMap(({ members }) => members),
    ...rules.flatMap(({ from, to }) => [...from, ...to.map(({ terms }) => terms)]),
  ]
  for (const term of conjunctions.flat()) if (term.kind === 'network') yield networkOf(term.cidr)
  for (const { conditions } of rules) {
    for (const one of conditions) if (one.kind === 'network') yield* one.networks.map(networkOf)
  }
}
