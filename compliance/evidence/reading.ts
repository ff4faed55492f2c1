import type { EpochMs } from '../../core/clock.ts'
import type { EvidenceStore } from '../../core/labels/compliance.ts'
import type { Json } from '../../service/state/state.ts'

/** A time in which a source of evidence was not there, [start, end). */
export interface Gap {
  /** What was missing: a source, an observer, an index. */
  readonly of: string
  readonly start: EpochMs
  readonly end: EpochMs
  /** Why, as far as it is known; a clause in own words. */
  readonly reason: string
}

/** What a store answered to one request of evidence. Plain data: the same store content gives the same reading. */
export interface Reading {
  readonly store: EvidenceStore
  /** The address or file that was asked, without credentials. */
  readonly address: string
  /** What was asked, exactly, so that a reader can ask again: a body of a search, a PromQL expression, an SQL query. */
  readonly query: Json
  /** Index or indices of Elasticsearch. */
  readonly index?: string
  /** The canonical result: sorted, without times of the answer itself, so that its hash is that of the facts. */
  readonly result: Json
  /** How many documents, series or rows the result rests on. */
  readonly count: number
  /** The measure that a test compares; null where there was nothing to measure, which is never zero. */
  readonly value: number | null
  /** Time of the newest datum, for freshness; null where there is none. */
  readonly newest: EpochMs | null
  /** The same measure by trust zone, where the store knows it. */
  readonly byZone?: Readonly<Record<string, number>>
  /** The measure over the period, for a chart: at most 62 points, null where there is a gap. */
  readonly distribution?: readonly { readonly start: EpochMs; readonly value: number | null }[]
  /** Ids of some documents, alerts or records behind it: at most 5. */
  readonly samples?: readonly string[]
  readonly gaps?: readonly Gap[]
}
