import type { EpochMs } from '../../core/clock.ts'
import { parseTarget, type Target } from '../../core/net/target.ts'
import { lengthText } from '../../core/time/duration.ts'
import type { Offences } from '../domain/block.ts'
import type { Intelligence } from '../domain/evidence.ts'
import {
  type ActionCounts,
  type Ahead,
  approvalRoom,
  type Cap,
  exceededCap,
  hasActionShare,
  type Limits,
} from '../domain/limits.ts'
import type { Conditions, Mode, Playbook, StepConfig } from '../domain/playbook.ts'
import type { CompiledAllowlist } from './compile-allowlist.ts'

/** A network that is blocked in place of one of its hosts, where several of them offended. */
export interface HostNetwork {
  readonly target: Target
  readonly offences: Offences
  /** When other hosts of it offended last, the latest first; as many as it takes. */
  readonly others: readonly EpochMs[]
  /** Hosts that must have offended, that of the alert included. */
  readonly hosts: number
}

/** Everything that a decision rests on. */
export interface DecisionInput {
  readonly playbook: Playbook
  /** The value of the playbook's target label; undefined where the alert has none. */
  readonly targetText: string | undefined
  readonly intelligence: Intelligence
  readonly now: EpochMs
  readonly allowlist: CompiledAllowlist
  readonly limits: Limits
  readonly counts: ActionCounts
  /** Who has precedence for the next approval that may wait. */
  readonly ahead: Ahead
  readonly breakerOpen: boolean
  readonly offences: Offences
  /** What may be blocked in place of the target. */
  readonly network?: HostNetwork
  /** A block in force for which the target cannot be blocked: it covers the target, or is of a network in it. */
  readonly overlapping: string | undefined
  /** True for the alert range of the playbook after such a block expired: the alert may count what happened before it. */
  readonly inQuietTime: boolean
  /** Set while a target that a person unblocked is left alone. */
  readonly inGracePeriod: boolean
}

export const refusals = [
  'no_target',
  'target_invalid',
  'prefix_too_wide',
  'never_block',
  'soft_allowed',
  'already_blocked',
  'at_once_cap',
  'condition_not_met',
  'approvals_full',
  'plan_failed',
] as const

/** Why nothing is done. */
export interface Refusal {
  readonly reason: (typeof refusals)[number]
  readonly detail: string
}

/** What a step of the playbook would do. */
export interface PlannedStep {
  readonly type: string
  /** The plan of the step's kind, as data. */
  readonly plan: unknown
  /** True where the step blocks its target: the cap on blocks at once applies. */
  readonly blocksTarget: boolean
}

/** Plans a step by its kind (remediation/steps/); pure. */
export type PlanStep = (step: StepConfig, input: DecisionInput) => PlannedStep | Refusal

/**
 * `act`: now. `propose`: a person decides. `dry_run`: only recorded. `refuse`: nothing is done, and why.
 */
export type Decision =
  | ({ readonly outcome: 'refuse' } & Refusal)
  | {
      readonly outcome: 'act' | 'propose' | 'dry_run'
      /** The mode that applies, after the breaker was taken into account. */
      readonly mode: Mode
      /** One for each step of the playbook, in its order. */
      readonly steps: readonly PlannedStep[]
      /** Set where this decision opens the breaker: the cap that was met. */
      readonly opensBreaker?: Cap
    }

/** Decides on one alert. `decideApproved` decides again when a person has approved; nothing else decides. */
export function decide(input: DecisionInput, planStep: PlanStep): Decision {
  const { playbook, intelligence, limits, counts, breakerOpen } = input
  const steps = planSteps(input, planStep)
  if ('reason' in steps) return refuse(steps)
  const unmet = unmetCondition(playbook.conditions, intelligence)
  if (unmet !== undefined) return refuse({ reason: 'condition_not_met', detail: unmet })
  if (playbook.mode === 'observe') return { outcome: 'dry_run', mode: 'observe', steps }
  if (playbook.mode === 'approve' || breakerOpen) return propose(input, { steps })
  const cap = exceededCap(counts, limits, blocks(steps))
  if (cap !== undefined) return propose(input, { steps, opensBreaker: cap })
  // One network's share opens no breaker: whoever is in other networks is decided on as before.
  return hasActionShare(counts, limits) ? propose(input, { steps }) : { outcome: 'act', mode: 'enforce', steps }
}

