/** The growth of pauses between attempts. */
export interface BackOffShape {
  /** The first pause, milliseconds. */
  readonly first: number
  /** The longest pause, milliseconds. */
  readonly longest: number
  /** The share of a pause that is random, 0 to 1, so that many clients of one server do not return at the same time. */
  readonly spread: number
}

/**
 * Milliseconds to wait before the next attempt: twice as long after each failure, up to the longest.
 *
 * @param failures in a row before the one that is waited for, from 0
 * @param random between 0 (the full pause) and 1 (the shortest)
 */
export function backOff({ first, longest, spread }: BackOffShape, failures: number, random: number): number {
  return Math.min(longest, first * 2 ** Math.min(failures, 20)) * (1 - spread * random)
}
