import type { Logger } from '../service/log/logger.ts'

/** Called with the share of the backfill of a source that has been read, 0 to 1; with 1 once, at its end. */
export type BackfillProgress = (source: string, share: number) => void

const STEP = 0.1

/** A line of the log for each tenth that has been read, for when there is no terminal. */
export function loggedProgress(logger: Pick<Logger, 'info'>): BackfillProgress {
  const logged = new Map<string, number>()
  return (source, share) => {
    const before = logged.get(source)
    if (share === 1 || (before !== undefined && share < before + STEP)) return
    logged.set(source, share)
    logger.info(`${Math.floor(share * 100)} % of the backfill is read.`, { source })
  }
}
