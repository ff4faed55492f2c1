import type { Clock } from '../../core/clock.ts'
import { MINUTE_MS } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { NeverBlockConfig } from './config.ts'
import {
  addressOf,
  alwaysProtected,
  compileNeverBlock,
  type NeverBlock,
  type ProtectedNetwork,
  privateRanges,
} from './never-block.ts'

/** What this machine tells of itself: own addresses, resolvers, and what the names of these hosts stand for. */
export type DiscoverNetworks = (hosts: readonly string[]) => Promise<readonly ProtectedNetwork[]>

export interface LiveNeverBlockOptions {
  readonly config: NeverBlockConfig
  readonly trustedProxies: readonly string[]
  /** Nodes of Elasticsearch that the exporter reads: their addresses. */
  readonly elasticsearch: readonly string[]
  readonly find: DiscoverNetworks
  readonly clock: Clock
  readonly logger: Logger
}

const REFRESH_MS = 5 * MINUTE_MS
/** A name that stops answering keeps the addresses that it had. */
const MOST_REMEMBERED = 1_000

/** The never-block list in force: what is configured, and what is found around. */
export class LiveNeverBlock {
  readonly #options: LiveNeverBlockOptions
  readonly #found = new Map<string, ProtectedNetwork>()
  /** Why something was ever protected. */
  readonly #reasons = new Set<string>()
  readonly #unknown = new Set<string>()
  #list: NeverBlock
  #refreshedAt = Number.NEGATIVE_INFINITY

  constructor(options: LiveNeverBlockOptions) {
    this.#options = options
    this.#list = compileNeverBlock(this.#entries())
  }

  get list(): NeverBlock {
    return this.#list
  }

  /** Looks around, not more often than every five minutes; true where the list has grown. */
  async refresh(): Promise<boolean> {
    const { find, clock, logger } = this.#options
    const now = clock.monotonic()
    if (now - this.#refreshedAt < REFRESH_MS) return false
    this.#refreshedAt = now
    const before = this.#found.size
    for (const entry of await find(this.#hosts)) {
      this.#reasons.add(entry.reason)
      if (this.#found.size < MOST_REMEMBERED) this.#found.set(entry.network, entry)
    }
    this.#tellOfUnknownHosts()
    if (this.#found.size === before) return false
    this.#list = compileNeverBlock(this.#entries())
    logger.info('The never-block list was made anew.', { networks: this.#list.networks.length })
    return true
  }

  get #hosts(): readonly string[] {
    const { config, elasticsearch } = this.#options
    const nodes = elasticsearch.map(node => URL.parse(node)?.hostname.replace(/^\[|\]$/g, '') ?? '')
    return [...new Set([...config.hosts, ...nodes])].filter(host => host !== '')
  }

  /** A host without an address is not protected: that must be known, and is said once. */
  #tellOfUnknownHosts(): void {
    for (const host of this.#hosts) {
      if (this.#reasons.has(addressOf(host)) || this.#unknown.has(host)) continue
      this.#unknown.add(host)
      this.#options.logger.error('A host that must never be blocked has no address; name its networks.', { host })
    }
  }

  #entries(): readonly ProtectedNetwork[] {
    const { config, trustedProxies } = this.#options
    const named = (networks: readonly string[], reason: string) => networks.map(network => ({ network, reason }))
    return [
      ...named(config.networks, 'never_block.networks'),
      ...named(trustedProxies, 'exporter.trusted_proxies'),
      ...this.#found.values(),
      ...(config.private_ranges ? privateRanges : alwaysProtected),
    ]
  }
}
