import { DAY_MS, type EpochMs } from '../../../core/clock.ts'

/** Ingest times further ahead than this are never read: a writer that makes them up must not fill the memory. */
export const MAX_CLOCK_LEAD = 30 * DAY_MS

/** Documents whose ingest time lies in (after, through] are read by one sweep. */
export interface Window {
  readonly after: EpochMs
  readonly through: EpochMs
}

/** State of the index when the next window is chosen. */
export interface Frontier {
  /** Ingest time up to which everything visible has been read. */
  readonly swept: EpochMs
  /** Ingest time that is reached: the newest in the index, and the time since it last changed. */
  readonly come: EpochMs
  /** The reader's clock. */
  readonly now: EpochMs
}

export interface FrontierRules {
  /** How long a document may take from its ingest time until it can be searched. */
  readonly lag: number
  /** A document may be dated this far ahead of the reader's clock; what is further ahead waits until its time comes. */
  readonly maxSkew: number
}

/**
 * What can be read now, or undefined when there is nothing safe to read yet.
 *
 * The upper bound follows the newest ingest time seen, not the reader's clock: a reader whose clock is ahead of the
 * shippers' would otherwise pass documents that are still to come.
 */
export function partToCome({ swept, come, now }: Frontier, { lag, maxSkew }: FrontierRules): Window | undefined {
  const through = Math.min(Math.floor(come - lag), now + maxSkew)
  return through > swept ? { after: swept, through } : undefined
}
