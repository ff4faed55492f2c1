import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createEvaluator } from '../../../policy/decide/evaluator.ts'
import { parsePolicy } from '../../../policy/language/parse.ts'
import { resolvePolicy } from '../../../policy/language/resolve.ts'
import { Coverage } from '../../../policy/review/coverage.ts'
import { lintPolicy, lintRules } from '../../../policy/review/lint.ts'
import { shadowedRules } from '../../../policy/review/shadowed.ts'
import { policies, requests } from '../arbitraries.ts'

const today = '2026-11-30'

function lint(text: string) {
  const { policy, problems } = parsePolicy(text, 'test')
  const { policy: resolved, problems: unresolved } = resolvePolicy(policy)
  expect([...problems, ...unresolved].filter(({ level }) => level === 'error')).toEqual([])
  return lintPolicy(policy, resolved, today)
}

const rule = (name: string, from = 'a.local', to = 'b.local:443', more = '') =>
  `allow ${name}\n  from: ${from}\n  to: ${to}\n  owner: team\n${more}`

/** Each kind: a policy in which it is found at the marked text, and one that lacks it by little. */
const samples: Readonly<
  Record<keyof typeof lintRules, { readonly odd: string; readonly at: string; readonly right: string }>
> = {
  'default-allow': {
    odd: rule('r', '0.0.0.0/0, a.local', 'b.local:80, any'),
    at: 'allow r',
    right: rule('r', 'any', 'b.local:443'),
  },
  'any-source': { odd: rule('r', 'any'), at: 'any', right: rule('r', 'any and namespace=a') },
  'any-destination': {
    odd: rule('r', 'a.local', 'any:443'),
    at: 'any:443',
    right: rule('r', 'a.local', 'any and b.local:443'),
  },
  'wide-network': {
    odd: rule('r', '10.0.0.0/15'),
    at: '10.0.0.0/15',
    right: rule('r', '10.0.0.0/16, 10.0.0.0/8 and namespace=a'),
  },
  'wide-ports': {
    odd: rule('r', 'a.local', 'b.local'),
    at: 'b.local',
    right: rule('r', 'a.local', 'b.local:9200-9300'),
  },
  'rule-duplicate': {
    odd: rule('one') + rule('two'),
    at: 'allow two',
    right: rule('one') + rule('two', 'c.local'),
  },
  'rule-shadowed': {
    odd:
      rule('narrow', 'a.local and namespace=n', 'b.local:443', '  condition: time=09:00-10:00\n') +
      rule('wide', '*.local', 'b.local:80-500', '  condition: time=08:00-12:00\n'),
    at: 'allow narrow',
    right: rule('narrow') + rule('wide', '*.local', 'b.local:80-500', '  expires: 2026-12-24\n'),
  },
  'duplicate-alternative': {
    odd: rule('r', 'c.local, a.local, c.local '),
    at: 'c.local ',
    right: rule('r', 'c.local, a.local and c.local'),
  },
  unreachable: {
    odd: rule('r', 'namespace=a and namespace=b'),
    at: 'namespace=a and namespace=b',
    right: rule('r', 'a.local and b.local'),
  },
  'role-shadowed': {
    odd: 'role one\n  identities: hunter-*\n  may: a\nrole two\n  identities: hunter-1\n  may: b',
    at: 'role two',
    right: 'role one\n  identities: hunter-1\n  may: a\nrole two\n  identities: hunter-*\n  may: b',
  },
  'unused-zone': {
    odd: `zone z\n  members: a.local\n${rule('r')}`,
    at: 'zone z',
    right: `zone z\n  members: a.local\nlist l\n  members: zone=z\n${rule('r', 'list=l')}`,
  },
  'zone-without-rule': {
    odd: 'zone z\n  members: a.local\nexpect deny from zone=z to any',
    at: 'zone z',
    right: `zone z\n  members: a.local\nexpect deny from zone=z to any\n${rule('r', 'zone=z')}`,
  },
  'unused-list': {
    odd: `list l\n  members: a.local\n${rule('r')}`,
    at: 'list l',
    right: `list l\n  members: a.local\nzone z\n  members: list=l\n${rule('r', 'zone=z')}`,
  },
  'missing-owner': { odd: 'allow r from: a.local to: b.local:443', at: 'allow r', right: rule('r') },
  'rule-expired': {
    odd: rule('r', 'a.local', 'b.local:1', '  expires: 2026-11-29'),
    at: 'allow r',
    right: rule('r', 'a.local', 'b.local:1', '  expires: 2026-11-30'),
  },
  'rule-expires-soon': {
    odd: rule('r', 'a.local', 'b.local:1', '  expires: 2026-12-14'),
    at: 'allow r',
    right: rule('r', 'a.local', 'b.local:1', '  expires: 2026-12-15'),
  },
}

describe.each(Object.entries(samples))('%s', (kind, { odd, at, right }) => {
  it('is found, alone, where it is', () => {
    const found = lint(odd)
    expect(found.map(problem => problem.kind)).toEqual([kind])
    expect(odd.indexOf(at.trim(), at.endsWith(' ') ? odd.lastIndexOf(at.trim()) : 0)).toBe(found[0]?.at.from)
  })

  it('is not found where it is not', () => {
    expect(lint(right).map(problem => problem.kind)).not.toContain(kind)
  })
})

