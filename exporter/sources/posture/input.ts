import type { CursorChange, SourceRecord } from '../../contracts/source.ts'

/** What one look at the input brought. */
export interface Look {
  readonly records: readonly SourceRecord[]
  readonly cursor: readonly CursorChange[]
  /** One sentence if the input is unavailable, or a part of it is not read. */
  readonly trouble?: string
}

/** Where snapshots come from. A look is taken again and again, and brings each output once. */
export interface SnapshotInput {
  look(signal: AbortSignal): Promise<Look>
  /** How long before a look an event may have happened that a later one brings, milliseconds. */
  readonly lag: number
}
