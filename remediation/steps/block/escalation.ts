import type { EpochMs } from '../../../core/clock.ts'
import type { BlockStep } from '../../domain/playbook.ts'

/** How often a target was blocked, and until when. */
export interface Offences {
  readonly count: number
  /** End of the last block as it was decided: who is blocked cannot offend, so the quiet time begins there. */
  readonly last: EpochMs
}

export const noOffences: Offences = { count: 0, last: 0 }

/** How long the next block lasts, milliseconds: one rung up for each block before, from the first again after a quiet time. */
export function blockLength({ ladder, resetAfter }: BlockStep, offences: Offences, now: EpochMs): number {
  const rung = now - offences.last >= resetAfter ? 0 : offences.count
  return ladder[Math.min(rung, ladder.length - 1)] ?? 0
}

/**
 * The offences after one more block.
 *
 * @param length of that block, milliseconds
 */
export function nextOffences({ resetAfter }: BlockStep, offences: Offences, now: EpochMs, length: number): Offences {
  return { count: now - offences.last >= resetAfter ? 1 : offences.count + 1, last: now + length }
}
