import type { Clock } from '../../core/clock.ts'
import { DAY_MS, MINUTE_MS } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { ProtectedHost, ProtectedNetwork } from '../domain/target.ts'
import type { NeverBlockConfig } from './config.ts'
import { alwaysProtected, compileNeverBlock, type NeverBlock, privateRanges } from './never-block.ts'

/** What this machine tells of itself: own addresses, resolvers, and what the names of these hosts stand for. */
export type DiscoverNetworks = (hosts: readonly ProtectedHost[]) => Promise<readonly ProtectedNetwork[]>

export interface LiveNeverBlockOptions {
  readonly config: NeverBlockConfig
  readonly trustedProxies: readonly string[]
  /** Whom the service talks to. */
  readonly hosts: readonly ProtectedHost[]
  readonly find: DiscoverNetworks
  readonly clock: Clock
  readonly logger: Logger
}

const REFRESH_MS = 5 * MINUTE_MS
/** While a name has no address it is asked for more often. */
const RETRY_MS = MINUTE_MS
/** Addresses that a name no longer stands for: clients keep them for a while. A name that stops answering keeps its own. */
const REMEMBERED_MS = DAY_MS
/** Names with ever new addresses must not fill the firewall. */
const MOST_REMEMBERED = 1_000

/** The never-block list in force: what is configured, and what is found around. */
export class LiveNeverBlock {
  readonly #options: LiveNeverBlockOptions
  readonly #found = new Map<string, { readonly entry: ProtectedNetwork; readonly seenAt: number }>()
  /** Why something was ever protected. */
  readonly #reasons = new Set<string>()
  readonly #unknown = new Set<string>()
  #list: NeverBlock
  #nextAt = Number.NEGATIVE_INFINITY

  constructor(options: LiveNeverBlockOptions) {
    this.#options = options
    this.#list = compileNeverBlock(this.#entries())
  }

  get list(): NeverBlock {
    return this.#list
  }

  /** Looks around, not more often than every five minutes, or every minute while a name has no address; true where the list has changed. */
  async refresh(): Promise<boolean> {
    const { find, clock, logger } = this.#options
    const now = clock.monotonic()
    if (now < this.#nextAt) return false
    this.#nextAt = now + REFRESH_MS
    const found = await find(this.#options.hosts)
    for (const { reason } of found) this.#reasons.add(reason)
    this.#tellOfUnknownHosts()
    const answering = new Set(found.map(({ reason }) => reason))
    if (this.#options.hosts.some(({ reason }) => !answering.has(reason))) this.#nextAt = now + RETRY_MS
    const forgotten = this.#forget(answering, now)
    const grown = found.map(entry => this.#remember(entry, now)).includes(true)
    if (!forgotten && !grown) return false
    this.#list = compileNeverBlock(this.#entries())
    logger.info('Allowlist refreshed.', { networks: this.#list.networks.length })
    return true
  }

  /** True where the network was not known. */
  #remember(entry: ProtectedNetwork, seenAt: number): boolean {
    const isNew = !this.#found.has(entry.network)
    if (isNew && this.#found.size >= MOST_REMEMBERED) return false
    this.#found.set(entry.network, { entry, seenAt })
    return isNew
  }

  /** Drops what names that answer have not stood for in a long time; true where something was dropped. */
  #forget(answering: ReadonlySet<string>, now: number): boolean {
    const before = this.#found.size
    for (const [network, { entry, seenAt }] of this.#found) {
      if (answering.has(entry.reason) && now - seenAt > REMEMBERED_MS) this.#found.delete(network)
    }
    return this.#found.size < before
  }

  /** A host without an address is not protected: that must be known, and is said once. */
  #tellOfUnknownHosts(): void {
    for (const { reason } of this.#options.hosts) {
      if (this.#reasons.has(reason) || this.#unknown.has(reason)) continue
      this.#unknown.add(reason)
      this.#options.logger.error(
        'A host on the allowlist has no address; configure its networks in never_block.networks.',
        {
          host: reason,
        },
      )
    }
  }

  #entries(): readonly ProtectedNetwork[] {
    const { config, trustedProxies } = this.#options
    const named = (networks: readonly string[], reason: string) => networks.map(network => ({ network, reason }))
    return [
      ...named(config.networks, 'never_block.networks'),
      ...named(trustedProxies, 'exporter.trusted_proxies'),
      ...[...this.#found.values()].map(({ entry }) => entry),
      ...(config.private_ranges ? privateRanges : alwaysProtected),
    ]
  }
}
