import type { Json } from '../../service/state/state.ts'

/** A row to be saved, by its name within its part; null deletes it. */
export interface ChangedRow<Value> {
  readonly name: string
  readonly value: Value | null
}

export interface SavedRow<Value> {
  readonly name: string
  readonly value: Value
}

interface PersistentOf<Format, Value> {
  /**
   * What the names of its rows begin with in the state database; frozen once it is released. It ends with `/` where the
   * part has any number of rows. Otherwise it has one, whose own name is empty. No part's key is the beginning of another's.
   */
  readonly key: string
  /** `json`: rows of the table `documents`; `bytes`: of `blobs`. */
  readonly format: Format
  /** Rows that have changed since the last call. What it gives is saved, or given again by the caller until it is. */
  changes(): readonly ChangedRow<Value>[]
  /** Takes its saved rows, before anything is counted; none at the first start. */
  restore(rows: readonly SavedRow<Value>[]): void
}

export type JsonPersistent = PersistentOf<'json', Json>
export type BytesPersistent = PersistentOf<'bytes', Uint8Array>

/** A part of the exporter that outlives a restart. It is given its own rows only, and saved in the same transaction as all others. */
export type Persistent = JsonPersistent | BytesPersistent
