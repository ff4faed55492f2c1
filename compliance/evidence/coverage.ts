import type { EpochMs } from '../../core/clock.ts'
import type { EvidenceStore } from '../../core/labels/compliance.ts'
import type { Observer } from '../../core/zero-trust.ts'
import type { Gap, Reading } from './reading.ts'

/** How far one source was there during the period. */
export interface SourceCoverage {
  readonly source: string
  /** Which programs it observes, by the dialects that it decoded; empty where that is not known. */
  readonly observers: readonly Observer[]
  /** Share of the period in which it was up and read, 0 to 1; null where nothing tells. */
  readonly share: number | null
  readonly lastEvent: EpochMs | null
  readonly gaps: readonly Gap[]
}

/** What was observed during the period. It is a piece of evidence of its own, and what every pass rests on. */
export interface CoverageReading {
  readonly sources: readonly SourceCoverage[]
  /** The same as evidence, one reading for each store that was asked. */
  readonly readings: readonly Reading[]
  /** Stores that could not be asked. */
  readonly faults: readonly { readonly store: EvidenceStore; readonly reason: string }[]
}

/** What should be observed, by the configuration: what is expected and never seen is a gap of the whole period. */
export interface ExpectedCoverage {
  readonly sources: readonly ExpectedSource[]
  readonly indices: readonly ExpectedIndex[]
}

export interface ExpectedSource {
  /** Value of the label `source`: its name in the configuration of the exporter. */
  readonly name: string
  readonly observers: readonly Observer[]
}

/** Documents that another program than the exporter writes. */
export interface ExpectedIndex {
  readonly index: string
  readonly timeField: string
  readonly observers: readonly Observer[]
  /** A time without documents is a gap from this length, milliseconds; at least an hour. */
  readonly silence: number
}
