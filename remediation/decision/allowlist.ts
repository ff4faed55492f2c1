import type { Clock } from '../../core/clock.ts'
import { DAY_MS, MINUTE_MS } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { ProtectedHost, ProtectedNetwork } from '../domain/protected.ts'
import { alwaysProtected, type CompiledAllowlist, compileAllowlist, privateRanges } from './compile-allowlist.ts'
import type { NeverBlockConfig } from './config.ts'

/** Discovers this machine's addresses and resolvers, and resolves the names of these hosts. */
export type DiscoverNetworks = (hosts: readonly ProtectedHost[]) => Promise<readonly ProtectedNetwork[]>

export interface AllowlistOptions {
  readonly config: NeverBlockConfig
  readonly trustedProxies: readonly string[]
  /** `exporter.nat64_prefixes`. */
  readonly nat64Prefixes?: readonly string[]
  readonly find: DiscoverNetworks
  readonly clock: Clock
  readonly logger: Logger
}

const REFRESH_MS = 5 * MINUTE_MS
/** While a name has no address it is asked for more often. */
const RETRY_MS = MINUTE_MS
/** For addresses to which a name no longer resolves: clients cache them. A name that stops resolving keeps its addresses. */
const NETWORK_RETENTION_MS = DAY_MS
/** Names with ever new addresses must not fill the firewall. */
const NETWORK_CAPACITY = 1_000

/** The allowlist in force: configured networks and discovered ones. */
export class Allowlist {
  readonly #options: AllowlistOptions
  readonly #found = new Map<string, { readonly entry: ProtectedNetwork; readonly seenAt: number }>()
  /** Why something was ever protected. */
  readonly #reasons = new Set<string>()
  readonly #unknown = new Set<string>()
  #isFull = false
  /** Hosts to which the service connects. */
  #hosts: readonly ProtectedHost[] = []
  #list: CompiledAllowlist
  #nextAt = Number.NEGATIVE_INFINITY

  constructor(options: AllowlistOptions) {
    this.#options = options
    this.#list = this.#compile()
  }

  get list(): CompiledAllowlist {
    return this.#list
  }

  /** Takes the hosts whose addresses are looked up from the next refresh on. */
  protect(hosts: readonly ProtectedHost[]): void {
    this.#hosts = hosts
  }

  /** Looks around, not more often than every five minutes, or every minute while a name has no address; true where the list has changed. */
  async refresh(): Promise<boolean> {
    const { find, clock, logger } = this.#options
    const now = clock.monotonic()
    if (now < this.#nextAt) return false
    this.#nextAt = now + REFRESH_MS
    const found = await find(this.#hosts)
    for (const { reason } of found) this.#reasons.add(reason)
    this.#reportUnknownHosts()
    const answering = new Set(found.map(({ reason }) => reason))
    if (this.#hosts.some(({ reason }) => !answering.has(reason))) this.#nextAt = now + RETRY_MS
    const forgotten = this.#forget(answering, now)
    const grown = found.map(entry => this.#remember(entry, now)).includes(true)
    if (!forgotten && !grown) return false
    this.#list = this.#compile()
    logger.info('Allowlist refreshed.', { networks: this.#list.networks.length })
    return true
  }

  /** True where the network was not known. */
  #remember(entry: ProtectedNetwork, seenAt: number): boolean {
    const isNew = !this.#found.has(entry.network)
    // Addresses of this machine are few, and no client chooses them.
    const isNamed = this.#hosts.some(({ reason }) => reason === entry.reason)
    if (isNew && isNamed && this.#found.size >= NETWORK_CAPACITY) {
      this.#reportFull(entry)
      return false
    }
    this.#found.set(entry.network, { entry, seenAt })
    return isNew
  }

  /** Drops what names that answer have not stood for in a long time; true where something was dropped. */
  #forget(answering: ReadonlySet<string>, now: number): boolean {
    const before = this.#found.size
    for (const [network, { entry, seenAt }] of this.#found) {
      if (answering.has(entry.reason) && now - seenAt > NETWORK_RETENTION_MS) this.#found.delete(network)
    }
    return this.#found.size < before
  }

  /** A host without an address is not protected: that must be known, and is said once. */
  #reportUnknownHosts(): void {
    for (const { reason } of this.#hosts) {
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

  /** Said once. */
  #reportFull({ network, reason }: ProtectedNetwork): void {
    if (this.#isFull) return
    this.#isFull = true
    this.#options.logger.error(
      'The names on the allowlist have too many addresses; further ones are not protected. Configure their networks in never_block.networks.',
      { address: network, host: reason },
    )
  }

  #compile(): CompiledAllowlist {
    return compileAllowlist(this.#entries(), this.#options.nat64Prefixes)
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
