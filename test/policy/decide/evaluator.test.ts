import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createEvaluator } from '../../../policy/decide/evaluator.ts'
import type { ResolvedPolicy, ResolvedTerm } from '../../../policy/language/resolved.ts'
import type { Condition } from '../../../policy/model/policy.ts'
import type { AccessEnd, AccessRequest } from '../../../policy/model/request.ts'
import { bareRequests, policies, requests } from '../arbitraries.ts'
import { any, host, identity, label, namespace, network, policy, rule, tcp, to, zone, zoneOf } from '../fixtures.ts'
import { decideSlowly } from './oracle.ts'

const today = '2026-11-30'
const at = { from: 0, to: 0 }

const decisionOf = (one: ResolvedPolicy, request: AccessRequest) => createEvaluator(one, { today }).decide(request)

/** Whether one rule allows this source, whatever it reaches for. */
const answerTo = (term: ResolvedTerm, source: AccessEnd, more: Partial<ResolvedPolicy> = {}) =>
  decisionOf(policy({ rules: [rule('r', [[term]], [to([any])])], ...more }), { source, destination: {} }).answer

/** Whether one rule with a condition allows. */
const answerWhen = (condition: Condition, request: Partial<AccessRequest>, timeZone = 'UTC') =>
  decisionOf(policy({ timeZone, rules: [rule('r', [[any]], [to([any])], { conditions: [condition] })] }), {
    source: {},
    destination: {},
    ...request,
  }).answer

