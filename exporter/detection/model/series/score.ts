import { anomalyConstants } from '../constants.ts'

const { rawAtFifty } = anomalyConstants.fusion

/**
 * Score from 0 to 100: 100·(1 − 2^(−raw/4)); 50 at raw 4, 75 at raw 8. Monotone, the same for every series, never
 * rewritten.
 */
export function scoreOf(raw: number): number {
  return 100 * (1 - 2 ** (-raw / rawAtFifty))
}
