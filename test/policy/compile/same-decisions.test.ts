import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Loss } from '../../../policy/compile/contract/target.ts'
import { createEvaluator } from '../../../policy/decide/evaluator.ts'
import type { ResolvedPolicy } from '../../../policy/language/resolved.ts'
import type { AccessRequest } from '../../../policy/model/request.ts'
import { clusterCases, clusterPolicies, requestOf } from './cluster-cases.ts'
import { modelled } from './models/registry.ts'

const today = '2026-11-30'
const namespace = 'prod'

/** The policy without the rules of which something is lost that makes them narrower. */
const withoutNarrowed = (policy: ResolvedPolicy, losses: readonly Loss[]): ResolvedPolicy => ({
  ...policy,
  rules: policy.rules.filter(({ name }) => !losses.some(loss => loss.rule === name && loss.direction === 'narrower')),
})

/** The policy without the conditions that a target says it does not compare. */
const withoutLostConditions = (policy: ResolvedPolicy, losses: readonly Loss[]): ResolvedPolicy => ({
  ...policy,
  rules: policy.rules.map(rule => ({
    ...rule,
    conditions: rule.conditions.filter(
      ({ kind }) => !losses.some(loss => loss.rule === rule.name && loss.direction === 'wider' && loss.part === kind),
    ),
  })),
})

/** Whether a policy allows a request of which nothing is missing. */
function allowedBy(policy: ResolvedPolicy): (request: AccessRequest) => boolean {
  const { decide } = createEvaluator(policy, { today })
  return request => {
    const { answer, missing } = decide(request)
    if (answer === 'unknown') throw new Error(`missing: ${missing.join(', ')}`)
    return answer === 'allow'
  }
}

describe.each(modelled)('$target.name, by an independent model of what it documents', ({ target, model }) => {
  it('decides like the evaluator, but for the losses that it lists', () => {
    const seen = { policies: 0, connections: 0, allowed: 0, exact: 0 }
    fc.assert(
      fc.property(clusterPolicies, fc.array(clusterCases, { minLength: 20, maxLength: 40 }), (policy, cases) => {
        const { text, losses } = target.compile(policy, { isStaged: false, namespace, today })
        const compiled = model(text)
        const isAllowedAtLeast = allowedBy(withoutNarrowed(policy, losses))
        const isAllowedAtMost = allowedBy(withoutLostConditions(policy, losses))
        seen.policies += 1
        for (const one of cases) {
          const { source, destination } = one.connection
          const isProtected = source.namespace === namespace || destination.namespace === namespace
          if (target.isNamespaced && !isProtected) continue
          const isAllowed = compiled(one.connection)
          const request = requestOf(one)
          const [atLeast, atMost] = [isAllowedAtLeast(request), isAllowedAtMost(request)]
          seen.connections += 1
          seen.allowed += Number(isAllowed)
          seen.exact += Number(atLeast === atMost)
          if (atLeast && !isAllowed) throw new Error(`denied: ${JSON.stringify(one)}\n${text}`)
          if (!atMost && isAllowed) throw new Error(`allowed: ${JSON.stringify(one)}\n${text}`)
        }
      }),
      { numRuns: 300 },
    )
    // The cases are worth something: many are allowed, and mostly no loss leaves a choice.
    expect(seen.allowed).toBeGreaterThan(seen.connections / 50)
    expect(seen.exact).toBeGreaterThan(seen.connections / 2)
  })
})
