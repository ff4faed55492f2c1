import type { EpochMs } from '../../core/clock.ts'
import type { SignalName } from '../../core/signals.ts'
import type { Severity } from '../../core/vocabulary.ts'
import type { SourceDetails } from '../sources/source.ts'

/** Everything that the page at `/` shows, as plain data: rendering needs nothing else and asks nobody. */
export interface PageModel {
  readonly version: string
  readonly now: EpochMs
  readonly readiness: Readiness
  /** Sentences that a reader must know before believing the figures, for instance which input was chosen and why. */
  readonly notes: readonly string[]
  readonly sources: readonly SourceView[]
  /** Those heard last, newest first. */
  readonly gateways: readonly GatewayView[]
  /** Gateways that are remembered, shown or not. */
  readonly gatewayCount: number
  readonly zones: readonly ZoneView[]
  /** Absent where nothing is known of whole days. */
  readonly days?: DaysView
  /** The strangest times of the last 15 days, strangest first; absent where nothing is scored. */
  readonly strangest?: readonly EpisodeView[]
  /** What operators have said of series and times, as long as it holds. */
  readonly judgements?: readonly JudgementView[]
  /** Newest first. */
  readonly events: readonly EventView[]
  /** Most events first; only addresses that may be trusted. */
  readonly offenders: readonly OffenderView[]
  /** Address of the documentation, where the deployment serves one. */
  readonly documentation?: string
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
  /** One sentence of what to know although it is up. */
  readonly notice?: string
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

export interface Tally {
  readonly name: string
  readonly count: number
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

/**
 * What is known of one minute's count:
 * `complete`, every source has passed it; `open`, still being read; `partial`, records were lost or a gateway is not
 * being read, the count is a lower bound; `unknown`, nobody was reading, the count says nothing.
 */
export type MinuteMark = 'complete' | 'open' | 'partial' | 'unknown'

export interface MinuteView {
  /** Start of the minute. */
  readonly start: EpochMs
  readonly count: number
  readonly mark: MinuteMark
}

/** One signal of one trust zone, summed over its gateways. */
export interface SignalView {
  readonly signal: SignalName
  /** The last hour, oldest first: 60 minutes, the newest usually open. */
  readonly minutes: readonly MinuteView[]
  /** Median events of an hour in the kept history; absent while there is too little of it. */
  readonly usualPerHour?: number
  /** Most frequent reasons of the hour (for drifts their kind, for decisions decision and policy), most first. */
  readonly reasons: readonly Tally[]
  /** The gateways with most events of the hour, most first. */
  readonly gateways: readonly Tally[]
  /** Gateways with events of the hour beside these. */
  readonly otherGateways: number
  /** Events of the hour of gateways that have no minutes of their own, because the limit of series is reached. */
  readonly shared: number
  /** True where all of its events of the hour are made up. */
  readonly synthetic: boolean
  /** Why nothing can be known of this signal here; set where no source reports it. */
  readonly blindSpot?: string
  /** The anomaly score, where the signal is scored and has learnt enough; of its gateways the strangest. */
  readonly score?: ScoreView
  /** Minutes until every gateway has a score, where one has none yet; 0 while its past is being scored. */
  readonly scoreAfter?: number
  /** Who did much more than theirs in the last 20 minutes, most surprising first. */
  readonly entities?: readonly EntityView[]
}

/** Events of whole days (UTC), the day under way last. */
export interface DaysView {
  /** Start of each day, oldest first. */
  readonly days: readonly EpochMs[]
  readonly rows: readonly DayRow[]
}

export interface DayRow {
  readonly trustZone: string
  readonly signal: SignalName
  /** Events of each of `days` by reason, most first. */
  readonly days: readonly (readonly Tally[])[]
}

/** The scored minute: events that came, and the band of those that were expected. */
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
  /** True where it would be active, had an operator not said that it is fine. */
  readonly excused: boolean
  /** The views that spoke; absent where the score is low. */
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

/** A stretch of time in which a series was active, told by its strangest minute. */
export interface EpisodeView extends Omit<BandView, 'minute'> {
  readonly trustZone: string
  readonly signal: SignalName
  readonly gateway: string
  readonly synthetic: boolean
  readonly from: EpochMs
  /** Behind its last minute. */
  readonly to: EpochMs
  /** Start of its strangest minute. */
  readonly peak: EpochMs
  readonly score: number
  readonly words: string
  /** The newest of those that were seen for the first time. */
  readonly newest: readonly string[]
  /** The two hours before the strangest minute and itself, oldest first. */
  readonly trail: readonly BandView[]
  /** What an operator has said of it. */
  readonly verdict?: JudgementView['verdict']
}

/** An operator's word on a series and a span of time. */
export interface JudgementView {
  readonly signal: SignalName
  readonly trustZone: string
  /** All gateways where absent. */
  readonly gateway?: string
  readonly from: EpochMs
  readonly to: EpochMs
  readonly verdict: 'mute' | 'fine'
  readonly expires: EpochMs
  /** True where the configuration says it; false where it was posted. */
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
}

export interface OffenderView {
  readonly address: string
  readonly signal: SignalName
  readonly events: number
  readonly synthetic: boolean
}
