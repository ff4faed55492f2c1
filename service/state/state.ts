import type { ClawtrustError } from '../../core/errors.ts'
import type { SeriesValue } from '../series/series.ts'

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** The content of one commit, as plain data. It is written to the database completely or not at all. */
export interface StateTransaction {
  readonly series: readonly SeriesValue[]
  readonly cursors: readonly CursorValue[]
  /** Event counts of minutes, absolute (not deltas). */
  readonly minutes: readonly MinuteValue[]
  /** Small JSON values by name (pending pairs, recent ids, marks of open minutes); null deletes. */
  readonly documents: readonly DocumentValue[]
  /** Opaque bytes by name (scorer states, keys of pairs); null deletes. */
  readonly blobs: readonly BlobValue[]
}

export interface CursorValue {
  readonly source: string
  readonly key: string
  /** null deletes the key. */
  readonly value: Json
}

export interface MinuteValue {
  /** `gateway`, `trust_zone`, `signal`. */
  readonly series: readonly string[]
  /** Start of the minute, seconds since 1970, divisible by 60. */
  readonly minute: number
  readonly count: number
}

export interface DocumentValue {
  readonly name: string
  readonly value: Json
}

export interface BlobValue {
  readonly name: string
  readonly value: Uint8Array | null
}

export interface SavedBlob {
  readonly name: string
  readonly value: Uint8Array
}

/** All kept minutes of one series in two columns, oldest first: there are millions of them, 12 bytes each. */
export interface SavedMinutes {
  /** `gateway`, `trust_zone`, `signal`. */
  readonly series: readonly string[]
  /** Start of each minute, seconds since 1970. */
  readonly starts: Uint32Array<ArrayBuffer>
  readonly counts: Float64Array<ArrayBuffer>
}

export interface SavedState {
  readonly series: readonly SeriesValue[]
  readonly cursors: readonly CursorValue[]
  readonly minutes: readonly SavedMinutes[]
  readonly documents: readonly DocumentValue[]
  readonly blobs: readonly SavedBlob[]
}

/** The state database of one replica. */
export interface StateDatabase {
  /** @throws ClawtrustError STATE_DAMAGED where a row cannot be read */
  load(): Promise<SavedState>
  /** The error for a loaded state of which rows cannot be decoded: STATE_DAMAGED. */
  undecodable(cause: unknown): ClawtrustError
  /** Opens the database for writing, before which no byte of it changes. The first commit does so too. */
  begin(): Promise<void>
  /** Resolves when the transaction is on disk; rejects if nothing of it was written. */
  commit(transaction: StateTransaction): Promise<void>
  /** Deletes minutes that start before this time (seconds). */
  prune(before: number): Promise<void>
  /** Size of the folder in bytes; 0 if the state is in memory. */
  usage(): Promise<number>
  /** A folder for data of this process that does not fit into memory; undefined if the state is in memory. */
  readonly overflowFolder?: string
  close(): Promise<void>
}
