import type { ListenAddress } from '../core/config/schema.ts'
import type { ServiceSetup } from '../service/app/service.ts'
import type { WebSection } from '../service/http/config.ts'
import type { Fetch } from '../service/http-client/bounded-fetch.ts'
import type { RemediationConfig } from './config.ts'
import type { DiscoverNetworks } from './decision/allowlist.ts'
import type { ConnectedSource } from './decision/own-hosts.ts'
import type { SourceNetworks } from './domain/limits.ts'
import type { Ticker } from './scheduler.ts'
import type { RunCommand } from './steps/block/nft/command.ts'
import type { AdditionalStep } from './steps/executors.ts'

export interface LoadedRemediationConfig {
  readonly config: {
    readonly remediation: RemediationConfig
    /** Default: no further hosts. */
    readonly web?: WebSection
    readonly exporter: {
      readonly trusted_proxies: readonly string[]
      readonly nat64_prefixes?: readonly string[]
      readonly source_networks?: { readonly ipv4_prefix: number; readonly ipv6_prefix: number }
      readonly offenders?: { readonly network_hosts: number }
      readonly sources?: readonly ConnectedSource[]
      readonly listen_address?: ListenAddress
    }
  }
}

/** What has no default is the system's own. */
export interface RemediationSetup extends ServiceSetup<LoadedRemediationConfig> {
  readonly runNft?: RunCommand
  readonly fetch?: Fetch
  readonly random?: () => number
  readonly discoverNetworks?: DiscoverNetworks
  /** Milliseconds after which an attempt of a step has failed; default: a minute. */
  readonly stepTimeout?: number
  /** Milliseconds that a start waits for what steps act on; default: five seconds. */
  readonly startTimeout?: number
  /** What is done again and again is begun by it. */
  readonly ticker?: Ticker
  /** Kinds of step beside the shipped ones; `config` must have been read with them (`remediationSchemaOf`). */
  readonly moreSteps?: readonly AdditionalStep[]
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Which hosts of one network are one attacker: the defaults of the exporter where its section is not at hand. */
export const sourceNetworksOf = ({
  source_networks: { ipv4_prefix: prefix4, ipv6_prefix: prefix6 } = { ipv4_prefix: 32, ipv6_prefix: 64 },
  offenders: { network_hosts: hosts } = { network_hosts: 3 },
}: LoadedRemediationConfig['config']['exporter']): SourceNetworks => ({ prefix4, prefix6, hosts })
