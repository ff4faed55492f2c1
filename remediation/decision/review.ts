import type { EpochMs } from '../../core/clock.ts'
import type { Intelligence } from '../domain/evidence.ts'
import type { Incident, IncidentFacts, IncidentState } from '../domain/incident.ts'
import type { Playbook } from '../domain/playbook.ts'
import { type Refusal, refusals, unmetCondition } from './decide.ts'

/** Where an incident is, as far as another decision on its target is concerned: why the last one refused, or its state. */
export type Standing =
  | Refusal['reason']
  | 'undecided'
  | 'in_force'
  | 'pending_approval'
  | 'cooldown'
  | 'block_expired'
  | 'proposal_lapsed'
  | 'rejected'
  | 'unblocked'
  | 'playbook_removed'

/** Why a delivery leads to no decision. */
export type DuplicateReason = Standing | 'resolved'

/** What a review asks about the present; asked only where a row of `reviews` needs it. */
export interface World {
  /** What is known of the target now, without a query to a provider. */
  intelligence(): Intelligence
  /** True where another query may have another answer than the last decision rested on. */
  answersExpired(): boolean
  /** When the time ends for which a person unblocked the target. */
  gracePeriodUntil(): EpochMs | undefined
  /** True while a block is in force that shares an address with the target, and for the alert range after it expired. */
  isBlocked(): boolean
  /** True where a block more may be in force. */
  hasBlockRoom(): boolean
  /** True where the breaker is closed, one more action exceeds no limit, and nobody with precedence waits for it. */
  canAct(): boolean
  /** True where one more approval may wait, and nobody with precedence waits for it. */
  canPropose(): boolean
}

/** The incidents of a playbook and target, as far as they matter: the one that is open, or was closed last. */
export type History = Incident | undefined

export interface ReviewedDelivery {
  readonly playbook: Playbook
  /** False where an alert with this fingerprint and start was delivered before. */
  readonly isNew: boolean
  /** True where that alert is known to have ended: the delivery is late. */
  readonly hasEnded: boolean
}

interface ReviewFacts {
  readonly last: Incident
  readonly playbook: Playbook
  readonly now: EpochMs
  readonly world: World
}

/**
 * When a delivery of an alert that still fires is decided on again. Both that are given must have come: the time, and
 * the condition.
 */
interface When {
  /** Recorded as the reason of the decision. */
  readonly because: string
  readonly until?: (facts: ReviewFacts) => EpochMs | undefined
  readonly condition?: (facts: ReviewFacts) => boolean
  /** True where the incident itself is decided on; else another one follows it. */
  readonly same?: true
}

/**
 * `never`: only an alert that begins after the incident was closed. `waits`: no alert at all, until the incident is in
 * another standing.
 */
type Rule = When | 'never' | 'waits'

/** Why a proposal is carried out that no person has approved. */
export const BREAKER_CLOSED = 'breaker_closed'

const closed = ({ last }: ReviewFacts): EpochMs | undefined => last.closesAt
/** When what an alert counts happened after the incident had its state. */
const decayed = ({ last, playbook }: ReviewFacts): EpochMs => last.updatedAt + playbook.alertRange
const hasRoom = ({ playbook, world }: ReviewFacts): boolean =>
  (playbook.mode === 'enforce' && world.canAct()) || world.canPropose()

