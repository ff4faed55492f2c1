import { setTimeout as timer } from 'node:timers/promises'
import type { EpochMs } from '../../../core/clock.ts'
import type { Batch, SourceRecord } from '../../contracts/source.ts'

export async function sleepUntilAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  await timer(milliseconds, undefined, { signal }).catch(() => undefined)
}

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
