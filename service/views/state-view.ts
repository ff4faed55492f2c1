import type { EpochMs } from '../../core/clock.ts'

/** The state of an exporter at one moment, read only, also while the exporter runs. Every method throws a Fault in own words. */
export interface StateView {
  /** Path of the database. */
  readonly path: string
  /** Where the counts of minutes are complete for a signal. */
  extent(signal: string): MinuteExtent
  /** Counts of the minutes of a signal that begin in [start, end), by gateway, trust zone and slot of time; no zeros. */
  minutes(signal: string, window: MinuteWindow): readonly MinuteSum[]
  /** The sources of which something was read, by name. */
  sources(): readonly StateSource[]
  posture(): StatePosture
  close(): void
}

export interface MinuteWindow {
  readonly start: EpochMs
  readonly end: EpochMs
  /** Length of a slot, whole minutes in milliseconds. */
  readonly step: number
}

/** [from, to); both null where nothing is complete. */
export interface MinuteExtent {
  /** Before, minutes are deleted after their retention, or were never read. The state does not say which of it. */
  readonly from: EpochMs | null
  /** From then on, a source that brings the signal was not read to the end. */
  readonly to: EpochMs | null
}

export interface MinuteSum {
  readonly gateway: string
  readonly trustZone: string
  /** Start of the slot. */
  readonly start: EpochMs
  readonly count: number
  /** Start of the newest minute with an event. */
  readonly newest: EpochMs
}

export interface StateSource {
  readonly name: string
  /** The dialects of its records that were decoded. */
  readonly dialects: readonly string[]
  /** Since when it is read; null where an earlier version did not save it. */
  readonly since: EpochMs | null
  /** Up to when it was read to the end; null where no minute has closed. */
  readonly to: EpochMs | null
  /** Time of the newest event. */
  readonly lastEvent: EpochMs | null
  /** Starts of the minutes of which records were lost: their counts are lower bounds. */
  readonly losses: readonly EpochMs[]
}

/** Names of the fields are those of the documents of the state; what they mean is in exporter/pipeline/posture/. */
export interface StatePosture {
  readonly subjects: readonly PostureDocument[]
  readonly acceptances: readonly AcceptanceDocument[]
  readonly devices: readonly DeviceDocument[]
}

export interface PostureDocument {
  readonly gateway: string
  readonly trustZone: string
  /** The newest of each producer. */
  readonly snapshots: readonly {
    readonly producer: string
    readonly time: EpochMs
    readonly findings: readonly FindingDocument[]
  }[]
}

export interface FindingDocument {
  readonly check: string
  readonly target: string
  readonly severity: string
}

export interface AcceptanceDocument {
  readonly check: string
  /** Every target, or gateway, where absent. */
  readonly target?: string
  readonly gateway?: string
  readonly who: string
  readonly why: string
  readonly accepted: EpochMs
  readonly until: EpochMs
  /** Where an operator has ended it before. */
  readonly ended?: { readonly at: EpochMs }
}

export interface DeviceDocument {
  readonly gateway: string
  readonly trustZone: string
  readonly device: string
  readonly posture: string
  /** Newest time of its records. */
  readonly seen: EpochMs
}
