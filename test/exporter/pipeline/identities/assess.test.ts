import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY_MS } from '../../../../core/clock.ts'
import { identitiesSchema, identityRolesSchema } from '../../../../core/config/identities.ts'
import { assessIdentity, type IdentityRules } from '../../../../exporter/pipeline/identities/assess.ts'
import type { Identity } from '../../../../exporter/pipeline/identities/identity.ts'
import type { Observed } from '../../../../exporter/pipeline/identities/observation.ts'
import { NOON } from '../fixtures.ts'

const rules = (parts: object = {}, ...roles: readonly object[]): IdentityRules => ({
  ...identitiesSchema.parse(parts),
  roles: identityRolesSchema.parse(roles),
})

const agent = (parts: Partial<Identity> = {}): Identity => ({
  gateway: 'kc',
  trustZone: 'z',
  kind: 'client',
  realm: 'shop',
  id: 'c-1',
  name: 'agent',
  since: NOON - 200 * DAY_MS,
  seen: NOON - DAY_MS,
  granted: {},
  ...parts,
})
const daysAgo = (days: number) => NOON - days * DAY_MS
const watched: Observed = { since: daysAgo(200), until: NOON }
const isHeld = { time: daysAgo(50), isHeld: true }

const assess = (identity: Identity, observed: Observed | 'none' = watched, by = rules()) => {
  const { usage, findings } = assessIdentity(identity, observed === 'none' ? undefined : observed, by, NOON)
  return [usage, ...findings.map(({ check }) => check)]
}

describe('an identity', () => {
  it.each<[string, Partial<Identity>, Observed | 'none', readonly string[]]>([
    ['was used yesterday', { used: daysAgo(1) }, watched, ['used']],
    ['was used 91 days ago', { used: daysAgo(91) }, watched, ['unused', 'identity.unused']],
    ['was never used', {}, watched, ['unused', 'identity.unused']],
    ['is known since last week', { since: daysAgo(7) }, watched, ['unknown']],
    ['is of a realm that logs no sign-in', { used: daysAgo(91) }, 'none', ['unknown']],
    ['is of a realm that is observed for 89 days', {}, { since: daysAgo(89), until: NOON }, ['unknown']],
    [
      'is of a realm that has been silent since',
      { used: daysAgo(120) },
      { since: daysAgo(200), until: daysAgo(31) },
      ['unknown'],
    ],
    ['was disabled by an administrator', { disabled: { time: daysAgo(10), isHeld: true } }, watched, ['unused']],
    ['has a secret of two years', { used: NOON, secretSet: daysAgo(730) }, watched, ['used', 'identity.secret_old']],
    ['has a secret of unknown age', { used: NOON }, watched, ['used']],
  ])('that %s is %j %j', (_, parts, observed, expected) => {
    expect(assess(agent(parts), observed)).toEqual(expected)
  })

  it('that the configuration ignores is no finding', () => {
    expect(assess(agent(), watched, rules({ ignore: ['agent'] }))).toEqual(['unused'])
    expect(assess(agent(), watched, rules({ ignore: ['~c-.*'] }))).toEqual(['unused'])
  })

  it('says in words what is wrong, and names who it is', () => {
    const old = agent({ used: daysAgo(100), secretSet: daysAgo(400) })
    expect(assessIdentity(old, watched, rules(), NOON).findings).toEqual([
      {
        check: 'identity.unused',
        target: 'client shop/agent',
        severity: 'medium',
        summary: 'It was used last on 2026-08-15, as far as is known; 90d are allowed.',
      },
      {
        check: 'identity.secret_old',
        target: 'client shop/agent',
        severity: 'medium',
        summary: 'Its secret is of 2025-10-19; 1y are allowed.',
      },
    ])
  })
})

