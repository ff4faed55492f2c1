import { transports } from '../../../core/flow.ts'
import { isEveryPort } from '../../decide/ports.ts'
import type { ResolvedPorts } from '../../language/resolved.ts'
import type { Target } from '../contract/target.ts'
import type { AddressSet } from '../ends/address-sets.ts'
import { type AddressWay, addressWays } from '../ends/address-ways.ts'
import { Losses } from '../ends/losses.ts'
import { headOf } from '../ends/manifest.ts'
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
    const lines = addressWays(policy, options.today, nftables.title, losses).flatMap(linesOf)
    return {
      text: headOf(policy, nftables, options, losses.all) + ruleset([...new Set(lines)], options.isStaged),
      losses: losses.all,
    }
  },
}

function linesOf({ rule, source, destination, ports }: AddressWay): readonly string[] {
  const addresses = [...addressMatches(source, 'saddr'), ...addressMatches(destination, 'daddr')]
  const family = source.family ?? destination.family
  return portMatches(ports, family).map(match =>
    [...addresses, ...match, `accept comment "${commentOf(rule)}"`].join(' '),
  )
}

/** The matches of a rule on one end. */
function addressMatches(set: AddressSet, field: 'saddr' | 'daddr'): readonly string[] {
  if (set.family === undefined) return []
  const ip = set.family === 4 ? 'ip' : 'ip6'
  const isEvery = set.networks.some(cidr => cidr.endsWith('/0'))
  return [
    // A set does not take the network of all addresses.
    isEvery ? `meta nfproto ${set.family === 4 ? 'ipv4' : 'ipv6'}` : `${ip} ${field} { ${set.networks.join(', ')} }`,
    ...(set.except.length === 0 ? [] : [`${ip} ${field} != { ${set.except.join(', ')} }`]),
  ]
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
