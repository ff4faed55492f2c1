import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createEvaluator } from '../../../../policy/decide/evaluator.ts'
import { readPolicy } from '../../../../policy/language/read.ts'
import { expectationProblem } from '../../../../policy/review/expectations/failure-text.ts'
import { createExpectationRunner } from '../../../../policy/review/expectations/run.ts'
import { policies } from '../../arbitraries.ts'

const today = '2026-11-30'

/** What becomes of each expectation of a policy: `ok`, or the sentence of its failure. */
function outcomes(text: string): readonly string[] {
  const { policy, resolved, expectations, problems } = readPolicy(text, 'test', 'text')
  expect(problems.filter(({ level }) => level === 'error')).toEqual([])
  const run = createExpectationRunner(resolved, { today })
  return policy.expectations.map((expectation, index) => {
    const { failure } = run(expectations[index] as (typeof expectations)[number])
    return failure === undefined ? 'ok' : expectationProblem(expectation, failure, resolved).message
  })
}

const policy = `
zone control
  members: namespace=openclaw and service-identity=controller, namespace=openclaw-ui
zone analytics
  members: namespace=analytics
list models
  members: api.anthropic.com, *.openai.azure.com
allow control-to-api
  from: zone=control
  to: api.openclaw.local:443
  protocol: https
  condition: device-posture=trusted
allow analytics-to-models
  from: zone=analytics and service-identity=reporter
  to: list=models:443
  protocol: https
  condition: time=08:00-18:00 and weekday=mon-fri
allow site
  from: 10.0.0.0/8
  to: 192.0.2.5:22
  protocol: ssh
allow old
  from: any
  to: old.openclaw.local:80
  protocol: http
  expires: 2026-11-29
`