describe('unreachable', () => {
  it.each([
    ['two identities', rule('r', 'service-identity=a* and service-identity=b')],
    ['two values of a label', rule('r', 'label:app=a and label:app=b')],
    ['two networks', rule('r', '10.0.0.0/16 and 10.1.0.0/16')],
    [
      'two postures',
      rule('r', 'a.local', 'b.local:1', '  condition: device-posture=trusted and device-posture=unknown'),
    ],
    ['two ranges of times', rule('r', 'a.local', 'b.local:1', '  condition: time=22:00-06:00 and time=06:00-22:00')],
    [
      'days without a common one',
      rule('r', 'a.local', 'b.local:1', '  condition: weekday=mon-fri and weekday=sat-sun'),
    ],
    [
      'a source outside of the network of the condition',
      rule('r', '10.1.0.0/16', 'b.local:1', '  condition: network=10.0.0.0/16'),
    ],
    [
      'a zone and what is not in it',
      `zone z\n  members: namespace=a, namespace=b\n${rule('r', 'zone=z and namespace=c')}`,
    ],
    [
      'a zone below one that has its members',
      `zone y\n  members: *.local\nzone z\n  members: a.local\n${rule('r', 'zone=z', 'zone=y:443')}`,
    ],
  ])('are %s', (_, text) => {
    expect(lint(text).map(({ kind }) => kind)).toContain('unreachable')
  })

  it('are only rules that the evaluator never lets allow', () => {
    const term = fc.constantFrom(
      'service-identity=agent',
      'service-identity=hunter-*',
      'service-identity=hunter-1',
      'namespace=prod',
      'namespace=data',
      '10.0.0.0/8',
      '10.1.0.0/16',
      '192.0.2.0/24',
      'zone=z',
      'label:tier=front',
      'label:tier=back',
    )
    const terms = fc.array(term, { minLength: 1, maxLength: 3 }).map(all => all.join(' and '))
    const condition = fc.constantFrom(
      '',
      '  condition: network=10.0.0.0/8',
      '  condition: time=08:00-12:00 and time=12:00-13:00',
      '  condition: weekday=mon and weekday=mon-fri',
    )
    let impossible = 0
    fc.assert(
      fc.property(
        terms,
        terms,
        condition,
        fc.array(requests, { minLength: 5, maxLength: 20 }),
        (from, to, held, all) => {
          const text = `zone z\n  members: namespace=prod, 192.0.2.0/24 and namespace=data\n${rule('r', from, `${to}:443`, held)}`
          const says = lint(text).some(({ message }) => message.startsWith('r allows nothing'))
          if (!says) return
          impossible += 1
          const evaluator = createEvaluator(resolvePolicy(parsePolicy(text, 'test').policy).policy, { today })
          for (const request of all) expect(evaluator.decide(request).answer).not.toBe('allow')
        },
      ),
      { numRuns: 300 },
    )
    expect(impossible).toBeGreaterThan(0)
  })
})

describe('a shadowed rule', () => {
  it('can be removed, and every request has the same answer', () => {
    let found = 0
    fc.assert(
      fc.property(policies, fc.array(requests, { minLength: 1, maxLength: 10 }), (policy, all) => {
        const shadowed = new Set(shadowedRules(policy.rules, new Coverage()).map(one => one.rule))
        found += shadowed.size
        const without = createEvaluator(
          { ...policy, rules: policy.rules.filter((_, index) => !shadowed.has(index)) },
          { today },
        )
        const whole = createEvaluator(policy, { today })
        for (const request of all) expect(without.decide(request).answer).toBe(whole.decide(request).answer)
      }),
      { numRuns: 400 },
    )
    expect(found).toBeGreaterThan(0)
  })
})

it.each([
  ['10.0.0.7', '10.0.0.0/24'],
  ['10.0.0.0/26', '10.0.0.0/24'],
  ['2001:db8::7', '2001:db8::/32'],
  ['service-identity=agent-1', 'service-identity=agent-*'],
  ['service-identity=agent-1*', 'service-identity=agent-*'],
  ['a.example.com', '*.example.com'],
  ['namespace=a and 10.0.0.7', '10.0.0.0/24'],
  ['namespace=a', 'any'],
])('finds among the alternatives for %s the rule for %s', (narrow, wide) => {
  const text = `${rule('narrow', narrow)}\n${rule('other', 'namespace=other')}\n${rule('wide', wide)}`
  const [first] = lint(text).filter(({ kind }) => kind === 'rule-shadowed')
  expect(first?.message).toMatch(/^narrow allows nothing that wide does not allow/)
})

it('looks networks up, and does not compare each rule with each other', () => {
  const text = Array.from({ length: 6000 }, (_, index) =>
    rule(`r${index}`, `10.0.${index >> 8}.${index & 255}`, `192.0.2.${index & 255}:${1 + index}`),
  ).join('\n')
  const coverage = new Coverage()
  expect(shadowedRules(resolvePolicy(parsePolicy(text, 'test').policy).policy.rules, coverage)).toEqual([])
  // Each with each are 36 million comparisons.
  expect(coverage.isExhausted).toBe(false)
})

it('has a sentence for each of its kinds', () => {
  for (const { help } of Object.values(lintRules)) expect(help).toMatch(/^[A-Z].*\.$/)
})
