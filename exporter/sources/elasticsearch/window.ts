import type { EpochMs } from '../../../core/clock.ts'

/** Documents whose ingest time lies in (after, through] are read by one sweep. */
export interface Window {
  readonly after: EpochMs
  readonly through: EpochMs
}

/** What is known of the index when the next window is chosen. */
export interface Frontier {
  /** Ingest time up to which everything visible has been read. */
  readonly swept: EpochMs
  /** Ingest time that has come: the newest in the index, and what passed since it stands still. */
  readonly come: EpochMs
  /** The reader's clock. */
  readonly now: EpochMs
}

export interface WindowRules {
  /** How long a document may take from its ingest time until it can be searched. */
  readonly lag: number
  /** A document may be dated this far ahead of the reader's clock; what is further ahead waits until its time comes. */
  readonly maxSkew: number
  /** Widest window of one sweep, so that catching up commits as it goes. */
  readonly width: number
}

/**
 * The next window, or undefined when there is nothing safe to read yet.
 *
 * The upper bound follows the newest ingest time seen, not the reader's clock: a reader whose clock is ahead of the
 * shippers' would otherwise pass documents that are still to come.
 */
export function nextWindow({ swept, come, now }: Frontier, rules: WindowRules): Window | undefined {
  const through = Math.min(Math.floor(come - rules.lag), now + rules.maxSkew, swept + rules.width)
  return through > swept ? { after: swept, through } : undefined
}

/** The width that would have held about `target` documents at the pace of the last sweep; within the bounds. */
export function adaptWidth(width: number, documents: number, target: number, least: number, most: number): number {
  const ideal = documents === 0 ? width * 4 : (width * target) / documents
  return Math.round(Math.min(most, Math.max(least, Math.min(ideal, width * 4))))
}
