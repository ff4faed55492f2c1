import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseAllDocuments } from 'yaml'
import type { CompileOptions, Loss, LostPart } from '../../../policy/compile/contract/target.ts'
import { targets } from '../../../policy/compile/registry.ts'
import type { ResolvedPolicy, ResolvedTerm } from '../../../policy/language/resolved.ts'
import type { Condition } from '../../../policy/model/policy.ts'
import { type RequestPart, requestParts } from '../../../policy/model/request.ts'
import { repositoryFiles } from '../../structure/source-files.ts'
import { any, host, identity, label, namespace, network, policy, rule, tcp, to, zone, zoneOf } from '../fixtures.ts'
import { clusterPolicies } from './cluster-cases.ts'
import { heldBy } from './models/registry.ts'

const options: CompileOptions = { isStaged: false, namespace: 'prod', today: '2026-11-30' }
const at = { from: 0, to: 0 }

/** A term for each property of an end. */
const terms = {
  identity: identity('agent'),
  namespace: namespace('prod'),
  labels: label('tier', 'front'),
  address: network('192.0.2.0/24'),
  name: host('api.example.com'),
} as const satisfies Record<string, ResolvedTerm>

const conditions: Partial<Record<RequestPart, Condition>> = {
  'device-posture': { at, kind: 'device-posture', is: ['trusted'] },
  time: { at, kind: 'time', from: 480, to: 1_080 },
  authentication: { at, kind: 'authentication', is: 'mutual' },
}

/** A policy with one rule that asks for one part of a request, between ends that every target can express otherwise. */
function asking(part: RequestPart): ResolvedPolicy {
  const [side, property] = part.split('.') as [string, keyof typeof terms]
  const condition = conditions[part]
  const one =
    side === 'source'
      ? rule('asks', [[terms[property]]], [to([any])])
      : side === 'destination'
        ? rule('asks', [[any]], [to([terms[property]])])
        : condition !== undefined
          ? rule('asks', [[any]], [to([any])], { conditions: [condition] })
          : rule('asks', [[any]], [to([any], tcp(443))])
  return policy({ identityLabel: 'app', rules: [one] })
}

it('each target is held to the evaluator, and no test holds one that is gone', () => {
  expect(Object.keys(heldBy).toSorted()).toEqual(targets.map(({ name }) => name).toSorted())
  for (const one of Object.values(heldBy)) if ('test' in one) expect(repositoryFiles()).toContain(one.test)
})

describe.each(targets)('the target $name', target => {
  const compile = (one: ResolvedPolicy, more: Partial<CompileOptions> = {}) =>
    target.compile(one, { ...options, ...more })

  it.each(requestParts)(
    'expresses the condition or property %s, or has a loss that says what enforces it instead',
    part => {
      const { losses } = compile(asking(part))
      const lost: readonly LostPart[] = losses.map(loss => loss.part)
      if (target.expresses.has(part)) {
        // Where hosts are known by DNS alone, the lookup is allowed too; only workloads can prove who they are.
        const isKnown = ({ part: lost, direction }: Loss) =>
          (lost === 'destination.name' && direction === 'wider') ||
          (lost === 'authentication' && direction === 'narrower')
        expect(losses.filter(loss => !isKnown(loss))).toEqual([])
      } else {
        expect(lost).toContain(part)
        expect(losses.find(loss => loss.part === part)?.message).toMatch(/; .*\w/)
      }
    },
  )

  it('compiles the same policy to the same text', () => {
    fc.assert(
      fc.property(clusterPolicies, one => {
        expect(compile(structuredClone(one))).toEqual(compile(one))
      }),
      { numRuns: 30 },
    )
  })

  it('names in the text each rule, or a loss of it', () => {
    fc.assert(
      fc.property(clusterPolicies, one => {
        const { text, losses } = compile(one)
        const body = text.replaceAll(/^#.*$/gm, '')
        for (const { name } of one.rules) {
          if (!new RegExp(`\\b${name}\\b`).test(body)) expect(losses.map(loss => loss.rule)).toContain(name)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('repeats its losses and what it assumes in the head of the text', () => {
    const { text, losses } = compile(asking('device-posture'))
    const [head = ''] = text.split(/^(?!#)/m)
    expect(losses).toHaveLength(1)
    for (const { message } of losses) expect(head).toContain(message)
    for (const sentence of target.assumes) expect(head).toContain(sentence)
  })

  it('says of each loss that allows more that it does', () => {
    for (const part of ['device-posture', 'time'] as const) {
      expect(compile(asking(part)).losses).toMatchObject([{ rule: 'asks', part, direction: 'wider' }])
    }
  })

  it('leaves out a rule after its last day, and without a loss: it allows nothing', () => {
    const expired = rule('gone', [[any]], [to([any])], { expires: '2026-11-29' })
    const { text, losses } = compile(policy({ rules: [expired] }))
    expect(text).toBe(compile(policy({})).text)
    expect(losses).toEqual([])
  })

  it('takes no name of a rule or policy for structure', () => {
    const hostile = ['x\n---\nkind: Secret', '"; flush ruleset; #', '{{x}}', "'] || all()", '*/'].map(name =>
      rule(name, [[network('192.0.2.1')]], [to([network('192.0.2.2')], tcp(443)), to([namespace('prod')], tcp(443))], {
        conditions: [{ at, kind: 'device-posture', is: ['trusted'] }],
      }),
    )
    const plain = hostile.map((one, index) => ({ ...one, name: `rule-${index}` }))
    const [bad, good] = [hostile, plain].map(rules => compile(policy({ name: 'p\n# x', rules })).text) as [
      string,
      string,
    ]
    if (target.extension === 'yaml') {
      const kinds = (text: string) => parseAllDocuments(text).map(document => document.toJS().kind)
      expect(kinds(bad)).toEqual(kinds(good))
    } else {
      const withoutTexts = (text: string) => text.replaceAll(/^#.*$/gm, '#').replaceAll(/"[^"\n]*"/g, '')
      expect(withoutTexts(bad)).toBe(withoutTexts(good))
    }
  })

  it('gives up a zone that excludes too many alternatives, and says so', () => {
    const members = (index: number) => ['a', 'b', 'c', 'd'].map(key => label(`${key}${index}`, 'x'))
    const zones = Array.from({ length: 8 }, (_, index) => zoneOf(`z${index}`, members(index)))
    const one = policy({
      zones: [...zones, zoneOf('rest', [label('rest', 'x')])],
      rules: [rule('r', [[zone(8)]], [to([any])])],
    })
    expect(compile(one).losses.map(({ direction }) => direction)).toContain('narrower')
  })

  it('has a staged form that denies nothing, or none', () => {
    if (target.staged === undefined) return
    const { text } = compile(policy({ rules: [rule('r', [[network('192.0.2.1')]], [to([namespace('prod')])])] }), {
      isStaged: true,
    })
    expect(text).toContain(target.staged)
    expect(text).not.toMatch(/policy drop|ingress: true|egress: true|kind: NetworkPolicy/)
  })
})
