import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'
import { compileAllowlist, privateRanges } from '../../../remediation/decision/compile-allowlist.ts'
import type { DecisionInput } from '../../../remediation/decision/decide.ts'
import * as deciding from '../../../remediation/decision/decide.ts'
import { noneAhead } from '../../../remediation/domain/limits.ts'
import type { Mode, Playbook } from '../../../remediation/domain/playbook.ts'
import { createStepRegistry, type ShippedStep } from '../../../remediation/steps/registry.ts'

const block: ShippedStep = { type: 'block', ttl: [HOUR_MS, 6 * HOUR_MS, DAY_MS], reset_after: 7 * DAY_MS }

const playbook: Playbook = {
  name: 'mtls-unknown-source',
  mode: 'enforce',
  match: {},
  targetLabel: 'source_ip',
  conditions: { verdict: ['malicious'] },
  steps: [block],
  cooldown: HOUR_MS,
  alertRange: HOUR_MS / 4,
}

const { planStep } = createStepRegistry()
const decide = (input: DecisionInput) => deciding.decide(input, planStep)
const decideApproved = (input: DecisionInput) => deciding.decideApproved(input, planStep)

const now = 1_800_000_000_000

/** Counts of other networks where the target's own has done nothing. */
type Counts = Omit<DecisionInput['counts'], 'own'> & Partial<Pick<DecisionInput['counts'], 'own'>>
type Changes = Partial<Omit<DecisionInput, 'counts'>> & { readonly counts?: Counts }

const none = { minute: 0, hour: 0, proposed: 0 }

const input = ({ counts, ...changes }: Changes = {}): DecisionInput => ({
  playbook,
  targetText: '192.0.2.1',
  intelligence: { verdict: 'malicious' },
  now,
  allowlist: compileAllowlist(privateRanges),
  limits: { perMinute: 10, perHour: 100, atOnce: 1_000, prefix4: 32, prefix6: 128, waitingApprovals: 5 },
  counts: { own: none, ...(counts ?? { minute: 0, hour: 0, active: 0, proposed: 0 }) },
  ahead: noneAhead,
  breakerOpen: false,
  offences: { count: 0, last: 0 },
  overlapping: undefined,
  inQuietTime: false,
  inGracePeriod: false,
  ...changes,
})

const request = (destination: string): ShippedStep => ({ type: 'request', destination })

const inMode = (mode: Mode): Playbook => ({ ...playbook, mode })

