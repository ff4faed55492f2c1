import { type Clock, MINUTE_MS } from '../core/clock.ts'
import { BoundedMap } from '../core/collections/bounded-map.ts'
import { contains, parseTarget } from '../core/net/target.ts'
import type { MayBeNamedWhole } from '../exporter/pipeline/offenders.ts'
import { Allowlist, type DiscoverNetworks } from '../remediation/decision/allowlist.ts'
import type { CompiledAllowlist } from '../remediation/decision/compile-allowlist.ts'
import { ownHosts } from '../remediation/decision/own-hosts.ts'
import type { Logger } from '../service/log/logger.ts'
import type { Config } from './config-schema.ts'

/** Networks whose answer is remembered: the same ones are asked for at each event. */
const CAPACITY = 10_000
/** How often the protected addresses may be looked up again; the allowlist does it when it is due. */
const LOOK_MS = MINUTE_MS

interface Dependencies {
  /** Finds the addresses of this machine and of these hosts. */
  readonly find: DiscoverNetworks
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Which networks the exporter may name whole, by what remediation refuses to block in the same configuration: networks
 * wider than its limits, and networks of which a part is protected. A network that is protected as a whole may be named:
 * none of its hosts can be blocked.
 */
export async function nameableNetworks(
  { exporter, remediation }: Pick<Config, 'exporter' | 'remediation'>,
  { find, clock, logger }: Dependencies,
): Promise<MayBeNamedWhole> {
  const allowlist = new Allowlist({
    config: remediation.never_block,
    trustedProxies: exporter.trusted_proxies,
    nat64Prefixes: exporter.nat64_prefixes,
    find,
    clock,
    logger,
  })
  allowlist.protect(
    ownHosts({
      named: remediation.never_block.hosts,
      sources: exporter.sources,
      // Their addresses may be secrets, which are not read for the exporter.
      steps: [],
      providers: remediation.enrichment.threat_intelligence.filter(one => one.type === 'http'),
      externalUrl: remediation.external_url,
      listening: [],
    }),
  )
  const refresh = () =>
    allowlist.refresh().catch(error => logger.error('The protected addresses could not be looked up.', { error }))
  await refresh()
  const { ipv4_prefix, ipv6_prefix } = remediation.limits
  const isBlockable = (list: CompiledAllowlist, network: string): boolean => {
    const target = parseTarget(network)
    if (target === undefined) return true
    if (target.prefix < (target.family === 4 ? ipv4_prefix : ipv6_prefix)) return false
    const protection = list.matchingProtection(target)
    const whole = protection && parseTarget(protection.network)
    return protection === undefined || (whole !== undefined && contains(whole, target))
  }
  let lookedAt = clock.monotonic()
  let list = allowlist.list
  let known = new BoundedMap<string, boolean>(CAPACITY)
  return network => {
    const now = clock.monotonic()
    if (now - lookedAt >= LOOK_MS) {
      lookedAt = now
      void refresh()
    }
    if (list !== allowlist.list) {
      list = allowlist.list
      known = new BoundedMap(CAPACITY)
    }
    const answer = known.get(network) ?? isBlockable(list, network)
    if (!known.has(network)) known.set(network, answer)
    return answer
  }
}
