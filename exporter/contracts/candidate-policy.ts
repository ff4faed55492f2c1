import type { SecurityEvent } from '../../core/event.ts'
import type { PolicyAnswer } from '../../core/labels/policy.ts'

/** A policy that is not enforced: what it would have decided. Made by the composition, which knows the language. */
export interface CandidatePolicy {
  /** Label value; unique among the candidates. */
  readonly name: string
  /** Pure and fast: called for each event with a flow or an access. */
  decide(event: SecurityEvent): PolicyAnswer
}
