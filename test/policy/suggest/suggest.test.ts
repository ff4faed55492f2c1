import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createEvaluator } from '../../../policy/decide/evaluator.ts'
import { formatPolicy } from '../../../policy/language/format.ts'
import { readPolicy } from '../../../policy/language/read.ts'
import { blocks, properties } from '../../../policy/language/vocabulary.ts'
import { conjunctionText, destinationText } from '../../../policy/language/write.ts'
import type { ObservedFlow } from '../../../policy/model/observed-flow.ts'
import type { AccessEnd } from '../../../policy/model/request.ts'
import { suggestPolicy } from '../../../policy/suggest/suggest.ts'
import { suggestionText } from '../../../policy/suggest/suggestion-text.ts'
import { requests } from '../arbitraries.ts'
import { flow, workload } from './flows.ts'

const settings = { name: 'draft', minimumEvents: 2 }

/** Each rule in one line, and why the flows that are left out are. */
function brief(flows: readonly ObservedFlow[]) {
  const { policy, omitted } = suggestPolicy(flows, settings)
  return {
    rules: policy.rules.map(({ from, to, protocols, conditions }) => {
      const sources = from.map(conjunctionText).join(', ')
      const destinations = to.flatMap(one =>
        one.ports.length === 0 ? [destinationText(one, undefined)] : one.ports.map(port => destinationText(one, port)),
      )
      return [sources, destinations.join(', '), protocols.join(), ...conditions.map(({ kind }) => kind)].join(' > ')
    }),
    omitted: omitted.map(({ reason }) => reason),
  }
}

const tcp = (
  source: ObservedFlow['request']['source'],
  destination: ObservedFlow['request']['destination'],
  port: number,
  more: Partial<ObservedFlow> = {},
) => flow({ source, destination, port, transport: 'tcp' }, more)

const api = { names: ['api.anthropic.com'], address: '203.0.113.9' }
const db = workload('data', 'postgres')