describe('a decision', () => {
  it('blocks a malicious address for the first length of the ladder', () => {
    expect(decide(input())).toMatchObject({
      outcome: 'act',
      mode: 'enforce',
      steps: [{ type: 'block', plan: { length: HOUR_MS } }],
    })
  })

  it.each([
    ['no_target', { targetText: undefined }],
    ['target_invalid', { targetText: 'evil.example' }],
    ['prefix_too_wide', { targetText: '192.0.2.0/24' }],
    ['prefix_too_wide', { targetText: '0.0.0.0/0' }],
    ['never_block', { targetText: '10.0.0.1' }],
    ['soft_allowed', { inGracePeriod: true }],
    ['already_blocked', { overlapping: '192.0.2.1' }],
    ['already_blocked', { inQuietTime: true }],
    ['condition_not_met', { intelligence: { verdict: 'unknown' } }],
    ['condition_not_met', { intelligence: { verdict: 'benign' } }],
  ] as const)('refuses with %s where %j', (reason, changes) => {
    expect(decide(input(changes))).toMatchObject({ outcome: 'refuse', reason })
  })

  it('only records in mode observe, and asks an operator in mode approve', () => {
    expect(decide(input({ playbook: inMode('observe') })).outcome).toBe('dry_run')
    expect(decide(input({ playbook: inMode('approve') })).outcome).toBe('propose')
  })

  it.each([
    ['per_minute', { minute: 10, hour: 10, active: 10, proposed: 0 }],
    ['per_hour', { minute: 0, hour: 100, active: 10, proposed: 0 }],
    ['at_once', { minute: 0, hour: 0, active: 1_000, proposed: 0 }],
  ] as const)('opens the breaker and asks an operator at the cap %s', (opensBreaker, counts) => {
    expect(decide(input({ counts }))).toMatchObject({ outcome: 'propose', mode: 'approve', opensBreaker })
  })

  it('refuses a proposal where as many wait as a person can read, whatever asks for it', () => {
    const counts = { minute: 0, hour: 0, active: 0, proposed: 5 }
    const full = { outcome: 'refuse', reason: 'approvals_full' }
    expect(decide(input({ playbook: inMode('approve'), counts }))).toMatchObject(full)
    expect(decide(input({ breakerOpen: true, counts }))).toMatchObject(full)
    expect(decide(input({ counts: { ...counts, minute: 10 } }))).toMatchObject(full)
    expect(decide(input({ counts })).outcome).toBe('act')
  })

  it('asks an operator while the breaker is open', () => {
    expect(decide(input({ breakerOpen: true }))).toMatchObject({ outcome: 'propose', mode: 'approve' })
  })

  it.each([
    [0, HOUR_MS],
    [1, 6 * HOUR_MS],
    [2, DAY_MS],
    [9, DAY_MS],
  ])('after %i offences blocks for %i ms', (count, length) => {
    const offences = { count, last: now - DAY_MS }
    expect(decide(input({ offences }))).toMatchObject({ steps: [{ plan: { length } }] })
  })

  it('begins the ladder anew after a quiet time', () => {
    const offences = { count: 9, last: now - 7 * DAY_MS }
    expect(decide(input({ offences }))).toMatchObject({ steps: [{ plan: { length: HOUR_MS } }] })
  })

  it('lets a country be a condition, and an unknown country satisfy none, an exclusion neither', () => {
    const only = { ...playbook, conditions: { countries: ['DE'] } }
    const without = { ...playbook, conditions: { notCountries: ['DE'] } }
    expect(decide(input({ playbook: only, intelligence: { verdict: 'unknown', country: 'DE' } })).outcome).toBe('act')
    expect(decide(input({ playbook: only })).outcome).toBe('refuse')
    expect(decide(input({ playbook: without })).outcome).toBe('refuse')
    expect(decide(input({ playbook: without, intelligence: { verdict: 'unknown', country: 'FR' } })).outcome).toBe(
      'act',
    )
    expect(decide(input({ playbook: without, intelligence: { verdict: 'unknown', country: 'DE' } })).outcome).toBe(
      'refuse',
    )
  })

  it('acts on a playbook without a block whatever its target says', () => {
    const rotate: Playbook = { ...playbook, conditions: {}, steps: [request('ca')] }
    expect(decide(input({ playbook: rotate, targetText: 'CN=gateway' }))).toMatchObject({
      outcome: 'act',
      mode: 'enforce',
      steps: [{ type: 'request', plan: { destination: 'ca' } }],
    })
  })

  it('holds requests that follow no block to the caps by time, and not to that of blocks at once', () => {
    const tell: Playbook = { ...playbook, conditions: {}, steps: [request('chat')] }
    const of = (counts: Counts) => decide(input({ playbook: tell, counts }))
    expect(of({ minute: 10, hour: 10, active: 0, proposed: 0 })).toMatchObject({
      outcome: 'propose',
      mode: 'approve',
      opensBreaker: 'per_minute',
    })
    expect(of({ minute: 0, hour: 0, active: 1_000, proposed: 0 })).toMatchObject({ outcome: 'act' })
    expect(decide(input({ playbook: tell, breakerOpen: true }))).toMatchObject({ outcome: 'propose' })
  })
})

describe('what a person approved', () => {
  it('overrules conditions, quiet time, breaker and caps by time', () => {
    const changes = {
      breakerOpen: true,
      inQuietTime: true,
      counts: { minute: 99, hour: 999, active: 5, proposed: 0 },
      intelligence: { verdict: 'unknown' },
    } as const
    expect(decideApproved(input(changes))).toMatchObject({ outcome: 'act' })
  })

  it.each([
    ['never_block', { targetText: '127.0.0.1' }],
    ['prefix_too_wide', { targetText: '192.0.2.0/24' }],
    ['at_once_cap', { counts: { minute: 0, hour: 0, active: 1_000, proposed: 0 } }],
    ['already_blocked', { overlapping: '192.0.2.1' }],
  ] as const)('does not overrule %s', (reason, changes) => {
    expect(decideApproved(input(changes))).toMatchObject({ outcome: 'refuse', reason })
  })
})
