import type { Span } from './policy.ts'

/** What is wrong, or odd, in the source of a policy. */
export interface PolicyProblem {
  /** Stable id of its kind, such as `syntax` or `rule-shadowed`; also the rule id in SARIF. */
  readonly kind: string
  readonly level: 'error' | 'warning' | 'note'
  /** A sentence: what is wrong, and what to do. */
  readonly message: string
  readonly at: Span
  /** What to write in place of the span. */
  readonly suggestion?: string
}