describe('a suggested policy', () => {
  it('names ends by identity, host name, namespace and address, each as the records justify it', () => {
    expect(
      brief([
        tcp(workload('openclaw', 'agent'), api, 443, { passed: 40 }),
        tcp({ namespace: 'openclaw-ui' }, db, 5_432, { passed: 30 }),
        tcp({ address: '192.0.2.7' }, { address: '192.0.2.8' }, 22, { passed: 20 }),
        flow({ source: { address: '192.0.2.7' }, destination: { address: '2001:db8::5' }, transport: 'icmp' }),
      ]).rules,
    ).toEqual([
      'zone=openclaw and service-identity=agent > api.anthropic.com:443 > tcp',
      'zone=openclaw-ui > zone=data and service-identity=postgres:5432 > tcp',
      '192.0.2.7 > 192.0.2.8:22 > tcp',
      '192.0.2.7 > [2001:db8::5] > icmp',
    ])
  })

  it('has ends that are alike in one rule, and all identities of a namespace as the namespace', () => {
    const both = ['a', 'b'].flatMap(name => [tcp(workload('x', name), db, 5_432), tcp(workload('x', name), api, 443)])
    expect(brief(both).rules).toEqual([
      'zone=x and service-identity=a, zone=x and service-identity=b > zone=data and service-identity=postgres:5432 > tcp',
      'zone=x and service-identity=a, zone=x and service-identity=b > api.anthropic.com:443 > tcp',
    ])
    const three = ['a', 'b', 'c'].map(name => tcp(workload('x', name), db, 5_432))
    expect(brief(three).rules).toEqual(['zone=x > zone=data and service-identity=postgres:5432 > tcp'])
    // One that was seen there and does not reach it is evidence against the namespace.
    const other = tcp(workload('x', 'd'), api, 443)
    expect(brief([...three, other]).rules[0]).toContain('service-identity=c')
    const denied = tcp(workload('x', 'd'), db, 5_432, { passed: 0, denied: 3 })
    expect(brief([...three, denied])).toEqual({
      rules: [expect.stringContaining('service-identity=c')],
      omitted: ['denied'],
    })
  })

  it('has ranges of ports and networks only where they are dense, and not over what was denied', () => {
    const ports = Array.from({ length: 10 }, (_, index) => 9_000 + index + Math.max(0, index - 4))
    const many = ports.map(port => tcp(workload('x', 'a'), db, port))
    expect(brief(many).rules).toEqual([
      'zone=x and service-identity=a > zone=data and service-identity=postgres:9000-9014 > tcp',
    ])
    const gap = tcp(workload('x', 'a'), db, 9_013, { passed: 0, denied: 1 })
    expect(brief([...many, gap]).rules[0]).toContain(':9000-9004, zone=data and service-identity=postgres:9006')
    const hosts = Array.from({ length: 9 }, (_, index) => tcp({ address: `192.0.2.${64 + index}` }, db, 5_432))
    expect(brief(hosts).rules).toEqual(['192.0.2.64/28 > zone=data and service-identity=postgres:5432 > tcp'])
    const refused = tcp({ address: '192.0.2.79' }, db, 5_432, { passed: 0, denied: 1 })
    expect(brief([...hosts, refused]).rules[0]).not.toContain('/')
    const sparse = [1, 60, 120, 200].map(last => tcp({ address: `192.0.2.${last}` }, db, 5_432))
    expect(brief(sparse).rules[0]).not.toContain('/')
  })

  it('asks for a trusted device and for mutual authentication where every flow had them', () => {
    const request = { source: workload('x', 'a'), destination: db, port: 1, transport: 'tcp' } as const
    const trusted = flow({ ...request, devicePosture: 'trusted', isMutuallyAuthenticated: true })
    expect(brief([trusted]).rules[0]).toMatch(/ > device-posture > authentication$/)
    const untrusted = flow({ ...request, devicePosture: 'untrusted' }, { passed: 0, denied: 4 })
    expect(brief([trusted, untrusted])).toEqual({ rules: [expect.any(String)], omitted: ['denied'] })
    expect(brief([trusted, flow(request)]).rules[0]).toMatch(/ > tcp$/)
  })

  it('leaves out what has no evidence, and says why', () => {
    const source = workload('x', 'a')
    expect(
      brief([
        tcp(source, db, 1, { passed: 0, denied: 5 }),
        tcp(source, db, 2, { passed: 5, denied: 1 }),
        flow({ source, destination: db, transport: 'tcp' }),
        flow({ source, destination: db, port: 443 }),
        tcp({}, db, 3),
        tcp(source, { isIdentified: true }, 3),
        tcp(source, db, 4, { passed: 1 }),
        tcp(workload('x', 'a[]b'), db, 5),
        tcp(workload('x', 'hunter-*'), db, 5),
        tcp(workload('x\n', 'a'), db, 5),
      ]),
    ).toEqual({
      rules: [],
      omitted: [
        'denied',
        'denied',
        'unknown',
        'unknown',
        'unidentified',
        'unidentified',
        'below-minimum',
        'unwritable',
        'unwritable',
        'unwritable',
      ],
    })
  })

  it('leaves out what cannot be allowed without what was denied, and nothing else of its rule', () => {
    const flows = [
      tcp({ namespace: 'x' }, db, 1),
      tcp({ namespace: 'y' }, db, 1),
      tcp(workload('x', 'a'), db, 1, { passed: 0, denied: 1 }),
    ]
    expect(brief(flows)).toEqual({
      rules: ['zone=y > zone=data and service-identity=postgres:1 > tcp'],
      omitted: ['inseparable', 'denied'],
    })
  })

  it('has no rule that another one makes superfluous, and the evidence of both there', () => {
    const { policy, evidence } = suggestPolicy(
      [
        tcp({ namespace: 'x' }, db, 1, { samples: ['b'] }),
        tcp(workload('x', 'a'), db, 1, { passed: 5, samples: ['a'] }),
      ],
      settings,
    )
    expect(policy.rules).toHaveLength(1)
    expect(evidence).toMatchObject([{ flows: 2, events: 15, samples: ['a', 'b'] }])
  })

  it('is printed with its evidence, in the layout, and is read as what it is', () => {
    const suggestion = suggestPolicy(
      [
        ...['a', 'b', 'c'].map(name => tcp(workload('openclaw', name), db, 5_432, { passed: 1_000 })),
        tcp(workload('openclaw', 'x'), db, 22, { passed: 0, denied: 7, samples: ['flows-2/\u202ez\nallow any'] }),
        tcp(workload('openclaw', 'd\u202e\nallow'), api, 443, { samples: ['flows-1/x\nallow evil'] }),
      ],
      { ...settings, name: 'drafted' },
    )
    const text = suggestionText(suggestion)
    expect(
      text,
    ).toBe(`# A draft of what was observed, for review: what is not below was not seen, which does not mean that it is not needed.
# Allowed: 3 flows of 3,000 events, 2026-11-01T00:00:00Z to 2026-11-02T00:00:00Z.
# Left out, and so not allowed: 2 flows of 17 events.
#   denied (what was enforced denied them, at least once): 1 flow of 7 events
#     openclaw/x -> data/postgres, tcp 22: 7 events denied
#   unwritable (the name of an end cannot be written in the language): 1 flow of 10 events
#     openclaw/d\\u202e\\u000aallow -> api.anthropic.com, tcp 443: 10 events passed
policy drafted

zone data
  members: namespace=data

zone openclaw
  members: namespace=openclaw

allow openclaw-to-postgres
  # 3,000 events in 3 flows, 2026-11-01T00:00:00Z to 2026-11-02T00:00:00Z
  # for instance flows-1/a
  from: zone=openclaw and service-identity=a, zone=openclaw and service-identity=b, zone=openclaw and service-identity=c
  to: zone=data and service-identity=postgres:5432
  protocol: tcp
`)
    expect(formatPolicy(text)).toEqual({ ok: true, text })
  })
})

