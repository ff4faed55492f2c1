import { anomalyConstants } from '../constants.ts'

const { shapeWeight, shapeLimit, blockWeight, blockLimit, rawAtFifty } = anomalyConstants.fusion

/**
 * Fused surprise of a series: raw = max(A_count, A_silence, A_new) + ½·min(R, 12) + ½·min(A_20, 6). A sum, not a
 * maximum, because views that agree count more than the largest alone; not Fisher's rule, because the views are
 * dependent.
 */
export function fuseRaw(leading: number, shapeRaw: number, blockSurprise: number): number {
  return leading + shapePart(shapeRaw) + blockPart(blockSurprise)
}

/** The part of raw that the shape scorer brings. */
export function shapePart(shapeRaw: number): number {
  return shapeWeight * Math.min(shapeRaw, shapeLimit)
}

/** The part of raw that the block view brings. */
export function blockPart(blockSurprise: number): number {
  return blockWeight * Math.min(blockSurprise, blockLimit)
}

/**
 * Score from 0 to 100: 100·(1 − 2^(−raw/4)); 50 at raw 4, 75 at raw 8. Monotone, the same for every series, never
 * rewritten.
 */
export function scoreOf(raw: number): number {
  return 100 * (1 - 2 ** (-raw / rawAtFifty))
}
