import type { EpochMs } from '../../../core/clock.ts'

/** How long a gateway may take to write a line into its file: it queues its lines. */
export const WRITE_DELAY_MS = 1_000

export interface FileProgress {
  /** True while lines are known to wait in the file. */
  readonly hasUnread: boolean
  /** The gateway's own time in the last line read; undefined before any was read. */
  readonly time: EpochMs | undefined
}

/**
 * Event time up to which everything in all files was delivered: the minimum over the files that still hold something,
 * else the clock at the last look. Never falls: where the clock was set back, it stays until the clock has passed it.
 */
export function advanceWatermark(before: EpochMs, files: Iterable<FileProgress>, lookedAt: EpochMs): EpochMs {
  let reached = lookedAt - WRITE_DELAY_MS
  for (const file of files) if (file.hasUnread) reached = Math.min(reached, file.time ?? before)
  return Math.max(before, reached)
}