/**
 * Decides again on what a person has approved, who may overrule the conditions, the quiet time and the caps by time, and
 * nothing else.
 */
export function decideApproved(input: DecisionInput, planStep: PlanStep): Decision {
  const { limits, counts } = input
  const steps = planSteps({ ...input, inQuietTime: false }, planStep)
  if ('reason' in steps) return refuse(steps)
  if (blocks(steps) && counts.active >= limits.atOnce) {
    return refuse({ reason: 'at_once_cap', detail: `${counts.active} blocks are in force` })
  }
  return { outcome: 'act', mode: 'approve', steps }
}

/** The plan of every step, or the first refusal: a playbook is carried out as a whole or not at all. */
export function planSteps(input: DecisionInput, planStep: PlanStep): readonly PlannedStep[] | Refusal {
  const planned: PlannedStep[] = []
  for (const step of input.playbook.steps) {
    const plan = planStep(step, input)
    if ('reason' in plan) return plan
    planned.push(plan)
  }
  return planned
}

/** Why this target is not blocked, whatever is known of it; the target where it may be. */
export function blockableTarget(input: DecisionInput): Target | Refusal {
  const { targetText, playbook, limits, allowlist, overlapping, inQuietTime, inGracePeriod } = input
  if (targetText === undefined) {
    return { reason: 'no_target', detail: `the alert has no label ${playbook.targetLabel}` }
  }
  const target = parseTarget(targetText)
  if (target === undefined)
    return { reason: 'target_invalid', detail: `the label ${playbook.targetLabel} contains no address` }
  const least = target.family === 4 ? limits.prefix4 : limits.prefix6
  if (target.prefix < least) return { reason: 'prefix_too_wide', detail: `${target.text} is wider than /${least}` }
  const guarded = allowlist.matchingProtection(target)
  if (guarded !== undefined) {
    return { reason: 'never_block', detail: `${guarded.network} is never blocked: ${guarded.reason}` }
  }
  if (inGracePeriod) return { reason: 'soft_allowed', detail: `${target.text} was unblocked by an operator` }
  if (overlapping !== undefined) return { reason: 'already_blocked', detail: `${overlapping} is blocked` }
  if (inQuietTime) {
    const range = lengthText(playbook.alertRange)
    return { reason: 'already_blocked', detail: `a block of ${target.text} expired less than ${range} ago` }
  }
  return target
}

const refuse = (refusal: Refusal): Decision => ({ outcome: 'refuse', ...refusal })

const blocks = (steps: readonly PlannedStep[]): boolean => steps.some(({ blocksTarget }) => blocksTarget)

/** More proposals than a person can read are refused. */
function propose(
  { counts, ahead, limits }: DecisionInput,
  planned: { readonly steps: readonly PlannedStep[]; readonly opensBreaker?: Cap },
): Decision {
  if (approvalRoom(counts, limits, ahead) === 0) {
    const { own, proposed } = counts
    const others = ahead.networks + ahead.own > 0 ? ', and others have precedence' : ''
    const detail = `approvals are pending for ${proposed} other networks and for ${own.proposed} addresses of its own${others}`
    return refuse({ reason: 'approvals_full', detail })
  }
  return { outcome: 'propose', mode: 'approve', ...planned }
}

/** The first condition that does not hold for what is known of an address, in a few words. */
export function unmetCondition(
  { verdict, countries, notCountries }: Conditions,
  known: Intelligence,
): string | undefined {
  if (verdict !== undefined && !verdict.includes(known.verdict)) return `the verdict is ${known.verdict}`
  const country = known.country
  if (countries !== undefined && (country === undefined || !countries.includes(country))) {
    return `the country is ${country ?? 'unknown'}`
  }
  // An exclusion that cannot be judged excludes.
  return notCountries !== undefined && (country === undefined || notCountries.includes(country))
    ? `the country is ${country ?? 'unknown'}`
    : undefined
}
