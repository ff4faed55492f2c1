import type { EpochMs } from '../../core/clock.ts'
import { parseTarget } from '../../core/net/target.ts'
import type { Policy } from '../decision/policy.ts'
import type { World } from '../decision/review.ts'
import type { Incident } from '../domain/incident.ts'
import {
  type ActionCounts,
  type Ahead,
  approvalRoom,
  exceededCap,
  hasActionShare,
  type Limits,
  noneAhead,
} from '../domain/limits.ts'
import type { Playbook } from '../domain/playbook.ts'
import { type EnrichmentSources, knownNow } from '../enrichment/gather.ts'
import type { Breaker } from '../store/breaker.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Room } from '../store/waiting-list.ts'

export interface WorldOptions {
  readonly ledger: Ledger
  readonly policy: Policy
  readonly breaker: Breaker
  readonly enrichment: EnrichmentSources
}

/**
 * The present, as far as the review of an incident asks about it. What was received for the first time and is not decided
 * yet is assumed to take the room that there is.
 *
 * @param last the incident of the playbook and target that is open, or was closed last, with the alert as it was delivered now
 */
export function worldOf(
  last: Incident,
  { alertRange }: Playbook,
  now: EpochMs,
  { ledger, policy, breaker, enrichment }: WorldOptions,
): World {
  const { limits } = policy
  const target = parseTarget(last.target)
  const counts = () => ledger.blocks.counts(last.target, now, breaker.countsFrom)
  /** What is left when those with precedence have their places. */
  const roomBeside = (of: Room['of'], room: (counts: ActionCounts, limits: Limits, ahead: Ahead) => number): number => {
    const counted = counts()
    const limit = room(counted, limits, noneAhead)
    return room(counted, limits, ledger.waiting.ahead(last, now, { of, limit }))
  }
  const isLeft = (room: number) => room > ledger.waiting.undecidedBeside(room)
  return {
    intelligence: () => knownNow(target, last.facts.evidence, enrichment),
    answersExpired: () => now >= last.updatedAt + (last.facts.evidence.validFor ?? Number.POSITIVE_INFINITY),
    gracePeriodUntil: () => (target === undefined ? undefined : ledger.blocks.gracePeriodUntil(target, now)),
    isBlocked: () =>
      target !== undefined &&
      (ledger.blocks.overlapping(target, true) !== undefined ||
        ledger.blocks.lastExpiry(target, now - alertRange) !== undefined),
    hasBlockRoom: () => ledger.blocks.count() < limits.atOnce,
    canAct: () => breaker.state(now) === undefined && isLeft(roomBeside('action', actionRoom)),
    canPropose: () => isLeft(roomBeside('approval', approvalRoom)),
  }
}

/**
 * Networks against which an action may begin before a limit is met, when those with precedence have had theirs; 0 where
 * the target's network has its share.
 */
function actionRoom(counts: ActionCounts, limits: Limits, ahead: Ahead): number {
  if (exceededCap(counts, limits, true) !== undefined || hasActionShare(counts, limits, ahead)) return 0
  const { minute, hour, active } = counts
  return Math.min(limits.perMinute - minute, limits.perHour - hour, limits.atOnce - active) - ahead.networks
}