describe('the scopes of an identity', () => {
  const hunter = { role: 'threat-hunt', identities: ['~hunt-.*'], scopes: ['read:logs'] }
  const holding = (name: string, scopes: readonly string[], kind: Identity['kind'] = 'client') =>
    agent({ kind, name, used: NOON, token: { time: NOON, scopes } })

  it('may be those of its role', () => {
    expect(assess(holding('hunt-1', ['openid', 'profile', 'email', 'read:logs']), watched, rules({}, hunter))).toEqual([
      'used',
    ])
  })

  it('are a finding where a threat-hunt role may write', () => {
    const found = assessIdentity(
      holding('hunt-1', ['read:logs', 'execute:playbooks']),
      watched,
      rules({}, hunter),
      NOON,
    )
    expect(found.findings).toMatchObject([
      {
        check: 'identity.scope_wide',
        severity: 'high',
        summary: 'The role threat-hunt does not allow execute:playbooks.',
      },
    ])
  })

  it('are those that administrators have granted too, until they are revoked', () => {
    const granted = { 'execute:playbooks': isHeld, 'write:agents': { time: daysAgo(1), isHeld: false } }
    const found = assessIdentity({ ...holding('hunt-1', []), granted }, watched, rules({}, hunter), NOON)
    expect(found.findings.map(({ summary }) => summary)).toEqual([
      'The role threat-hunt does not allow execute:playbooks.',
    ])
  })

  it('are a finding where a client or a token has no role, but not where a person has none', () => {
    expect(assess(holding('other', ['read:logs']), watched, rules({}, hunter))).toEqual([
      'used',
      'identity.unknown_role',
    ])
    expect(assess(holding('ana', ['read:logs'], 'user'), watched, rules({}, hunter))).toEqual(['used'])
    expect(assess(holding('other', ['openid']), watched, rules({}, hunter))).toEqual(['used'])
    expect(assess(holding('other', ['read:logs']))).toEqual(['used'])
  })

  it('of a token are compared by device and role', () => {
    const token: Identity = {
      ...holding('', ['operator.write'], 'device_token'),
      id: 'd-1',
      name: 'Hunter',
      role: 'operator',
      listed: NOON,
    }
    const role = { role: 'reader', identities: ['Hunter/operator'], scopes: ['operator.read'] }
    expect(assess(token, 'none', rules({}, role))).toEqual(['used', 'identity.scope_wide'])
  })
})

describe('the proof of a finding', () => {
  const times = fc.integer({ min: 0, max: 500 }).map(daysAgo)
  const optional = fc.option(times, { nil: undefined })

  it('is never missing: an identity is unused only after a time in which its sign-ins were logged, or by a list', () => {
    fc.assert(
      fc.property(
        times,
        optional,
        optional,
        fc.option(fc.tuple(times, times), { nil: undefined }),
        (since, used, listed, range) => {
          const observed = range && { since: Math.min(...range), until: Math.max(...range) }
          const identity = agent({
            since,
            ...(used !== undefined && { used }),
            ...(listed !== undefined && { listed }),
          })
          const { usage, findings } = assessIdentity(identity, observed, rules(), NOON)
          if (usage !== 'unused') {
            expect(findings).toEqual([])
            return
          }
          const limit = 90 * DAY_MS
          expect(NOON - (used ?? since)).toBeGreaterThan(limit)
          if (listed !== undefined) expect(listed - (used ?? Number.NaN)).toBeGreaterThan(limit)
          else expect((observed?.until ?? 0) - Math.max(observed?.since ?? 0, used ?? since)).toBeGreaterThan(limit)
        },
      ),
    )
  })

  it('is not lost while time passes and nothing is reported, where it was there', () => {
    fc.assert(
      fc.property(optional, optional, fc.integer({ min: 0, max: 400 }), (used, secretSet, days) => {
        const identity = agent({ ...(used !== undefined && { used }), ...(secretSet !== undefined && { secretSet }) })
        const checks = (now: number) =>
          assessIdentity(identity, watched, rules(), now).findings.map(({ check }) => check)
        expect(checks(NOON + days * DAY_MS)).toEqual(expect.arrayContaining(checks(NOON)))
      }),
    )
  })
})
