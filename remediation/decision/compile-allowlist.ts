import { NetworkMap } from '../../core/net/network-map.ts'
import { embeddedIn, translationsWith } from '../../core/net/spellings.ts'
import { contains, parseTarget, type Target } from '../../core/net/target.ts'
import type { ProtectedNetwork } from '../domain/protected.ts'

/** The parts of 2001::/23 other than Teredo's 2001::/32. */
const protocolAssignments = [
  '2001:1::/32',
  '2001:2::/31',
  '2001:4::/30',
  '2001:8::/29',
  '2001:10::/28',
  '2001:20::/27',
  '2001:40::/26',
  '2001:80::/25',
  '2001:100::/24',
].map(network => ({ network, reason: 'IETF protocol assignments' }))

/**
 * The IANA special-purpose address registries of IPv4 and IPv6, and multicast. Two kinds of their entries are not here:
 * documentation ranges have no users, so that tests may block them, and of the prefixes of translators (NAT64, 6to4,
 * Teredo) the embedded address decides.
 */
export const privateRanges: readonly ProtectedNetwork[] = [
  { network: '0.0.0.0/8', reason: 'this network' },
  { network: '10.0.0.0/8', reason: 'private range' },
  { network: '100.64.0.0/10', reason: 'carrier-grade NAT' },
  { network: '127.0.0.0/8', reason: 'loopback' },
  { network: '169.254.0.0/16', reason: 'link-local' },
  { network: '172.16.0.0/12', reason: 'private range' },
  { network: '192.0.0.0/24', reason: 'IETF protocol assignments' },
  { network: '192.31.196.0/24', reason: 'AS112 name servers' },
  { network: '192.52.193.0/24', reason: 'automatic multicast tunneling' },
  { network: '192.88.99.0/24', reason: '6to4 relays' },
  { network: '192.168.0.0/16', reason: 'private range' },
  { network: '192.175.48.0/24', reason: 'AS112 name servers' },
  { network: '198.18.0.0/15', reason: 'benchmarking' },
  { network: '224.0.0.0/4', reason: 'multicast' },
  { network: '240.0.0.0/4', reason: 'reserved' },
  { network: '::/127', reason: 'unspecified and loopback' },
  { network: '64:ff9b:1::/48', reason: 'local translation' },
  { network: '100::/64', reason: 'discard-only' },
  { network: '100:0:0:1::/64', reason: 'dummy prefix' },
  ...protocolAssignments,
  { network: '2620:4f:8000::/48', reason: 'AS112 name servers' },
  { network: '5f00::/16', reason: 'segment routing' },
  { network: 'fc00::/7', reason: 'private range' },
  { network: 'fe80::/10', reason: 'link-local' },
  // Deprecated (RFC 3879) and no longer in the registry, but still in use, as private IPv4 ranges are.
  { network: 'fec0::/10', reason: 'site-local' },
  { network: 'ff00::/8', reason: 'multicast' },
]

/** Loopback stays reachable whatever the configuration says: the service itself answers there. */
export const alwaysProtected = privateRanges.filter(({ reason }) => reason.includes('loopback'))

export interface CompiledAllowlist {
  /** Why the target may not be blocked: the protected network that shares an address with it, or with one embedded in it. */
  matchingProtection(target: Target): ProtectedNetwork | undefined
  /** The protected networks with none inside another, for the firewall's own accept sets. */
  readonly networks: readonly Target[]
}

/**
 * Compiles the list once; what is no network is left out, since the configuration's schema has refused it before and
 * discovered entries may contain anything.
 *
 * @param nat64Prefixes prefixes in which addresses may embed a protected one, beside the well-known translations
 */
export function compileAllowlist(
  entries: readonly ProtectedNetwork[],
  nat64Prefixes: readonly string[] = [],
): CompiledAllowlist {
  const translations = translationsWith(nat64Prefixes)
  const map = new NetworkMap<ProtectedNetwork>()
  for (const entry of entries) {
    const network = parseTarget(entry.network)
    if (network !== undefined && map.covering(network) === undefined) map.set(network, entry)
  }
  return {
    matchingProtection: target => {
      for (const one of [target, ...embeddedIn(target, translations)]) {
        const found = map.touching(one)?.value
        if (found !== undefined) return found
      }
      return undefined
    },
    networks: outermost([...map.networks()]),
  }
}

function outermost(networks: readonly Target[]): readonly Target[] {
  const widestFirst = [...networks].sort((a, b) => a.prefix - b.prefix)
  const kept: Target[] = []
  for (const network of widestFirst) if (!kept.some(other => contains(other, network))) kept.push(network)
  return kept
}
