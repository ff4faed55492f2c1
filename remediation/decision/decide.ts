import type { EpochMs } from '../../core/clock.ts'
import { type ActionCounts, type Cap, exceededCap, type Limits } from '../domain/limits.ts'
import { blockStep, type Conditions, type Mode, type Playbook, type Verdict } from '../domain/playbook.ts'
import { parseTarget, type Target } from '../domain/target.ts'
import { blockLength, type Offences } from '../steps/block/escalation.ts'
import type { NeverBlock } from './never-block.ts'

/** What is known of an address beside the alert. */
export interface Knowledge {
  readonly verdict: Verdict
  readonly country?: string
}

/** Everything that a decision rests on. */
export interface Situation {
  readonly playbook: Playbook
  /** The value of the playbook's target label; undefined where the alert has none. */
  readonly targetText: string | undefined
  readonly knowledge: Knowledge
  readonly now: EpochMs
  readonly neverBlock: NeverBlock
  readonly limits: Limits
  readonly counts: ActionCounts
  readonly breakerOpen: boolean
  readonly offences: Offences
  /** A block in force that shares an address with the target. */
  readonly overlapping: string | undefined
  /** Set while a target that a person unblocked is left alone. */
  readonly softAllowed: boolean
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
] as const
export type Refusal = (typeof refusals)[number]

/**
 * `act`: now. `propose`: a person decides. `would`: observed only. `refuse`: nothing is done, and why.
 */
export type Decision =
  | { readonly outcome: 'refuse'; readonly reason: Refusal; readonly detail: string }
  | {
      readonly outcome: 'act' | 'propose' | 'would'
      /** The mode that held, after the breaker had its say. */
      readonly mode: Mode
      /** Set where the playbook blocks. */
      readonly block?: PlannedBlock
      /** Set where this decision opens the breaker: the cap that was met. */
      readonly opensBreaker?: Cap
    }

export interface PlannedBlock {
  readonly target: Target
  /** Milliseconds. */
  readonly length: number
}

/** Decides on one alert; nothing else decides. */
export function decide(situation: Situation): Decision {
  const { playbook, knowledge, limits, counts, breakerOpen } = situation
  const step = blockStep(playbook)
  const refused = step && targetRefusal(situation)
  if (refused !== undefined) return refused
  const unmet = unmetCondition(playbook.conditions, knowledge)
  if (unmet !== undefined) return refuse('condition_not_met', unmet)
  const planned = step === undefined ? {} : { block: plannedBlock(situation) }
  if (playbook.mode !== 'enforce') return { outcome: outcomes[playbook.mode], mode: playbook.mode, ...planned }
  if (breakerOpen) return { outcome: 'propose', mode: 'approve', ...planned }
  const cap = exceededCap(counts, limits, step !== undefined)
  if (cap !== undefined) return { outcome: 'propose', mode: 'approve', ...planned, opensBreaker: cap }
  return { outcome: 'act', mode: 'enforce', ...planned }
}

/** Decides anew what a person has approved: the caps by time and the conditions are the person's to overrule, the rest is not. */
export function decideApproved(situation: Situation): Decision {
  const { playbook, limits, counts } = situation
  if (blockStep(playbook) === undefined) return { outcome: 'act', mode: 'approve' }
  const refused = targetRefusal(situation)
  if (refused !== undefined) return refused
  if (counts.active >= limits.atOnce) return refuse('at_once_cap', `${counts.active} blocks are in force`)
  return { outcome: 'act', mode: 'approve', block: plannedBlock(situation) }
}

const outcomes = { observe: 'would', approve: 'propose' } as const

const refuse = (reason: Refusal, detail: string): Decision => ({ outcome: 'refuse', reason, detail })

/** Why this target is not blocked, whatever is known of it. */
export function targetRefusal(situation: Omit<Situation, 'knowledge'>): Decision | undefined {
  const { targetText, playbook, limits, neverBlock, overlapping, softAllowed } = situation
  if (targetText === undefined) return refuse('no_target', `the alert has no label ${playbook.targetLabel}`)
  const target = parseTarget(targetText)
  if (target === undefined) return refuse('target_invalid', `${playbook.targetLabel} holds no address`)
  const least = target.family === 4 ? limits.prefix4 : limits.prefix6
  if (target.prefix < least) return refuse('prefix_too_wide', `${target.text} is wider than /${least}`)
  const guarded = neverBlock.refusal(target)
  if (guarded !== undefined) return refuse('never_block', `${guarded.network} is never blocked: ${guarded.reason}`)
  if (softAllowed) return refuse('soft_allowed', `${target.text} was unblocked by a person`)
  if (overlapping !== undefined) return refuse('already_blocked', `${overlapping} is blocked`)
  return undefined
}

function plannedBlock({ playbook, targetText, offences, now }: Situation): PlannedBlock {
  const step = blockStep(playbook)
  const target = targetText === undefined ? undefined : parseTarget(targetText)
  if (step === undefined || target === undefined) throw new TypeError('a block needs a step and a target')
  return { target, length: blockLength(step, offences, now) }
}

function unmetCondition({ verdict, countries, notCountries }: Conditions, known: Knowledge): string | undefined {
  if (verdict !== undefined && !verdict.includes(known.verdict)) return `the verdict is ${known.verdict}`
  const country = known.country
  if (countries !== undefined && (country === undefined || !countries.includes(country))) {
    return `the country is ${country ?? 'not known'}`
  }
  return notCountries !== undefined && country !== undefined && notCountries.includes(country)
    ? `the country is ${country}`
    : undefined
}
