import type { Clock } from '../../core/clock.ts'
import { MINUTE_MS } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { NeverBlockConfig } from './config.ts'
import {
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
    const { find, config, clock, logger } = this.#options
    const now = clock.monotonic()
    if (now - this.#refreshedAt < REFRESH_MS) return false
    this.#refreshedAt = now
    const before = this.#found.size
    for (const entry of await find(config.hosts)) {
      if (this.#found.size < MOST_REMEMBERED) this.#found.set(entry.network, entry)
    }
    if (this.#found.size === before) return false
    this.#list = compileNeverBlock(this.#entries())
    logger.info('The never-block list was made anew.', { networks: this.#list.networks.length })
    return true
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
