import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { diffPolicies, isEmptyDiff } from '../../../policy/review/diff.ts'
import { diffText } from '../../../policy/review/diff-text.ts'
import { policies } from '../arbitraries.ts'
import { any, host, identity, namespace, network, policy, rule, tcp, to, zone, zoneOf } from '../fixtures.ts'

const today = '2026-11-30'
const at = { from: 0, to: 0 }
const zones = [zoneOf('agents', [namespace('openclaw')]), zoneOf('data', [network('10.20.0.0/16')])]

describe('the difference of two policies', () => {
  it('is none between a policy and itself', () => {
    fc.assert(
      fc.property(policies, one => {
        const diff = diffPolicies(one, structuredClone(one), today)
        expect(isEmptyDiff(diff)).toBe(true)
        expect(diffText(diff)).toBe('')
      }),
      { numRuns: 50 },
    )
  })

  it('swaps what is gained and what is lost where the policies are swapped', () => {
    fc.assert(
      fc.property(policies, policies, (one, other) => {
        const [there, back] = [diffPolicies(one, other, today), diffPolicies(other, one, today)]
        const pairs = (diff: typeof there, swapped: boolean) =>
          diff.matrix
            .map(({ from, to, gained, lost }) =>
              JSON.stringify(swapped ? [from, to, lost, gained] : [from, to, gained, lost]),
            )
            .sort()
        expect(pairs(there, false)).toEqual(pairs(back, true))
      }),
      { numRuns: 50 },
    )
  })

  it('says which zones gain and lose which ports, under which conditions', () => {
    const before = policy({ zones, rules: [rule('query', [[zone(0)]], [to([zone(1)], tcp(9_200))])] })
    const after = policy({
      zones,
      rules: [
        rule('query', [[zone(0)]], [to([zone(1)], tcp(9_200, 9_300))], {
          conditions: [{ at, kind: 'device-posture', is: ['trusted'] }],
        }),
        rule('models', [[identity('agent')]], [to([host('api.example.com')], tcp(443))]),
      ],
    })
    expect(diffText(diffPolicies(before, after, today))).toBe(`~ rule query
    to: zone=data tcp 9200 -> zone=data tcp 9200-9300
    condition: none -> device-posture=trusted
+ rule models
    from: service-identity=agent
    to: api.example.com tcp 443

Between zones:
  agents -> agents
    + tcp 443 from service-identity=agent to api.example.com
  agents -> data
    + tcp 443 from service-identity=agent to api.example.com
    + tcp 9200-9300 if device-posture=trusted
    - tcp 9200
  agents -> (no zone)
    + tcp 443 from service-identity=agent to api.example.com
  data -> agents
    + tcp 443 from service-identity=agent to api.example.com
  data -> data
    + tcp 443 from service-identity=agent to api.example.com
  data -> (no zone)
    + tcp 443 from service-identity=agent to api.example.com
  (no zone) -> agents
    + tcp 443 from service-identity=agent to api.example.com
  (no zone) -> data
    + tcp 443 from service-identity=agent to api.example.com
  (no zone) -> (no zone)
    + tcp 443 from service-identity=agent to api.example.com
`)
  })

  it('names only the pairs in which a rule may hold', () => {
    const before = policy({ zones })
    const after = policy({
      zones,
      rules: [rule('r', [[namespace('openclaw'), identity('agent')]], [to([network('10.20.1.0/24')], tcp(5_432))])],
    })
    expect(diffPolicies(before, after, today).matrix).toEqual([
      { from: 'agents', to: 'agents', gained: [expect.stringContaining('tcp 5432')], lost: [] },
      { from: 'agents', to: 'data', gained: [expect.stringContaining('tcp 5432')], lost: [] },
    ])
  })

  it('says that the order of zones changed, and what a rule lost that expired', () => {
    const open = rule('old', [[any]], [to([any])], { expires: '2026-12-01' })
    const before = policy({ zones, rules: [open] })
    const after = policy({ zones: zones.toReversed(), rules: [{ ...open, expires: '2026-11-01' }] })
    expect(diffPolicies(before, after, today)).toMatchObject({
      isZoneOrderChanged: true,
      rules: [{ name: 'old', kind: 'removed' }],
    })
  })

  it('shows what changed beside ends and ports: settings, who answers for a rule, TLS, and roles', () => {
    const one = rule('r', [[any]], [to([host('api.example.com')], tcp(443))], { isTls: true, owner: 'team-a' })
    const role = { name: 'reader', at, identities: ['a'], scopes: ['read:logs'], conditions: [] }
    const before = policy({ rules: [one], roles: [role] })
    const after = policy({
      timeZone: 'Europe/Berlin',
      identityLabel: 'app',
      rules: [{ ...one, isTls: false, owner: 'team-b' }],
      roles: [{ ...role, scopes: ['read:logs', 'read:alerts'] }],
    })
    expect(diffText(diffPolicies(before, after, today))).toBe(`~ setting time-zone
    value: UTC -> Europe/Berlin
+ setting identity-label
    value: app
~ rule r
    tls: only -> none
    owner: team-a -> team-b
~ role reader
    may: read:logs -> read:logs, read:alerts
`)
  })

  it('leaves out what changes no meaning: the name, and the order of rules', () => {
    const rules = ['a', 'b'].map(name => rule(name, [[any]], [to([host(`${name}.example.com`)], tcp(443))]))
    const diff = diffPolicies(policy({ rules }), policy({ name: 'other', rules: rules.toReversed() }), today)
    expect(isEmptyDiff(diff)).toBe(true)
  })
})