describe('the evaluator', () => {
  it('decides on every policy and request like the meaning of the language, rule by rule', () => {
    fc.assert(
      fc.property(policies, fc.array(requests, { minLength: 1, maxLength: 8 }), (one, several) => {
        const { decide } = createEvaluator(one, { today })
        for (const request of several) expect(decide(request)).toEqual(decideSlowly(one, request, today))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['of all kinds', requests],
    ['between ends with an address and a name alone', bareRequests],
  ])('decides like it on many requests %s, of which some are alike to the policy', (_, arbitrary) => {
    fc.assert(
      fc.property(policies, fc.array(arbitrary, { minLength: 20, maxLength: 60 }), (one, several) => {
        const { decide } = createEvaluator(one, { today })
        for (const request of [...several, ...several]) {
          expect(decide(request)).toEqual(decideSlowly(one, request, today))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('denies everything where there is no rule', () => {
    expect(decisionOf(policy({}), { source: {}, destination: {} })).toEqual({
      answer: 'deny',
      missing: [],
      sourceZone: null,
      destinationZone: null,
    })
  })

  it('names the first rule that allows, even after one that may', () => {
    const one = policy({ rules: [rule('a', [[identity('x')]], [to([any])]), rule('b', [[any]], [to([any])])] })
    expect(decisionOf(one, { source: {}, destination: {} })).toMatchObject({ answer: 'allow', rule: 1, missing: [] })
  })

  it('does not know where a part is missing that a rule asks for, and names the part', () => {
    const one = policy({
      rules: [
        rule('a', [[identity('x')]], [to([host('api.test')], tcp(443))], {
          conditions: [{ at, kind: 'device-posture', is: ['trusted'] }],
        }),
      ],
    })
    expect(
      decisionOf(one, { source: { identity: 'x' }, destination: { address: '192.0.2.1' }, transport: 'tcp' }),
    ).toMatchObject({ answer: 'unknown', rule: 0, missing: ['destination.name', 'port', 'device-posture'] })
  })

  it('denies where a part that is known rules every rule out, whatever is missing', () => {
    const one = policy({ rules: [rule('a', [[identity('x')]], [to([host('api.test')], tcp(443))])] })
    expect(decisionOf(one, { source: { identity: 'y' }, destination: {} }).answer).toBe('deny')
    expect(decisionOf(one, { source: {}, destination: {}, transport: 'udp' }).answer).toBe('deny')
  })

  it('allows nothing by a rule after its last day', () => {
    const answer = (expires: string) =>
      decisionOf(policy({ rules: [rule('r', [[any]], [to([any])], { expires })] }), { source: {}, destination: {} })
        .answer
    expect(answer('2026-11-30')).toBe('allow')
    expect(answer('2026-11-29')).toBe('deny')
  })
})

describe('a service identity', () => {
  it('is that of the record, else the label of the policy, else the service account of Cilium, else the service', () => {
    const workloadLabels = { app: 'by-label', 'io.cilium.k8s.policy.serviceaccount': 'by-account' }
    const end = { service: 'by-service', workloadLabels }
    expect(answerTo(identity('by-record'), { ...end, identity: 'by-record' })).toBe('allow')
    expect(answerTo(identity('by-label'), end, { identityLabel: 'app' })).toBe('allow')
    expect(answerTo(identity('by-account'), end)).toBe('allow')
    expect(answerTo(identity('by-service'), { service: 'by-service' })).toBe('allow')
    expect(answerTo(identity('by-service'), end)).toBe('deny')
  })

  it('is none where the engine knows the end and no name of it', () => {
    expect(answerTo(identity('x'), {})).toBe('unknown')
    expect(answerTo(identity('x'), { isIdentified: true })).toBe('deny')
  })

  it('may be a beginning of names', () => {
    expect(answerTo(identity('hunter-*'), { identity: 'hunter-7' })).toBe('allow')
    expect(answerTo(identity('hunter-*'), { identity: 'hunter' })).toBe('deny')
  })

  it('is no property that every object has', () => {
    expect(answerTo(label('constructor', 'x'), { workloadLabels: {}, isIdentified: true })).toBe('deny')
    expect(answerTo(label('__proto__', 'x'), { workloadLabels: {} })).toBe('unknown')
  })
})

describe('a host', () => {
  it('is compared with the names of the end, and unknown by its address alone', () => {
    expect(answerTo(host('api.test'), { names: ['other.test', 'api.test'] })).toBe('allow')
    expect(answerTo(host('api.test'), { names: ['other.test'] })).toBe('deny')
    expect(answerTo(host('api.test'), { address: '192.0.2.1', isIdentified: true })).toBe('unknown')
    expect(answerTo(host('api.test'), { names: [] })).toBe('unknown')
  })

  it('with a star is any name that is one label longer', () => {
    expect(answerTo(host('*.test'), { names: ['api.test'] })).toBe('allow')
    expect(answerTo(host('*.test'), { names: ['test'] })).toBe('deny')
    expect(answerTo(host('*.test'), { names: ['v1.api.test'] })).toBe('deny')
    expect(answerTo(host('*.test'), { names: ['.test'] })).toBe('deny')
  })
})

describe('a network', () => {
  it('holds addresses of its family, mapped ones too', () => {
    expect(answerTo(network('10.0.0.0/8'), { address: '10.255.255.255' })).toBe('allow')
    expect(answerTo(network('10.0.0.0/8'), { address: '11.0.0.0' })).toBe('deny')
    expect(answerTo(network('10.0.0.0/8'), { address: '::ffff:10.1.1.1' })).toBe('allow')
    expect(answerTo(network('2001:db8::/32'), { address: '2001:DB8:0:0::1' })).toBe('allow')
    expect(answerTo(network('::/0'), { address: '10.1.1.1' })).toBe('deny')
  })

  it.each(['10.1', '010.1.1.1', '10.1.1.1.1', '10.1.1.', '10.1.1.256', '0x0a.1.1.1', 'host', ''])(
    'does not know of %j, which is no address',
    address => expect(answerTo(network('10.0.0.0/8'), { address })).toBe('unknown'),
  )
})

describe('the zone of an end', () => {
  const zones = [zoneOf('agents', [namespace('openclaw'), identity('agent')]), zoneOf('claw', [namespace('openclaw')])]
  const ofSource = (source: AccessEnd) => decisionOf(policy({ zones }), { source, destination: {} }).sourceZone

  it('is the first one whose members it is among', () => {
    expect(ofSource({ namespace: 'openclaw', identity: 'agent' })).toBe('agents')
    expect(ofSource({ namespace: 'openclaw', identity: 'ui' })).toBe('claw')
    expect(ofSource({ namespace: 'other', identity: 'agent' })).toBe(null)
  })

  it('is unknown while it may be an earlier one', () => {
    expect(ofSource({ namespace: 'openclaw' })).toBe('unknown')
    expect(answerTo(zone(1), { namespace: 'openclaw' }, { zones })).toBe('unknown')
    expect(answerTo(zone(1), { namespace: 'openclaw', identity: 'agent' }, { zones })).toBe('deny')
    expect(answerTo(zone(1), { namespace: 'openclaw', isIdentified: true }, { zones })).toBe('allow')
  })
})

describe('a condition', () => {
  it('on time takes its first minute and not its last, also over midnight', () => {
    const day: Condition = { at, kind: 'time', from: 480, to: 1_080 }
    const night: Condition = { at, kind: 'time', from: 1_320, to: 360 }
    const at8 = Date.UTC(2026, 10, 30, 8, 0)
    expect(answerWhen(day, { time: at8 })).toBe('allow')
    expect(answerWhen(day, { time: at8 - 1 })).toBe('deny')
    expect(answerWhen(day, { time: Date.UTC(2026, 10, 30, 18, 0) })).toBe('deny')
    expect(answerWhen(night, { time: Date.UTC(2026, 10, 30, 5, 59) })).toBe('allow')
    expect(answerWhen(night, { time: at8 })).toBe('deny')
    expect(answerWhen(day, {})).toBe('unknown')
  })

  it('on time is in the time zone of the policy, through the change of its clocks', () => {
    const three: Condition = { at, kind: 'time', from: 180, to: 240 }
    // 2026-03-29: clocks of Berlin go from 02:00 to 03:00 at 01:00 UTC.
    expect(answerWhen(three, { time: Date.UTC(2026, 2, 29, 1, 30) }, 'Europe/Berlin')).toBe('allow')
    expect(answerWhen(three, { time: Date.UTC(2026, 2, 29, 0, 59) }, 'Europe/Berlin')).toBe('deny')
    expect(answerWhen(three, { time: Date.UTC(2026, 2, 28, 2, 30) }, 'Europe/Berlin')).toBe('allow')
  })

  it('on the weekday is of that day in the time zone of the policy', () => {
    const monday: Condition = { at, kind: 'weekday', days: ['mon'] }
    expect(answerWhen(monday, { time: Date.UTC(2026, 10, 29, 23, 30) })).toBe('deny')
    expect(answerWhen(monday, { time: Date.UTC(2026, 10, 29, 23, 30) }, 'Europe/Berlin')).toBe('allow')
  })

  it('on posture knows that the posture is not known', () => {
    const trusted: Condition = { at, kind: 'device-posture', is: ['trusted'] }
    expect(answerWhen(trusted, { devicePosture: 'unknown' })).toBe('deny')
    expect(answerWhen(trusted, {})).toBe('unknown')
  })
})
