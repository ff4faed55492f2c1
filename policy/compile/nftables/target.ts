import { transports } from '../../../core/flow.ts'
import { isExpired } from '../../decide/evaluator.ts'
import { isEveryPort } from '../../decide/ports.ts'
import type { ResolvedPolicy, ResolvedPorts, ResolvedRule, ResolvedTerm } from '../../language/resolved.ts'
import type { Condition } from '../../model/policy.ts'
import type { Target } from '../contract/target.ts'
import { enforcedInstead, Losses } from '../ends/losses.ts'
import { headOf } from '../ends/manifest.ts'
import { type AddressSet, addressMatches, addressSets } from './addresses.ts'
import { ruleset } from './ruleset.ts'

export const nftables: Target = {
  name: 'nftables',
  title: 'nftables',
  extension: 'nft',
  isNamespaced: false,
  expresses: new Set(['source.address', 'destination.address', 'port', 'transport']),
  assumes: [
    'It is loaded where the packets between the ends pass: on the gateway between the networks, or on an end itself.',
    'A source is the address that it sends from.',
    'Replies to what is allowed, loopback and the neighbour discovery of IPv6 are allowed.',
    'What is dropped is counted, and ten of it a second are logged.',
  ],
  staged: 'the chains accept by default and count and log what would be dropped.',
  compile(policy, options) {
    const losses = new Losses()
    const lines = policy.rules
      .filter(rule => !isExpired(rule, options.today))
      .flatMap(rule => linesOf(policy, rule, losses))
    return {
      text: headOf(policy, nftables, options, losses.all) + ruleset(lines, options.isStaged),
      losses: losses.all,
    }
  },
}

function linesOf(policy: ResolvedPolicy, rule: ResolvedRule, losses: Losses): readonly string[] {
  const sources = addressSets(withNetworks(rule), policy, 'source', rule.name, losses)
  const lines = rule.to.flatMap(({ terms, ports }) => {
    const destinations = addressSets([terms], policy, 'destination', rule.name, losses)
    return sources.flatMap(source =>
      destinations.flatMap(destination => wayLines(source, destination, ports, commentOf(rule.name))),
    )
  })
  if (lines.length === 0) {
    losses.narrower(
      rule.name,
      'scope',
      'no address is left of one of its ends, so that it is left out; enforce it where its ends are workloads',
    )
  } else loseConditions(rule, losses)
  return [...new Set(lines)]
}

/** The sources, with the conditions on their network. */
function withNetworks({ from, conditions }: ResolvedRule): readonly (readonly ResolvedTerm[])[] {
  const ofNetworks = conditions.filter((one): one is Extract<Condition, { kind: 'network' }> => one.kind === 'network')
  return ofNetworks.reduce<readonly (readonly ResolvedTerm[])[]>(
    (alternatives, { networks }) =>
      alternatives.flatMap(terms => networks.map(cidr => [...terms, { kind: 'network', cidr }])),
    from,
  )
}

function loseConditions({ name, conditions }: ResolvedRule, losses: Losses): void {
  for (const { kind } of conditions) {
    if (kind === 'network') continue
    losses.wider(
      name,
      kind,
      `nftables cannot compare the condition ${kind}, so that the rule is compiled without it; it can be enforced by ${enforcedInstead[kind]}`,
    )
  }
}

function wayLines(
  source: AddressSet,
  destination: AddressSet,
  ports: readonly ResolvedPorts[],
  comment: string,
): readonly string[] {
  if (source.family !== undefined && destination.family !== undefined && source.family !== destination.family) return []
  const addresses = [...addressMatches(source, 'saddr'), ...addressMatches(destination, 'daddr')]
  const family = source.family ?? destination.family
  return portMatches(ports, family).map(match => [...addresses, ...match, `accept comment "${comment}"`].join(' '))
}

/** One for each transport. */
function portMatches(ports: readonly ResolvedPorts[], family: 4 | 6 | undefined): readonly (readonly string[])[] {
  if (ports.length === 0) return [[]]
  return transports.flatMap(transport => {
    const those = ports.filter(one => one.transport === transport)
    if (those.length === 0) return []
    if (transport === 'icmp') {
      const protocols = family === undefined ? '{ icmp, ipv6-icmp }' : family === 4 ? 'icmp' : 'ipv6-icmp'
      return [[`meta l4proto ${protocols}`]]
    }
    if (those.some(isEveryPort)) return [[`meta l4proto ${transport}`]]
    return [[`${transport} dport { ${rangesOf(those).join(', ')} }`]]
  })
}

/** Ranges in order, those that touch or overlap as one: elements of a set must not overlap. */
function rangesOf(ports: readonly ResolvedPorts[]): readonly string[] {
  const merged: { first: number; last: number }[] = []
  for (const { first, last } of ports.toSorted((a, b) => a.first - b.first)) {
    const before = merged.at(-1)
    if (before !== undefined && first <= before.last + 1) before.last = Math.max(before.last, last)
    else merged.push({ first, last })
  }
  return merged.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`))
}

/** A comment takes 128 bytes, and knows no escapes. */
const commentOf = (name: string) => name.replaceAll(/[^A-Za-z0-9 ._:/-]/g, '_').slice(0, 120)
