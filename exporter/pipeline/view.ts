import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { SignalName } from '../../core/signals.ts'
import type { ObservedGateways } from './gateways.ts'
import type { LastEvent } from './last-events.ts'
import type { RetainedMinutes } from './minutes.ts'
import type { Offender } from './offenders.ts'
import type { ReadPosture } from './posture/current-findings.ts'
import type { IncompletePlace, UnrecognisedPlace } from './recognition.ts'
import type { ReadVersions } from './versions/observed-versions.ts'

/** How far a source has been read in this process; undefined before its first batch. */
export interface SourceProgress {
  /** Event time up to which everything is counted. */
  readonly watermark: EpochMs | undefined
  /** Watermark of the first batch. */
  readonly began: EpochMs | undefined
  readonly lastEvent: EpochMs | undefined
  /** False where no record read since the start was in a known format. */
  readonly isRecognised: boolean | undefined
  /** Files, indices and gateways of which nothing that was parsed is in a known format. */
  readonly unrecognised: readonly UnrecognisedPlace[]
  /** Files and indices whose newest record is in an older form of its format. */
  readonly incomplete: readonly IncompletePlace[]
  /** Dialects of the records that were read since the start, with the signals of which their stream is not authoritative. */
  readonly dialects: ReadonlyMap<string, ReadonlySet<SignalName>>
}

/** What was counted of a source so far. */
export interface SourceTallies {
  readonly events: number
  /** By reason, skipped lines among them. */
  readonly undecoded: readonly { readonly name: string; readonly count: number }[]
  /** Records and bytes. */
  readonly lost: number
  /** Events in the minutes that gateways share. */
  readonly shared: number
}

/** What the page reads of the pipeline, as of now. */
export interface PipelineView {
  progress(source: string): SourceProgress
  /** The last event of each dialect, signal and trust zone of a source, also of before this start. */
  lastEvents(source: string): readonly LastEvent[]
  tallies(source: string): SourceTallies
  /** Newest first. */
  recentEvents(): readonly SecurityEvent[]
  /** Most events first. */
  offenders(): readonly Offender[]
  readonly gateways: ObservedGateways
  readonly minutes: RetainedMinutes
  readonly posture: ReadPosture
  readonly versions: ReadVersions
}
