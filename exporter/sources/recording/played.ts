import type { EpochMs } from '../../../core/clock.ts'
import type { Batch, SourceRecord } from '../../contracts/source.ts'

/** A batch of a recording: nothing is skipped or lost, and nothing is remembered. */
export function playedBatch(records: readonly SourceRecord[], watermark: EpochMs): Batch {
  return {
    records,
    tally: { skipped: 0, undecoded: {}, lostBytes: 0 },
    cursor: [],
    watermark,
    caughtUp: true,
  }
}
