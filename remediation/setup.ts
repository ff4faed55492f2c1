import type { Clock } from '../core/clock.ts'
import type { ListenAddress } from '../core/config/schema.ts'
import type { Logger } from '../service/log/logger.ts'
import type { RemediationConfig } from './config.ts'
import type { DiscoverNetworks } from './decision/live-never-block.ts'
import type { ConnectedSource } from './decision/own-hosts.ts'
import type { Fetch } from './enrichment/http-provider.ts'
import type { RunCommand } from './steps/block/nft/command.ts'

export interface LoadedRemediationConfig {
  readonly config: {
    readonly remediation: RemediationConfig
    readonly exporter: {
      readonly trusted_proxies: readonly string[]
      readonly sources?: readonly ConnectedSource[]
      readonly listen_address?: ListenAddress
    }
  }
}

export interface RemediationSetup {
  readonly version: string
  readonly logger: Logger
  /** True where other machines may come in without showing who they are. */
  readonly allowUnauthenticated: boolean
  /** Reads the configuration again; rejects where it is wrong. */
  readonly loadConfig: () => Promise<LoadedRemediationConfig>
  /** The rest has the system's own as default. */
  readonly clock?: Clock
  readonly runNft?: RunCommand
  readonly fetch?: Fetch
  readonly random?: () => number
  readonly discoverNetworks?: DiscoverNetworks
  readonly environment?: Readonly<Record<string, string | undefined>>
}