/** Requests of few words, some of whose ends are the texts of attackers. */
const observed: fc.Arbitrary<readonly ObservedFlow[]> = fc.array(
  fc
    .tuple(
      requests,
      fc.constantFrom(undefined, 'a b', '[x]', 'any', 'and', 'zone=a', '#x', 'a:1', 'x*', 'ag\u0435nt', 'a,b', '\n'),
      fc.nat({ max: 4 }),
      fc.constantFrom(0, 0, 0, 1),
      fc.nat({ max: 1_000 }),
    )
    .map(([request, hostile, passed, denied, seen]) => {
      const source = hostile === undefined ? request.source : { ...request.source, identity: hostile }
      return flow({ ...request, source }, { passed, denied, firstSeen: seen, lastSeen: seen + 5 })
    }),
  { maxLength: 60 },
)

describe('any suggested policy', () => {
  it('allows as it is printed each flow that is not left out, and none that was denied', () => {
    fc.assert(
      fc.property(observed, fc.constantFrom(undefined, 'app'), (flows, identityLabel) => {
        const suggestion = suggestPolicy(flows, { ...settings, ...(identityLabel !== undefined && { identityLabel }) })
        const { resolved, problems } = readPolicy(suggestionText(suggestion), 'x', 'text')
        expect(problems.filter(({ level }) => level === 'error')).toEqual([])
        const evaluator = createEvaluator(resolved, { today: '2026-11-30' })
        const omitted = new Set(suggestion.omitted.map(one => one.flow))
        for (const one of flows) {
          expect(evaluator.decide(one.request).answer === 'allow').toBe(!omitted.has(one))
          if (one.denied > 0) expect(omitted.has(one)).toBe(true)
        }
        expect(suggestion.evidence.reduce((sum, { flows: count }) => sum + count, 0)).toBe(flows.length - omitted.size)
      }),
      { numRuns: 300 },
    )
  })

  // Every one of these is a word of the language.
  const words = [...Object.keys(blocks), ...Object.keys(properties), 'and', 'any', 'allow', 'deny', 'unknown']

  it.each([...words, ...words.map(word => word.toUpperCase()), 'any.', '[any]', '*', '*.any'])(
    'does not allow more because a host, an identity and a namespace have the name %s',
    word => {
      const names = [word.toLowerCase()]
      const flows = [
        tcp(workload('openclaw', 'agent'), { names }, 443),
        tcp(workload('openclaw', 'agent'), { names, address: '192.0.2.8' }, 444),
        tcp(workload(word, word), { names, namespace: word }, 445),
        flow({ source: workload('openclaw', 'agent'), destination: { names }, transport: 'icmp' }),
      ]
      const text = suggestionText(suggestPolicy(flows, settings))
      const { resolved, problems } = readPolicy(text, 'draft', 'text')
      expect(problems.filter(({ level }) => level === 'error')).toEqual([])
      const { decide } = createEvaluator(resolved, { today: '2026-11-30' })
      const source = { ...workload('openclaw', 'agent'), isIdentified: true } as const
      const destination: AccessEnd = { names: ['attacker.example.com'], address: '198.51.100.7', isIdentified: true }
      for (const port of [443, 444, 445]) {
        expect(decide({ source, destination, port, transport: 'tcp' }).answer).toBe('deny')
      }
      expect(decide({ source, destination, transport: 'icmp' }).answer).toBe('deny')
    },
  )

  it('is the same for the same flows in another order', () => {
    fc.assert(
      fc.property(
        observed.chain(flows =>
          fc.tuple(fc.constant(flows), fc.shuffledSubarray([...flows], { minLength: flows.length })),
        ),
        ([flows, shuffled]) => {
          expect(suggestionText(suggestPolicy(shuffled, settings))).toBe(suggestionText(suggestPolicy(flows, settings)))
        },
      ),
    )
  })

  it('leaves out only what has a reason: with one event as the minimum, all that was let pass and is named', () => {
    fc.assert(
      fc.property(observed, flows => {
        const { omitted } = suggestPolicy(flows, { ...settings, minimumEvents: 1 })
        const unjustified = omitted.filter(({ reason, flow: one }) => reason === 'below-minimum' && one.passed > 0)
        expect(unjustified).toEqual([])
      }),
    )
  })

  it('never has any as an end', () => {
    fc.assert(
      fc.property(observed, flows => {
        const { policy } = suggestPolicy(flows, settings)
        const terms = policy.rules.flatMap(({ from, to }) => [...from, ...to]).flatMap(one => one.terms)
        expect(terms.filter(({ kind }) => kind === 'any')).toEqual([])
        expect(policy.rules.flatMap(({ from, to }) => [...from, ...to]).every(one => one.terms.length > 0)).toBe(true)
      }),
    )
  })
})
