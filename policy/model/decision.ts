import type { PolicyAnswer } from '../../core/labels/policy.ts'
import type { AccessRequest, RequestPart } from './request.ts'

/** The answer of a policy to one request. Unknown is never counted as allow or deny. */
export interface PolicyDecision {
  readonly answer: PolicyAnswer
  /** Position in `Policy.rules`: of the first rule that allows, or of the first that may; absent for `deny`. */
  readonly rule?: number
  /** Of `unknown`: what the rules that may allow lack, in the order of `requestParts`. */
  readonly missing: readonly RequestPart[]
  /** Names of the zones of the ends; `unknown` where that depends on what is missing, null where an end is in none. */
  readonly sourceZone: string | null
  readonly destinationZone: string | null
}

/** A policy that was compiled once: pure, without a clock; the reference meaning of the language. */
export interface PolicyEvaluator {
  readonly name: string
  decide(request: AccessRequest): PolicyDecision
}
