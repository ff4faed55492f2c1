import { describe, expect, it } from '@jest/globals'
import { rememberDecisions } from '../../../policy/decide/decision-memory.ts'
import { createEvaluator } from '../../../policy/decide/evaluator.ts'
import { createNetworkClasses } from '../../../policy/decide/network-classes.ts'
import type { ResolvedPolicy } from '../../../policy/language/resolved.ts'
import type { Condition } from '../../../policy/model/policy.ts'
import type { AccessRequest } from '../../../policy/model/request.ts'
import { any, host, identity, label, namespace, network, policy, rule, tcp, to } from '../fixtures.ts'

const at = { from: 0, to: 0 }

/** How many of the requests are decided on and not remembered. */
function decisionsFor(one: ResolvedPolicy, requests: readonly AccessRequest[]): number {
  const { decide } = createEvaluator(one, { today: '2026-11-30' })
  let decided = 0
  const counting = (request: AccessRequest) => {
    decided += 1
    return decide(request)
  }
  const remembered = rememberDecisions(counting, one, createNetworkClasses(['10.0.0.0/8', '10.1.0.0/16']))
  for (const request of requests) expect(remembered(request)).toEqual(decide(request))
  return decided
}

const between = (source: AccessRequest['source'], more: Partial<AccessRequest> = {}): AccessRequest => ({
  source,
  destination: {},
  ...more,
})

const allowing = (conditions: readonly Condition[] = []) =>
  policy({
    rules: [
      rule(
        'a',
        [[identity('agent'), namespace('openclaw'), label('app', 'x')], [identity('hunter-*')]],
        [to([host('api.test')], tcp(443))],
      ),
      rule('b', [[network('10.0.0.0/8')], [network('10.1.0.0/16')]], [to([any])], { conditions }),
    ],
  })

describe('the memory of decisions', () => {
  it('decides once on requests that differ only in what the policy does not name', () => {
    const requests = [
      between({ identity: 'hunter-1', address: '10.2.3.3', workloadLabels: { tier: 'a' } }, { port: 9_200 }),
      between({ identity: 'hunter-2', address: '10.2.3.4', workloadLabels: { tier: 'b' } }, { port: 9_090 }),
      between({ identity: 'hunter-3', address: '10.2.3.5' }, { port: 9_999, time: 0 }),
    ]
    expect(decisionsFor(allowing(), requests)).toBe(1)
  })

  it.each([
    ['a named identity', { identity: 'agent' }],
    ['the beginning of an identity', { identity: 'hunter-1' }],
    ['no identity', {}],
    ['an end that is identified', { identity: 'other', isIdentified: true as const }],
    ['a namespace', { identity: 'other', namespace: 'openclaw' }],
    ['a label', { identity: 'other', workloadLabels: { app: 'x' } }],
    ['a network', { identity: 'other', address: '10.1.2.3' }],
    ['a host name', { identity: 'other', names: ['api.test'] }],
  ])('decides apart on %s', (_, source) => {
    expect(decisionsFor(allowing(), [between({ identity: 'other' }), between(source), between(source)])).toBe(2)
  })

  it.each([
    ['a port', { port: 443 }],
    ['a transport', { transport: 'tcp' as const }],
    ['a posture', { devicePosture: 'trusted' as const }],
    ['mutual authentication', { isMutuallyAuthenticated: true }],
  ])('decides apart on %s', (_, more) => {
    expect(decisionsFor(allowing(), [between({}), between({}, more), between({}, more)])).toBe(2)
  })

  it('decides once for all times between which no condition changes', () => {
    const office: Condition = { at, kind: 'time', from: 8 * 60, to: 18 * 60 }
    const times = ['07:59', '08:00', '17:59', '18:00', '23:59'].map(time => Date.parse(`2026-11-30T${time}:00Z`))
    const requests = times.map(time => between({ address: '10.0.0.1' }, { time }))
    expect(decisionsFor(allowing([office]), requests)).toBe(3)
    expect(decisionsFor(allowing(), requests)).toBe(1)
  })

  it('decides each time on an end with several names', () => {
    const several = between({ names: ['api.test', 'other.test'] })
    expect(decisionsFor(allowing(), [several, several])).toBe(2)
  })

  it('forgets all where there are more decisions than it holds, and decides them again', () => {
    const names = Array.from({ length: 150 }, (_, index) => `namespace-${index}`)
    const one = policy({
      rules: names.map(name => rule(name, [[namespace(name)]], [to([namespace(name)])])),
    })
    const requests = names.flatMap(source =>
      names.map(destination => ({ source: { namespace: source }, destination: { namespace: destination } })),
    )
    expect(decisionsFor(one, [...requests, ...requests])).toBe(2 * requests.length)
  })

  it('remembers nothing of a policy that distinguishes more ends than there are numbers', () => {
    const rules = Array.from({ length: 60 }, (_, index) =>
      rule(`r${index}`, [[label(`key-${index}`, 'x')]], [to([any])]),
    )
    const request = between({ workloadLabels: { 'key-7': 'x' } })
    expect(decisionsFor(policy({ rules }), [request, request])).toBe(2)
  })
})
