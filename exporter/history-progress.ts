import type { Logger } from '../service/log/logger.ts'

/** Told how far the past of a source has been read, 0 to 1; 1 is told once, at its end. */
export type HistoryProgress = (source: string, share: number) => void

const STEP = 0.1

/** A line of the log for each tenth that has been read: where nobody watches a terminal. */
export function loggedProgress(logger: Pick<Logger, 'info'>): HistoryProgress {
  const told = new Map<string, number>()
  return (source, share) => {
    const before = told.get(source)
    if (share === 1 || (before !== undefined && share < before + STEP)) return
    told.set(source, share)
    logger.info(`${Math.floor(share * 100)} % of the backfill is read.`, { source })
  }
}
