import type { EpochMs } from '../../../core/clock.ts'
import type { Change, EventDetails } from '../../../core/event.ts'
import type { Severity } from '../../../core/labels/event.ts'
import type { Product } from '../../../core/labels/products.ts'
import type { SignalName } from '../../../core/signals.ts'
import type { SourceDetails } from '../../contracts/source.ts'
import type { AddressFacts } from '../../enrichment/address-facts.ts'
import type { Coverage } from '../signal-coverage/coverage.ts'
import type { DaysView } from '../stats/days.ts'
import type { Tally } from '../stats/tally.ts'
import type { MinuteView } from '../stats/zone-hour.ts'

/** Everything that the page at `/` shows, as plain data; rendering has no other input. */
export interface PageModel {
  readonly version: string
  readonly now: EpochMs
  readonly readiness: Readiness
  /** Sentences that qualify the figures, for instance which input was chosen and why. */
  readonly notes: readonly string[]
  readonly sources: readonly SourceView[]
  /** What of the deployment is read, and what is blind. */
  readonly coverage: Coverage
  /** Those with the newest events, newest first. */
  readonly gateways: readonly GatewayView[]
  /** Gateways that are remembered, shown or not. */
  readonly gatewayCount: number
  readonly zones: readonly ZoneView[]
  /** Absent where nothing is known of whole days. */
  readonly days?: DaysView
  /** The episodes of the last 15 days, highest score first; absent where nothing is scored. */
  readonly episodes?: readonly EpisodeView[]
  /** Operator feedback that has not expired. */
  readonly feedback?: readonly FeedbackView[]
  /** Absent where no snapshot of posture is known. */
  readonly posture?: PostureView
  /** Absent where no version of OpenClaw or of a guard is known. */
  readonly versions?: VersionsView
  /** Newest first. */
  readonly events: readonly EventView[]
  /** Most events first; only addresses that may be trusted. */
  readonly offenders: readonly OffenderView[]
  /** Address of the documentation, where the deployment serves one. */
  readonly documentation?: string
}

/** What is open by the newest posture snapshots. */
export interface PostureView {
  readonly open: number
  readonly accepted: number
  /** The most severe first; only so many. */
  readonly findings: readonly FindingView[]
  /** Scheduled snapshots that are too old: what they found may be closed, and more may be open. */
  readonly unknown: readonly { readonly gateway: string; readonly producer: string; readonly time: EpochMs }[]
}

export interface FindingView {
  readonly gateway: string
  readonly trustZone: string
  readonly check: string
  readonly target: string
  readonly severity: Severity
  readonly summary: string
  readonly accepted?: { readonly who: string; readonly why: string; readonly until: EpochMs }
}

/** Versions that are current, or whose log has changed. */
export interface VersionsView {
  readonly count: number
  /** Those whose log has changed first; only so many. */
  readonly shown: readonly VersionView[]
}

/** A version of a product at a gateway. */
export interface VersionView {
  readonly gateway: string
  readonly product: Product
  readonly version: string
  /** When its first record was read. */
  readonly since: EpochMs
  /** Minutes with records, and with undecoded ones. */
  readonly minutes: number
  readonly undecodedMinutes: number
  /** Log templates that no version before it wrote, and a few of them. */
  readonly newTemplates: number
  readonly samples: readonly string[]
  readonly hasMoreUndecoded: boolean
}

export interface Readiness {
  readonly ready: boolean
  /** One sentence when not ready. */
  readonly reason?: string
}

export interface SourceView {
  readonly name: string
  readonly kind: string
  /** True where the records are made up: a demo, never evidence. */
  readonly synthetic: boolean
  readonly up: boolean
  /** One sentence when not up. */
  readonly reason?: string
  /** True where nothing has failed and there is nothing to read yet. */
  readonly isWithoutInput?: boolean
  /** True where nothing that was read is in a known format, so that nothing is counted. */
  readonly unrecognised?: boolean
  /** Sentences on what is wrong with a source that is up. */
  readonly notices?: readonly string[]
  /** Now minus the watermark, milliseconds; absent before the first batch. */
  readonly lag?: number
  readonly lastEvent?: EpochMs
  /** What is left to read, where the source knows it. */
  readonly backlog?: number
  readonly backlogUnit: 'bytes' | 'records'
  readonly events: number
  /** `clawtrust_undecoded_total` of this source by reason. */
  readonly undecoded: readonly Tally[]
  /** Records or bytes known to be lost. */
  readonly lost: number
  readonly details?: SourceDetails
}

export interface GatewayView {
  readonly name: string
  readonly synthetic: boolean
  /** Ports seen in its lines; more than one means that two gateways share the name. */
  readonly ports: readonly number[]
  readonly lastEvent?: EpochMs
}

