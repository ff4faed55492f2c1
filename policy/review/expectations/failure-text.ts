import type { ResolvedPolicy } from '../../language/resolved.ts'
import type { Expectation } from '../../model/policy.ts'
import type { PolicyProblem } from '../../model/problem.ts'
import { type ExpectationFailure, MAX_ACCESSES } from './run.ts'

/** A failed expectation with its place, and the rule that decided. */
export function expectationProblem(
  { at, decision: expected }: Expectation,
  failure: ExpectationFailure,
  policy: ResolvedPolicy,
): PolicyProblem {
  return {
    kind: 'expectation-failed',
    level: 'error',
    at,
    message: `expected ${expected}; ${sentence(failure, policy)}`,
  }
}

function sentence(failure: ExpectationFailure, { rules }: ResolvedPolicy): string {
  if (failure.kind === 'no-access') {
    return 'no end is what it names: its terms contradict each other, or an earlier zone has these ends'
  }
  if (failure.kind === 'too-many') {
    return `it is about more than ${MAX_ACCESSES.toLocaleString('en')} different accesses; name narrower ends or ports`
  }
  const { decision, access, failed } = failure
  const rule = decision.rule === undefined ? '' : (rules[decision.rule]?.name ?? '')
  const more = failed === 1 ? '' : ` (and ${failed - 1} more accesses)`
  const about = `${access.from} to ${access.to}, ${access.door}${more}`
  if (decision.answer === 'allow') return `rule ${rule} allows it: ${about}`
  if (decision.answer === 'deny') return `no rule allows it: ${about}`
  return `the answer is unknown, because rule ${rule} may allow it and depends on ${decision.missing.join(', ')}: ${about}`
}
