import type { EpochMs } from '../../core/clock.ts'
import type { Json } from '../state/state.ts'

/** The state of an exporter, read only, also while the exporter runs. */
export interface StateView {
  /** Path of the database. */
  readonly path: string
  /** Time of the newest commit; null where there is none. */
  readonly newestMinute: EpochMs | null
  readonly oldestMinute: EpochMs | null
  /** Counters since the state began, with their labels. */
  counters(metric: string): readonly { readonly labels: readonly string[]; readonly value: number }[]
  /** Counts of minutes in [start, end), summed by series. */
  minutes(start: EpochMs, end: EpochMs): readonly { readonly series: readonly string[]; readonly count: number }[]
  /** Documents whose name begins with a text. */
  documents(prefix: string): readonly { readonly name: string; readonly value: Json }[]
  close(): void
}
