import type { EpochMs } from '../../core/clock.ts'
import type { Decoded } from '../../decoding/dispatch.ts'
import type { ConsoleText, RawRecord } from '../../decoding/toolkit/record.ts'
import type { Json } from '../../service/state/state.ts'

export type { RawRecord }

/** Where a source has read a record: the path of a file, or the name of an index. */
export interface Place {
  readonly kind: 'file' | 'index'
  readonly name: string
}

/** A record as a source hands it on. */
export interface SourceRecord extends RawRecord {
  /** Absent where the source is the only place. */
  readonly place?: Place
  /** The result of the decoders, where a thread of its own has decoded it; its body is empty then. */
  readonly decoded?: Decoded
}

/** Part of a source's cursor: `key` names a file, a shard or a slice; a null value forgets the key. */
export interface CursorChange {
  readonly key: string
  readonly value: Json
}

/** Why records were skipped or lost, counted. */
export interface SourceTally {
  /** Lines that hold none of the decoders' wanted texts and were not parsed. */
  readonly skipped: number
  /**
   * Records that could not even be handed on, by reason of `clawtrust_undecoded_total` (for instance `line_too_long`).
   */
  readonly undecoded: Readonly<Record<string, number>>
  /** Bytes known to have been lost before they could be read (truncated in place, rotated away). */
  readonly lostBytes: number
  /** Bytes of an edited file that were counted and are read again. */
  readonly rereadBytes?: number
  /** Records that the source met again and left out, where it reads with an overlap. */
  readonly duplicates?: number
  /**
   * Documents that appeared when their ids could no longer be distinguished from those counted: detected, not counted.
   */
  readonly beyondHorizon?: number
}

/** A few of the lines of a batch, skipped ones among them, only to find out whether they are in a known format. */
export interface Samples {
  readonly place: Place
  /** Present where clients may have written the lines, as in a console in plain text. */
  readonly forgeable?: ConsoleText | undefined
  /** Makes their texts; valid until the next batch is asked for. */
  lines(): readonly string[]
}

/** A file in which no line has ended, so that nothing of it counts. */
export interface UnendedFile {
  readonly place: Place
  /** True where it begins with lines that end with a carriage return alone. */
  readonly hasCarriageReturns: boolean
}

/**
 * The result of one read of a source. All of it is taken into one state transaction: after the commit the cursor is
 * after these records; before the commit none of them counts.
 */
export interface Batch {
  readonly records: readonly SourceRecord[]
  /** Absent where the source recognises what it skips. */
  readonly samples?: Samples
  /** Where the source recognised records that it skipped. */
  readonly recognised?: readonly Place[]
  /** Files in which no line has ended for some time. */
  readonly unended?: readonly UnendedFile[]
  readonly tally: SourceTally
  readonly cursor: readonly CursorChange[]
  /**
   * Event time up to which this source has delivered everything; never falls, never ahead of the clock. Where the clock is
   * set back, it stays until the clock has passed it.
   */
  readonly watermark: EpochMs
  /** True when the source has caught up with its end for now. */
  readonly caughtUp: boolean
}

export interface SourceHealth {
  readonly up: boolean
  /** One sentence for the page and the log when not up. */
  readonly reason?: string
  /** True where there is nothing to read yet, although nothing has failed: no index matches the pattern. */
  readonly isWithoutInput?: boolean
  /** Sentences for the page on what is wrong although the source is up. */
  readonly notices?: readonly string[]
  /** Backlog of its input where the source knows it, in the unit of its kind. */
  readonly backlog?: number
  readonly details?: SourceDetails
}

/** What only some kinds of sources report. */
export interface SourceDetails {
  /** Field by which documents are read in order of their coming in. */
  readonly cursorField?: string
  /**
   * How far the clocks that stamp the records are ahead of the reader's, milliseconds; where the reader's was set back, at
   * least how far the watermark is ahead of it.
   */
  readonly clockSkew?: number
  /** Remembered ids, which distinguish late records from those already counted. */
  readonly rememberedIds?: number
  /** Documents that are never read, because they lack the field by which documents are read. */
  readonly undatedDocuments?: number
  /** Files that a pattern matches and that are not read, because they are compressed. */
  readonly passedOverFiles?: number
  /** Bytes of files that are not read, because they may be copies of what was read. */
  readonly heldBackBytes?: number
  /** Share of the backfill that was read into minutes, 0 to 1. */
  readonly backfillProgress?: number
}

/** How a source is made ready: where it stood when its last transaction was committed. */
export interface SourceStart {
  readonly cursor: ReadonlyMap<string, Json>
  readonly signal: AbortSignal
  /**
   * Resolves when the state holds everything that was yielded so far, or reading ends. Absent where there is no state.
   */
  readonly committed?: () => Promise<void>
}

/** The body of a request with log records, as it was sent, without its compression. */
export interface Delivery {
  readonly encoding: 'protobuf' | 'json'
  readonly body: Uint8Array
}

/** What became of a delivery, once that is certain. */
export type Receipt =
  /** The state holds all of its records, by this delivery or an earlier one, except those that are malformed. */
  | { readonly outcome: 'committed'; readonly malformed: number }
  /** Nothing of it was taken, and nothing will be if it is repeated. */
  | { readonly outcome: 'malformed' | 'too_large'; readonly sentence: string }
  /** It cannot be taken now; the sender has to repeat it. What was taken of it is not taken twice. */
  | { readonly outcome: 'unavailable'; readonly sentence: string }

/**
 * A source yields raw records and keeps its own cursor and watermark. It knows nothing of their meaning.
 * `read` yields until the signal aborts; a consumer that is slow to ask for the next batch holds the source back.
 * Trouble with the input (file gone, no permission, server unavailable) is reported by `health`, and reading continues
 * when it is over.
 */
export interface Source {
  /** From the configuration, unique, the value of the `source` label. */
  readonly name: string
  /** The type of its kind in exporter/sources/registry.ts, the value of the `kind` label. */
  readonly kind: string
  /** True where the cursor belongs into the state database (a recording starts again each time). */
  readonly durable: boolean
  /** True where the records are synthetic (the demo); the page and the source's info metric say so. */
  readonly synthetic?: boolean
  /** True where records come hours apart by design, so that the time since the last one says nothing. */
  readonly isIntermittent?: boolean
  /** How much later than a record the source may still bring another one of the same event, milliseconds. */
  readonly horizon?: number
  read(start: SourceStart): AsyncIterable<Batch>
  /**
   * What happened before counting began, oldest first: for minutes only, never for counters. Its batches end; their
   * cursor is one of its own, apart from that of `read`, and given back where the reading was broken off. It is asked
   * for while `read` is under way and does not hold it up.
   */
  backfill?(start: SourceStart): AsyncIterable<Batch>
  /** Takes what a sender delivers, where the source is one to which records are sent. Its `read` yields them. */
  receive?(delivery: Delivery): Promise<Receipt>
  health(): SourceHealth
}