export interface ZoneView {
  readonly trustZone: string
  readonly signals: readonly SignalView[]
}

/** One signal of one trust zone, summed over its gateways. */
export interface SignalView {
  readonly signal: SignalName
  /** The last hour, oldest first: 60 minutes, the newest usually open. */
  readonly minutes: readonly MinuteView[]
  /** Median events of an hour in the retained minutes; absent while there are too few. */
  readonly usualPerHour?: number
  /** Most frequent reasons of the hour (for drifts their kind, for decisions decision and policy), most first. */
  readonly reasons: readonly Tally[]
  /** The gateways with most events of the hour, most first. */
  readonly gateways: readonly Tally[]
  /** Number of other gateways with events in the hour. */
  readonly otherGateways: number
  /** Events of the hour of gateways that have no minutes of their own, because the limit of series is reached. */
  readonly shared: number
  /** True where all of its events of the hour are synthetic. */
  readonly synthetic: boolean
  /** Why this signal cannot be measured here; set where no source reports it. */
  readonly blindSpot?: string
  /** The anomaly score, where the signal is scored and has enough minutes; the highest of its gateways. */
  readonly score?: ScoreView
  /** Expected events of each of `minutes`, where one series is scored; undefined for a minute without a result. */
  readonly expected?: readonly (number | undefined)[]
  /** Minutes until every gateway has a score, where one has none yet; 0 while its backfill is being scored. */
  readonly scoreAfter?: number
  /** A gateway had its first event of this signal less than 12 hours ago: its score rests on zeros alone. */
  readonly isNew?: true
  /** Entities with far more events than expected in the last 20 minutes, most surprising first. */
  readonly entities?: readonly EntityView[]
}

/** The scored minute: observed events and the expected band. */
export interface BandView {
  /** Start of the minute. */
  readonly minute: EpochMs
  readonly observed: number
  readonly expected: number
  readonly lower: number
  readonly upper: number
}

export interface ScoreView extends BandView {
  readonly gateway: string
  /** 0 to 100. */
  readonly value: number
  /** The scorer's own alert state. */
  readonly active: boolean
  /** True where the series would be active without operator feedback. */
  readonly suppressed: boolean
  /** `expected` by what brings it, in words; absent where people bring everything. */
  readonly parts?: string
  /** Why it has its score; where the score is low, what is usual at this time, if there is something to say. */
  readonly words?: string
}

export interface EntityView {
  readonly kind: string
  readonly name: string
  /** 0 to 100. */
  readonly score: number
  /** Events in 20 minutes. */
  readonly observed: number
  readonly expected: number
}

/** A period in which a series was active, represented by the minute of its highest score. */
export interface EpisodeView extends Omit<BandView, 'minute'> {
  readonly trustZone: string
  readonly signal: SignalName
  readonly gateway: string
  readonly synthetic: boolean
  readonly from: EpochMs
  /** End of its last minute. */
  readonly to: EpochMs
  /** Start of the minute of its highest score. */
  readonly peak: EpochMs
  readonly score: number
  /** `expected` by what brings it, in words; absent where people bring everything. */
  readonly parts?: string
  readonly words: string
  /** The newest first-seen entities. */
  readonly newest: readonly string[]
  /** The two hours up to and including that minute, oldest first. */
  readonly trail: readonly BandView[]
  /** Operator feedback on it. */
  readonly verdict?: FeedbackView['verdict']
}

/** Operator feedback on a series and a period. */
export interface FeedbackView {
  readonly signal: SignalName
  readonly trustZone: string
  /** All gateways where absent. */
  readonly gateway?: string
  readonly from: EpochMs
  readonly to: EpochMs
  readonly verdict: 'mute' | 'fine'
  readonly expires: EpochMs
  /** True where it is in the configuration; false where it was posted. */
  readonly configured: boolean
  readonly note?: string
}

export interface EventView {
  readonly time: EpochMs
  readonly signal: SignalName
  readonly severity: Severity
  readonly reason: string
  readonly count: number
  readonly trustZone: string
  readonly gateway: string
  readonly source: string
  readonly synthetic: boolean
  readonly address?: string
  /** True only where the address was seen on the socket or vouched for by a configured proxy. */
  readonly addressTrusted: boolean
  readonly identity?: string
  readonly device?: string
  readonly change?: Change
  /** What else the record reports. */
  readonly details?: EventDetails
  readonly trace?: TraceView
}

/** The trace that an event is part of. */
export interface TraceView {
  readonly id: string
  /** Where it can be seen, if `exporter.trace_url` says so. */
  readonly url?: string
}

export interface OffenderView {
  readonly address: string
  /** The IPv4 address that is embedded in the address. */
  readonly embedded?: string
  readonly signal: SignalName
  readonly events: number
  readonly synthetic: boolean
  readonly facts: AddressFacts
}
