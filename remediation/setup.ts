import type { Clock } from '../core/clock.ts'
import type { ListenAddress } from '../core/config/schema.ts'
import type { Logger } from '../service/log/logger.ts'
import type { RemediationConfig } from './config.ts'
import type { DiscoverNetworks } from './decision/live-never-block.ts'
import type { ConnectedSource } from './decision/own-hosts.ts'
import type { Fetch } from './enrichment/http-provider.ts'
import type { Ticker } from './scheduler.ts'
import type { RunCommand } from './steps/block/nft/command.ts'
import type { AdditionalStep } from './steps/executors.ts'

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
  /** Milliseconds after which an attempt of a step has failed; default: a minute. */
  readonly stepTimeout?: number
  /** What is done again and again is begun by it. */
  readonly ticker?: Ticker
  /** Kinds of step beside the shipped ones; `config` must have been read with them (`remediationSchemaOf`). */
  readonly moreSteps?: readonly AdditionalStep[]
  readonly environment?: Readonly<Record<string, string | undefined>>
}
