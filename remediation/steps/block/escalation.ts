import type { EpochMs } from '../../../core/clock.ts'
import type { DecisionInput, HostNetwork } from '../../decision/decide.ts'
import type { Offences } from '../../domain/block.ts'

/** How long an address is blocked, and when it starts at the first length again. All in milliseconds. */
export interface Ladder {
  /** Length of the first block, the second, and so on; the last for all that follow. */
  readonly ttl: readonly number[]
  /** An address without an offence for so long after its last block starts at the first length again. */
  readonly reset_after: number
}

/** Length of the next block, milliseconds: one rung up for each block before, the first after a quiet time. */
export function blockLength({ ttl, reset_after }: Ladder, offences: Offences, now: EpochMs): number {
  const rung = now - offences.last >= reset_after ? 0 : offences.count
  return ttl[Math.min(rung, ttl.length - 1)] ?? 0
}

/**
 * The offences after one more block.
 *
 * @param resetAfter quiet time after which counting starts at 1 again, milliseconds
 * @param length of that block, milliseconds
 */
export function nextOffences(resetAfter: number, offences: Offences, now: EpochMs, length: number): Offences {
  return { count: now - offences.last >= resetAfter ? 1 : offences.count + 1, last: now + length }
}

/** The network to be blocked in place of a host: enough of its hosts offended, and for none of them that is over. */
export function offendingNetwork(
  { reset_after }: Pick<Ladder, 'reset_after'>,
  { network, now }: DecisionInput,
): HostNetwork | undefined {
  const offenders = network?.others.filter(last => now - last < reset_after) ?? []
  return network !== undefined && offenders.length >= network.hosts - 1 ? network : undefined
}