/** Every standing, and when its target is decided on again. A new reason of refusal needs a row. */
export const reviews: Readonly<Record<Standing, Rule>> = {
  no_target: 'never',
  target_invalid: 'never',
  prefix_too_wide: 'never',
  never_block: 'never',
  soft_allowed: { because: 'soft_allow_over', until: ({ world }) => world.gracePeriodUntil() },
  already_blocked: { because: 'block_ended', condition: ({ world }) => !world.isBlocked() },
  // A defect of the program: not one attempt for each delivery.
  plan_failed: { because: 'cooldown_over', until: facts => Math.max(closed(facts) ?? 0, decayed(facts)) },
  at_once_cap: { because: 'room', condition: ({ world }) => world.hasBlockRoom() },
  condition_not_met: {
    because: 'evidence_renewed',
    condition: ({ playbook, world }) =>
      world.answersExpired() || unmetCondition(playbook.conditions, world.intelligence()) === undefined,
  },
  approvals_full: { because: 'room', condition: hasRoom },
  undecided: 'waits',
  in_force: 'waits',
  pending_approval: {
    because: BREAKER_CLOSED,
    condition: ({ playbook, world }) => playbook.mode === 'enforce' && world.canAct(),
    same: true,
  },
  cooldown: { because: 'cooldown_over', until: facts => Math.max(closed(facts) ?? 0, decayed(facts)) },
  block_expired: { because: 'block_expired', until: closed },
  proposal_lapsed: { because: 'proposal_lapsed', until: closed, condition: hasRoom },
  rejected: { because: 'cooldown_over', until: closed },
  unblocked: {
    because: 'soft_allow_over',
    until: facts => Math.max(closed(facts) ?? 0, facts.world.gracePeriodUntil() ?? 0),
  },
  playbook_removed: { because: 'playbook_restored' },
}

/** A refusal stands where its reason is; every other state is a standing. */
const standings: Readonly<Record<Exclude<IncidentState, 'refused'>, Standing>> = {
  received: 'undecided',
  proposed: 'pending_approval',
  blocking: 'in_force',
  blocked: 'in_force',
  acting: 'in_force',
  done: 'cooldown',
  requested: 'cooldown',
  failed: 'cooldown',
  observed: 'cooldown',
  undone: 'cooldown',
  expired: 'block_expired',
  lapsed: 'proposal_lapsed',
  rejected: 'rejected',
  unblocked: 'unblocked',
}

/** `another`: an incident follows, with what it keeps. `same`: the open incident is decided on once more. */
export type Review =
  | { readonly outcome: 'another'; readonly following: Partial<IncidentFacts> }
  | { readonly outcome: 'same' }
  | { readonly outcome: 'duplicate'; readonly reason: DuplicateReason }

/**
 * Decides whether the delivery of a firing alert leads to a decision; pure. Nothing but a delivery does.
 *
 * @param worldOf the present, as far as it concerns an incident
 */
export function review(
  last: History,
  delivery: ReviewedDelivery,
  now: EpochMs,
  worldOf: (last: Incident) => World,
): Review {
  const { playbook, isNew, hasEnded } = delivery
  if (last === undefined) return { outcome: 'another', following: {} }
  const standing = standingOf(last)
  const rule = reviews[standing]
  const isClosed = last.closesAt !== undefined && last.closesAt <= now
  if (rule !== 'waits' && isNew && isClosed) return another(last, 'new_alert')
  if (hasEnded) return { outcome: 'duplicate', reason: 'resolved' }
  if (typeof rule === 'string' || !isDue(rule, { last, playbook, now, world: worldOf(last) })) {
    return { outcome: 'duplicate', reason: standing }
  }
  return rule.same ? { outcome: 'same' } : another(last, rule.because)
}

function isDue({ until, condition }: When, facts: ReviewFacts): boolean {
  const time = until?.(facts)
  if (time !== undefined && facts.now < time) return false
  return condition === undefined || condition(facts)
}

export function standingOf({ state, facts: { reason } }: Incident): Standing {
  if (state !== 'refused') return standings[state]
  return refusals.find(known => known === reason) ?? 'playbook_removed'
}

/** What a following incident keeps: of a target on which nothing was done, also how often people were asked. */
function another({ id, state, facts, createdAt }: Incident, because: string): Review {
  const { lapses, thread = state === 'lapsed' ? id : undefined, since = createdAt } = facts
  const asked =
    state === 'lapsed' || state === 'refused'
      ? { ...(lapses === undefined ? {} : { lapses }), ...(thread === undefined ? {} : { thread }) }
      : {}
  const waited = state === 'refused' && facts.reason === 'approvals_full' ? { since } : {}
  return { outcome: 'another', following: { previous: id, because, ...asked, ...waited } }
}
