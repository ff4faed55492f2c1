import type { Clock } from '../../core/clock.ts'
import type { TrustZones } from '../../core/trust-zones.ts'
import type { Dispatcher } from '../../decoding/dispatch.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import type { StateTransaction } from '../../service/state/state.ts'
import type { Persistent } from '../contracts/persistent.ts'
import type { Source } from '../contracts/source.ts'
import type { EventSubscriber } from '../contracts/subscriber.ts'
import type { AddressEnrichment } from '../enrichment/address-facts.ts'
import type { Authority } from './authority.ts'
import type { KeyOverflow } from './counted-keys.ts'
import type { DerivationLimits } from './derivation.ts'
import type { ConfiguredGuard } from './guards.ts'
import type { MayBeNamedWhole, OffenderOptions } from './offenders.ts'
import type { PostureIntakeOptions } from './posture/intake.ts'
import type { SourceNetworkOptions } from './source-networks.ts'

export interface PipelineOptions {
  readonly clock: Clock
  readonly store: SeriesStore
  /** Decodes records. */
  readonly dispatcher: Dispatcher
  /** All that will ever be given to `ingest`. */
  readonly sources: readonly PipelineSource[]
  readonly zones: TrustZones
  readonly authority: Authority
  /** Networks of the proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  readonly nat64Prefixes?: readonly string[]
  /** Default: an IPv6 /64, an IPv4 /32. */
  readonly sourceNetworks?: SourceNetworkOptions
  readonly offenders: OffenderOptions
  /** Default: every network may be. */
  readonly mayBeNamedWhole?: MayBeNamedWhole
  /** Default: nothing is known of addresses. */
  readonly enrichment?: AddressEnrichment
  /** Most series with minutes of their own. Default: 50,000. */
  readonly minuteSeries?: number
  /** Called in this order. Default: none; minutes close all the same. */
  readonly subscribers?: readonly EventSubscriber[]
  /** Whether events have the ends of their flow or access: candidate policies alone decide by them. Default: true. */
  readonly withEnds?: boolean
  /** Where the keys of a source's pairs go that are too many for the memory. Default: there is no such place. */
  readonly keyOverflow?: (source: string) => KeyOverflow
  /** Default: `derivationLimits`. */
  readonly derivation?: DerivationLimits
  readonly posture?: Pick<PostureIntakeOptions, 'maxAge' | 'desiredState' | 'deviceRequirements' | 'identityRules'>
  /** Guards that the configuration names. Default: none; those whose records are read are watched all the same. */
  readonly guards?: readonly ConfiguredGuard[]
  /** What else is saved and restored with the pipeline, in this order. Default: nothing. */
  readonly persistents?: readonly Persistent[]
}

/** What the pipeline knows of a source; it never reads one. */
export type PipelineSource = Pick<
  Source,
  'name' | 'kind' | 'durable' | 'synthetic' | 'isIntermittent' | 'horizon' | 'health' | 'backfill'
>

/** What the state database must hold before anything of it is exposed; the series are restored by the store. */
export type PipelineChanges = Omit<StateTransaction, 'series'>
