import type { EpochMs } from '../../core/clock.ts'
import { embeddedIn, type Translation } from '../../core/net/spellings.ts'
import { isHost, type Target, widen } from '../../core/net/target.ts'
import type { CompiledAllowlist } from '../decision/compile-allowlist.ts'
import type { HostNetwork } from '../decision/decide.ts'
import type { Limits, SourceNetworks } from '../domain/limits.ts'
import type { Ledger } from '../store/ledger.ts'

interface HostNetworkOptions {
  readonly ledger: Ledger
  readonly sourceNetworks: SourceNetworks
  readonly limits: Limits
  readonly allowlist: CompiledAllowlist
  readonly translations: readonly Translation[]
  readonly now: EpochMs
}

/**
 * The network that may be blocked in place of one of its hosts. None where each host is a network of its own, where the
 * network is wider than may be blocked or holds a protected address, where a person left a part of it alone, where a part
 * of it is blocked already, and where a translator gives its addresses to clients of many networks.
 */
export function hostNetwork(
  host: Target,
  { ledger: { blocks, offendingHosts }, sourceNetworks, limits, allowlist, translations, now }: HostNetworkOptions,
): HostNetwork | undefined {
  const [prefix, least] =
    host.family === 4 ? [sourceNetworks.prefix4, limits.prefix4] : [sourceNetworks.prefix6, limits.prefix6]
  if (!isHost(host) || prefix >= host.prefix || prefix < least) return undefined
  const { hosts } = sourceNetworks
  const target = widen(host, prefix)
  const others = offendingHosts.others(host, target, hosts - 1)
  if (others.length < hosts - 1 || embeddedIn(target, translations).some(one => !isHost(one))) return undefined
  if (allowlist.matchingProtection(target) !== undefined || blocks.overlapping(target, true) !== undefined)
    return undefined
  if (blocks.gracePeriodUntil(target, now) !== undefined) return undefined
  return { target, others, hosts, offences: blocks.offences(target.text) }
}
