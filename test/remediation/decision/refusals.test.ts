import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { type Refusal, refusals } from '../../../remediation/decision/decide.ts'
import { review, type World } from '../../../remediation/decision/review.ts'
import type { Incident } from '../../../remediation/domain/incident.ts'
import type { Mode, Playbook } from '../../../remediation/domain/playbook.ts'

const NOW = 1_800_000_000_000
const COOLDOWN = HOUR_MS
const RANGE = 20 * MINUTE_MS

/** Nothing of what may refuse a target has passed. */
const still: World = {
  intelligence: () => ({ verdict: 'unknown' }),
  answersExpired: () => false,
  gracePeriodUntil: () => NOW + 365 * DAY_MS,
  isBlocked: () => true,
  hasBlockRoom: () => false,
  canAct: () => false,
  canPropose: () => false,
}

/** What has passed at a delivery. */
interface Passing {
  readonly world?: Partial<World>
  /** Milliseconds since the refusal. */
  readonly after?: number
}

const every = ['observe', 'approve', 'enforce'] as const

/** Everything that may pass, by name; each alone. */
const passings = {
  'time alone': { after: 30 * DAY_MS },
  'the cooldown': { after: COOLDOWN },
  'the grace period of the target': { world: { gracePeriodUntil: () => NOW } },
  'the block of the target': { world: { isBlocked: () => false } },
  'the lack of room for blocks': { world: { hasBlockRoom: () => true } },
  'the lack of room for actions': { world: { canAct: () => true } },
  'the lack of room for approvals': { world: { canPropose: () => true } },
  'what the lists say': { world: { intelligence: () => ({ verdict: 'malicious' }) } },
  'the answer of a provider': { world: { answersExpired: () => true } },
} as const satisfies Record<string, Passing>
type PassingName = keyof typeof passings

/** For each reason of refusal: what of the above leads to another decision on an alert that goes on, and in which modes. */
const again: Readonly<Record<Refusal['reason'], Partial<Record<PassingName, readonly Mode[]>>>> = {
  no_target: {},
  target_invalid: {},
  prefix_too_wide: {},
  never_block: {},
  soft_allowed: { 'the grace period of the target': every },
  already_blocked: { 'the block of the target': every },
  at_once_cap: { 'the lack of room for blocks': every },
  condition_not_met: { 'what the lists say': every, 'the answer of a provider': every },
  approvals_full: { 'the lack of room for actions': ['enforce'], 'the lack of room for approvals': every },
  plan_failed: { 'time alone': every, 'the cooldown': every },
}

function outcomeOf(reason: Refusal['reason'], mode: Mode, { world = {}, after = 0 }: Passing): string {
  const playbook: Playbook = {
    name: 'brute-force',
    mode,
    match: {},
    targetLabel: 'source_ip',
    conditions: { verdict: ['malicious'] },
    steps: [],
    cooldown: COOLDOWN,
    alertRange: RANGE,
  }
  const last: Incident = {
    id: 'a1',
    playbook: playbook.name,
    target: '192.0.2.1',
    state: 'refused',
    createdAt: NOW,
    updatedAt: NOW,
    closesAt: NOW + COOLDOWN,
    alerts: 1,
    alert: { status: 'firing', fingerprint: 'f', startsAt: '2026-11-24T00:00:00Z', labels: {}, annotations: {} },
    facts: { evidence: { verdict: 'unknown', findings: [] }, reason },
  }
  const now = NOW + after
  return review(last, { playbook, isNew: false, hasEnded: false }, now, () => ({ ...still, ...world })).outcome
}

describe('a target that was refused, whose alert goes on', () => {
  it.each(refusals)('is decided on again after %s when what refused it has passed, and by nothing else', reason => {
    const found = Object.entries(passings).flatMap(([name, passing]) => {
      const modes = every.filter(mode => outcomeOf(reason, mode, passing) === 'another')
      return modes.length === 0 ? [] : [[name, modes]]
    })
    expect(Object.fromEntries(found)).toEqual(again[reason])
  })
})
