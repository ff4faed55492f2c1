import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { refusals } from '../../../remediation/decision/decide.ts'
import { review, reviews, type Standing, standingOf, type World } from '../../../remediation/decision/review.ts'
import { type Incident, type IncidentFacts, incidentStates } from '../../../remediation/domain/incident.ts'
import type { Playbook } from '../../../remediation/domain/playbook.ts'

const NOW = 1_800_000_000_000

const playbook: Playbook = {
  name: 'brute-force',
  mode: 'enforce',
  match: {},
  targetLabel: 'source_ip',
  conditions: { verdict: ['malicious'] },
  steps: [],
  cooldown: HOUR_MS,
  alertRange: 15 * MINUTE_MS,
}

function incident(state: Incident['state'], facts: Partial<IncidentFacts> = {}, closesAt = NOW): Incident {
  return {
    id: 'a1',
    playbook: playbook.name,
    target: '192.0.2.1',
    state,
    createdAt: NOW - HOUR_MS,
    updatedAt: NOW - HOUR_MS,
    closesAt,
    alerts: 1,
    alert: { status: 'firing', fingerprint: 'f', startsAt: '2026-11-24T00:00:00Z', labels: {}, annotations: {} },
    facts: { evidence: { verdict: 'unknown', findings: [] }, ...facts },
  }
}

/** A world in which nothing has passed. */
const still: World = {
  intelligence: () => ({ verdict: 'unknown' }),
  answersExpired: () => false,
  gracePeriodUntil: () => NOW + 1,
  isBlocked: () => true,
  hasBlockRoom: () => false,
  canAct: () => false,
  canPropose: () => false,
}

/** A world in which everything has. */
const passed: World = {
  intelligence: () => ({ verdict: 'malicious' }),
  answersExpired: () => true,
  gracePeriodUntil: () => undefined,
  isBlocked: () => false,
  hasBlockRoom: () => true,
  canAct: () => true,
  canPropose: () => true,
}

interface Circumstances {
  readonly isNew?: boolean
  readonly hasEnded?: boolean
  readonly mode?: Playbook['mode']
  readonly now?: number
}

function reviewed(last: Incident | undefined, world: World, circumstances: Circumstances = {}) {
  const { isNew = false, hasEnded = false, mode = 'enforce', now = NOW } = circumstances
  return review(last, { playbook: { ...playbook, mode }, isNew, hasEnded }, now, () => world)
}

/** One incident in each standing. */
const inEach: readonly (readonly [Standing, Incident])[] = [
  ...refusals.map((reason): [Standing, Incident] => [reason, incident('refused', { reason })]),
  ['playbook_removed', incident('refused')],
  ...incidentStates
    .filter(state => state !== 'refused')
    .map((state): [Standing, Incident] => [standingOf(incident(state)), incident(state)]),
]

describe('the review of a delivery', () => {
  it('knows every standing, each of which has a row', () => {
    expect(new Set(inEach.map(([standing]) => standing))).toEqual(new Set(Object.keys(reviews)))
    for (const [standing, last] of inEach) expect(standingOf(last)).toBe(standing)
  })

  it('is described for every reason of refusal in docs/remediation.md', () => {
    const page = readFileSync(new URL('../../../docs/remediation.md', import.meta.url), 'utf8')
    const section = /## Decisions on later deliveries\n([\s\S]*?)\n## /.exec(page)?.[1] ?? ''
    expect(refusals.filter(reason => !section.includes(`\`${reason}\``))).toEqual([])
  })

  it('decides on a target of which nothing is known', () => {
    expect(reviewed(undefined, still)).toEqual({ outcome: 'another', following: {} })
  })

  it.each(inEach)(
    'in the standing %s follows its row: never, or when time and condition have come',
    (standing, last) => {
      const rule = reviews[standing]
      const open = { ...last, closesAt: NOW + 1 }
      const outcomes = [reviewed(open, still), reviewed(open, passed), reviewed(last, passed)].map(
        ({ outcome }) => outcome,
      )
      if (typeof rule === 'string') return expect(outcomes).toEqual(['duplicate', 'duplicate', 'duplicate'])
      const hasRule = rule.until !== undefined || rule.condition !== undefined
      expect(outcomes[0]).toBe(hasRule ? 'duplicate' : 'another')
      expect(outcomes[2]).toBe(rule.same ? 'same' : 'another')
    },
  )

  it.each(inEach)('in the standing %s says so where it decides nothing', (standing, last) => {
    const result = reviewed({ ...last, closesAt: NOW + 1 }, still)
    if (standing === 'playbook_removed') return
    expect(result).toEqual({ outcome: 'duplicate', reason: standing })
  })

  it.each(inEach)('in the standing %s decides nothing on an alert that has ended', (_, last) => {
    expect(reviewed(last, passed, { hasEnded: true })).toEqual({ outcome: 'duplicate', reason: 'resolved' })
  })

  it.each(inEach)(
    'in the standing %s decides on a new alert where the incident is closed and nothing is under way',
    (standing, last) => {
      const { outcome } = reviewed(last, still, { isNew: true })
      expect(outcome).toBe(reviews[standing] === 'waits' ? 'duplicate' : 'another')
    },
  )

  it('leaves a proposal to a person in mode approve, whatever has passed', () => {
    expect(reviewed(incident('proposed'), passed, { mode: 'approve' })).toMatchObject({ outcome: 'duplicate' })
    expect(reviewed(incident('proposed'), { ...passed, canAct: () => false })).toMatchObject({ outcome: 'duplicate' })
    expect(reviewed(incident('proposed'), passed)).toEqual({ outcome: 'same' })
  })

  it('does not take room for actions for room for an approval in mode approve', () => {
    const last = incident('refused', { reason: 'approvals_full' })
    const world = { ...passed, canPropose: () => false }
    expect(reviewed(last, world, { mode: 'approve' }).outcome).toBe('duplicate')
    expect(reviewed(last, world).outcome).toBe('another')
  })

  it('repeats no action within the range of the rule, however short the cooldown is', () => {
    const last = { ...incident('requested'), updatedAt: NOW }
    const at = (now: number) => reviewed(last, passed, { now }).outcome
    expect([at(NOW + playbook.alertRange - 1), at(NOW + playbook.alertRange)]).toEqual(['duplicate', 'another'])
  })

  it('keeps how often people were asked, and in which thread, until something was done', () => {
    const following = (last: Incident) => {
      const result = reviewed(last, passed)
      return result.outcome === 'another' ? result.following : undefined
    }
    const previous = 'a1'
    const lapsed = incident('lapsed', { lapses: 1 })
    expect(following(lapsed)).toEqual({ previous, because: 'proposal_lapsed', lapses: 1, thread: previous })
    const again = incident('lapsed', { lapses: 2, thread: 'first' })
    expect(following(again)).toMatchObject({ lapses: 2, thread: 'first' })
    const full = incident('refused', { reason: 'approvals_full', lapses: 2, thread: 'first' })
    expect(following(full)).toMatchObject({ lapses: 2, thread: 'first', since: full.createdAt })
    expect(following(incident('expired', { lapses: 2, thread: 'first' }))).toEqual({
      previous,
      because: 'block_expired',
    })
  })
})
