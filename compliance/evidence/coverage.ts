import type { EpochMs } from '../../core/clock.ts'
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
}