describe('an expectation', () => {
  it.each([
    // What is not said of the circumstances is unknown.
    ['expect unknown from zone=control to api.openclaw.local:443 protocol https', 'ok'],
    ['expect allow from zone=control to api.openclaw.local:443 protocol https condition device-posture=trusted', 'ok'],
    ['expect deny from zone=control to api.openclaw.local:443 protocol https condition device-posture=untrusted', 'ok'],
    [
      'expect allow from zone=control to api.openclaw.local:443 protocol https',
      'expected allow; the answer is unknown, because rule control-to-api may allow it and depends on device-posture: zone=control and namespace=openclaw and service-identity=controller to api.openclaw.local, tcp 443 (and 1 more accesses)',
    ],
    // An end is what its terms say and nothing else.
    ['expect deny from service-identity=other to api.openclaw.local:443', 'ok'],
    ['expect deny from namespace=openclaw and service-identity=other to api.openclaw.local:443 protocol https', 'ok'],
    [
      'expect allow from namespace=openclaw-ui to api.openclaw.local condition device-posture=trusted',
      'expected allow; no rule allows it: namespace=openclaw-ui to api.openclaw.local, tcp 1 (and 17 more accesses)',
    ],
    // Parts that the policy names are among the ends.
    [
      'expect deny from zone=analytics to api.anthropic.com:443 protocol https',
      'expected deny; the answer is unknown, because rule analytics-to-models may allow it and depends on time: zone=analytics and service-identity=reporter and namespace=analytics to api.anthropic.com, tcp 443',
    ],
    ['expect deny from any to api.anthropic.com:443 protocol https condition time=18:00-08:00', 'ok'],
    ['expect deny from any to list=models:443 protocol https condition weekday=sat-sun', 'ok'],
    [
      'expect allow from zone=analytics and service-identity=reporter to a.openai.azure.com:443 protocol https condition time=08:00-18:00 and weekday=mon-fri',
      'ok',
    ],
    [
      'expect allow from zone=analytics and service-identity=reporter to list=models:443 protocol https condition time=08:00-18:00',
      'expected allow; no rule allows it: zone=analytics and service-identity=reporter and namespace=analytics to api.anthropic.com, tcp 443 (and 3 more accesses)',
    ],
    // Networks, as terms and as conditions.
    ['expect allow from 10.2.0.0/16 to 192.0.2.5:22 protocol tcp', 'ok'],
    ['expect allow from any to 192.0.2.5:22 protocol tcp condition network=10.2.0.0/16', 'ok'],
    [
      'expect deny from any to 192.0.2.0/24:22 protocol tcp',
      'expected deny; rule site allows it: 10.0.0.0/8 to 192.0.2.5, tcp 22',
    ],
    ['expect deny from 10.0.0.0/7 to 192.0.2.4:22 protocol tcp', 'ok'],
    // An expired rule allows nothing.
    ['expect deny from any to old.openclaw.local:80 protocol http', 'ok'],
    // Nothing is what it names.
    [
      'expect deny from zone=analytics and namespace=openclaw to api.openclaw.local',
      'expected deny; no end is what it names: its terms contradict each other, or an earlier zone has these ends',
    ],
    [
      'expect deny from any to api.openclaw.local:443 protocol https condition time=08:00-09:00 and time=10:00-11:00',
      'expected deny; no end is what it names: its terms contradict each other, or an earlier zone has these ends',
    ],
  ])('%s: %s', (expectation, outcome) => expect(outcomes(`${policy}${expectation}\n`)).toEqual([outcome]))

  it('is about the ports at which the rules differ, and about their neighbours', () => {
    const rule = 'allow from: a.local to: b.local:100-200 protocol: tcp\n'
    expect(
      outcomes(`${rule}expect allow from a.local to b.local:100-200 protocol tcp
expect allow from a.local to b.local:100-201 protocol tcp
expect deny from a.local to b.local:201-65535 protocol tcp
expect deny from a.local to b.local:1-99 protocol tcp
expect deny from a.local to b.local:1-100 protocol tcp
`),
    ).toEqual([
      'ok',
      'expected allow; no rule allows it: a.local to b.local, tcp 201',
      'ok',
      'ok',
      'expected deny; rule rule-1 allows it: a.local to b.local, tcp 100',
    ])
  })

  it('says that it is about too many accesses, without deciding on them', () => {
    const names = Array.from({ length: 600 }, (_, index) => `h${index}.local`).join(', ')
    const [outcome] = outcomes(
      `list many\n  members: ${names}\nallow from: a.local to: b.local:1\nexpect deny from list=many to list=many:1\n`,
    )
    expect(outcome).toBe('expected deny; it is about more than 200,000 different accesses; name narrower ends or ports')
  })

  it('that would leave out a part of a large zone fails: another answer may be there', () => {
    const members = Array.from({ length: 10_001 }, (_, index) => `h${index}.local`).join(', ')
    const [outcome] = outcomes(
      `zone many members: ${members}\nallow from: any to: h10000.local:1\nexpect deny from a.local to zone=many:1\n`,
    )
    expect(outcome).toContain('it is about more than')
  })

  it('that is held about a range of ports holds at each of its ports', () => {
    const ports = fc.integer({ min: 1, max: 65_535 })
    fc.assert(
      fc.property(
        policies,
        fc.tuple(ports, ports, ports),
        fc.constantFrom('tcp' as const, 'udp' as const),
        (resolved, three, transport) => {
          const [first = 1, port = 1, last = 1] = three.toSorted((a, b) => a - b)
          const terms = [{ kind: 'namespace' as const, name: 'prod' }]
          const run = createExpectationRunner(resolved, { today })
          const evaluator = createEvaluator(resolved, { today })
          const end = {
            namespace: 'prod',
            isIdentified: true as const,
            address: '203.0.113.77',
            names: ['unnamed.invalid'],
          }
          const { answer } = evaluator.decide({ source: end, destination: end, transport, port })
          const at = { from: 0, to: 0 }
          const others = (['allow', 'deny', 'unknown'] as const).filter(decision => decision !== answer)
          const isWide =
            resolved.zones.concat().some(({ members }) => JSON.stringify(members).includes('/0')) ||
            JSON.stringify(resolved.rules).includes('/0')
          // Another answer than that at one port cannot be held about all; an address that is in 0.0.0.0/0 is not free.
          if (isWide) return
          for (const decision of others) {
            const expectation = {
              at,
              decision,
              from: [terms],
              to: [{ terms, ports: [{ transport, first, last }] }],
              conditions: [],
            }
            expect(run(expectation).failure).toBeDefined()
          }
        },
      ),
    )
  })
})

describe('an end without a network', () => {
  const every = ['0.0.0.0/0', '0.0.0.0/1, 128.0.0.0/1', '::/0', '0.0.0.0/0, ::/0']

  it.each(every)('has an address in %s too, because these hold every address of a family', networks => {
    const to = networks.split(', ').map(cidr => (cidr.includes(':') ? `[${cidr}]:443` : `${cidr}:443`))
    const text = `allow out\n  from: ${networks}\n  to: any:80\nallow in\n  from: namespace=web\n  to: ${to.join(', ')}\n`
    expect(
      outcomes(`${text}expect deny from namespace=agents to api.example.com:80 protocol tcp
expect deny from namespace=web to api.example.com:443 protocol tcp
expect deny from namespace=agents to api.example.com:443 protocol tcp`),
    ).toEqual([expect.stringContaining('rule out allows it'), expect.stringContaining('rule in allows it'), 'ok'])
  })

  it.each(['10.0.0.0/8', '0.0.0.0/1, 128.0.0.0/2'])('has none in %s, outside of which there are others', networks => {
    expect(
      outcomes(`allow out
  from: ${networks}
  to: any:80
expect deny from namespace=agents to api.example.com:80 protocol tcp`),
    ).toEqual(['ok'])
  })

  it('is allowed where both families are', () => {
    expect(
      outcomes(`allow out
  from: 0.0.0.0/0, ::/0
  to: any:80
expect allow from namespace=agents to api.example.com:80 protocol tcp`),
    ).toEqual(['ok'])
  })
})
