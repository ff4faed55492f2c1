import type { OpenDocument } from '../../../decoding/toolkit/record.ts'

/** A source of documents, as the configuration gives it. Times in milliseconds. */
export interface ElasticsearchSourceOptions {
  readonly name: string
  /** Index patterns, data streams, aliases, `cluster:index` for a remote cluster. */
  readonly index: readonly string[]
  readonly gateway?: string
  /**
   * Field with the time at which a document came in; `event.ingested`, or `@timestamp` where there is no such field.
   */
  readonly cursorField: string
  /** Source filter: the fields that decoding may read. */
  readonly fields: readonly string[]
  /** The prefilter of all dialects: a record that holds none of its texts brings no claim. */
  readonly wanted: readonly string[]
  /** Marks of the documents that may be skipped by the prefilter: `Dialect.documentMark`. */
  readonly documentMarks: readonly (readonly [outer: string, inner: string])[]
  /** Finds the record in a document, where the configuration says in which envelope it is. */
  readonly open?: OpenDocument
  readonly pageSize: number
  /** Parallel slices while catching up. */
  readonly slices: number
  /** Pause between rounds. */
  readonly interval: number
  /** How long a document may take from its event until it is stamped, and from there until a search finds it. */
  readonly lag: number
  /** How far each sweep reads back over the last one. */
  readonly overlap: number
  /** How far back minutes are compared and read again. */
  readonly horizon: number
  /** Pause between two comparisons. */
  readonly reconcileInterval: number
  /** How far ahead of the reader's clock an ingest time is still believed to be now. */
  readonly maxSkew: number
  readonly shard?: Shard
  /** How far the backfill goes back at the first start. */
  readonly history: number
}

/** One reader of several: it reads the gateways whose name hashes to `part`. */
export interface Shard {
  /** 1 to `of`. */
  readonly part: number
  readonly of: number
  /** A keyword field with the gateway. */
  readonly field: string
}
