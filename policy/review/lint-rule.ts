import type { ResolvedPolicy } from '../language/resolved.ts'
import type { Policy, Span } from '../model/policy.ts'
import type { PolicyProblem } from '../model/problem.ts'
import type { Coverage } from './coverage.ts'

/** One thing that is looked for in a policy that has no errors. */
export interface LintRule {
  readonly level: PolicyProblem['level']
  /** What it finds, and why that matters; for people and for SARIF. */
  readonly help: string
  readonly find: (subject: LintSubject) => Iterable<LintFinding>
}

export interface LintSubject {
  readonly policy: Policy
  /** The same with its names resolved; its zones and rules are at the same positions. */
  readonly resolved: ResolvedPolicy
  /** `2026-11-30`. */
  readonly today: string
  readonly coverage: Coverage
}

export interface LintFinding {
  readonly at: Span
  readonly message: string
  readonly suggestion?: string
}
