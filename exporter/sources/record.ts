import type { EpochMs } from '../../core/clock.ts'

/** One raw record as a source read it, not yet understood. */
export interface RawRecord {
  /** Stable and unique within the source: the same record read again has the same id. */
  readonly id: string
  /** A line of text (`file`, `recording`) or a document (`elasticsearch`). */
  readonly body: string | Readonly<Record<string, unknown>>
  /** When the store took it, where it says so. */
  readonly ingestTime?: EpochMs
  /** The gateway that the source knows the record to come from (configured, or captured from the file's path). */
  readonly gateway?: string
  /** An event of an earlier time is older than the installation: it is taken in as backfill and moves no counter. */
  readonly countsFrom?: EpochMs
}
