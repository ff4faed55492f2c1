import type { CursorChange, SourceRecord } from '../../contracts/source.ts'

/** A part of what a look at the input brought: a batch of records that is taken in one turn. */
export interface Piece {
  readonly records: readonly SourceRecord[]
  /** Covers the records of this piece and of those before it, and no others. */
  readonly cursor: readonly CursorChange[]
  /** Of the last piece of a look: with one sentence if the input is unavailable, or a part of it is not read. */
  readonly end?: { readonly trouble?: string | undefined }
}

/** Where snapshots come from. A look is taken again and again, and brings each output once. */
export interface SnapshotInput {
  /** Its last piece has an `end`, unless the signal aborts. */
  look(signal: AbortSignal): AsyncIterable<Piece>
  /** How long before a look an event may have happened that a later one brings, milliseconds. */
  readonly lag: number
}

/** Records that are taken in before other work has its turn: some milliseconds. */
const PIECE_RECORDS = 250

/** Numbers of the records at which the pieces of an output begin, from this one on; one piece where there are none. */
export function pieceStarts(records: number, from = 0): readonly number[] {
  const pieces = Math.max(1, Math.ceil((records - from) / PIECE_RECORDS))
  return Array.from({ length: pieces }, (_, piece) => from + piece * PIECE_RECORDS)
}

export const pieceOf = <Value>(values: readonly Value[], start: number): readonly Value[] =>
  values.slice(start, start + PIECE_RECORDS)
