import { NetworkMap } from '../../core/net/network-map.ts'
import { contains, parseTarget, type Target } from '../../core/net/target.ts'
import type { ProtectedNetwork } from '../domain/protected.ts'

/**
 * Networks that are not routed on the Internet: special-purpose registries of RFC 6890 and RFC 4193, multicast and
 * reserved space. Documentation ranges are not included: they have no users, so tests may block them.
 */
export const privateRanges: readonly ProtectedNetwork[] = [
  { network: '0.0.0.0/8', reason: 'this network' },
  { network: '10.0.0.0/8', reason: 'private range' },
  { network: '100.64.0.0/10', reason: 'carrier-grade NAT' },
  { network: '127.0.0.0/8', reason: 'loopback' },
  { network: '169.254.0.0/16', reason: 'link-local' },
  { network: '172.16.0.0/12', reason: 'private range' },
  { network: '192.168.0.0/16', reason: 'private range' },
  { network: '224.0.0.0/4', reason: 'multicast' },
  { network: '240.0.0.0/4', reason: 'reserved' },
  { network: '::/127', reason: 'unspecified and loopback' },
  { network: 'fc00::/7', reason: 'private range' },
  { network: 'fe80::/10', reason: 'link-local' },
  { network: 'ff00::/8', reason: 'multicast' },
]

/** Loopback stays reachable whatever the configuration says: the service itself answers there. */
export const alwaysProtected = privateRanges.filter(({ reason }) => reason.includes('loopback'))

export interface CompiledAllowlist {
  /** Why the target may not be blocked: the protected network that shares an address with it. */
  matchingProtection(target: Target): ProtectedNetwork | undefined
  /** The protected networks with none inside another, for the firewall's own accept sets. */
  readonly networks: readonly Target[]
}

/**
 * Compiles the list once; what is no network is left out, since the configuration's schema has refused it before and
 * discovered entries may contain anything.
 */
export function compileAllowlist(entries: readonly ProtectedNetwork[]): CompiledAllowlist {
  const map = new NetworkMap<ProtectedNetwork>()
  for (const entry of entries) {
    const network = parseTarget(entry.network)
    if (network !== undefined && map.covering(network) === undefined) map.set(network, entry)
  }
  return {
    matchingProtection: target => map.touching(target)?.value,
    networks: outermost([...map.networks()]),
  }
}

function outermost(networks: readonly Target[]): readonly Target[] {
  const widestFirst = [...networks].sort((a, b) => a.prefix - b.prefix)
  const kept: Target[] = []
  for (const network of widestFirst) if (!kept.some(other => contains(other, network))) kept.push(network)
  return kept
}
