import type { ResolvedPolicy } from '../language/resolved.ts'
import type { Policy } from '../model/policy.ts'
import type { PolicyProblem } from '../model/problem.ts'
import { breadthRules } from './breadth.ts'
import { Coverage } from './coverage.ts'
import { expiryRules } from './expiry.ts'
import type { LintRule } from './lint-rule.ts'
import { redundancyRules } from './redundancy.ts'
import { usageRules } from './usage.ts'

/** What is looked for in a policy without errors, by kind. */
export const lintRules = { ...breadthRules, ...redundancyRules, ...usageRules, ...expiryRules } as const

/**
 * What is allowed and probably not meant.
 *
 * @param policy without errors, and the same with its names resolved
 * @param today `2026-11-30`
 */
export function lintPolicy(policy: Policy, resolved: ResolvedPolicy, today: string): readonly PolicyProblem[] {
  const subject = { policy, resolved, today, coverage: new Coverage() }
  const found = Object.entries(lintRules).flatMap(([kind, { level, find }]: [string, LintRule]) =>
    [...find(subject)].map(
      ({ at: { from, to }, ...finding }): PolicyProblem => ({ kind, level, ...finding, at: { from, to } }),
    ),
  )
  return found.sort((a, b) => a.at.from - b.at.from)
}
