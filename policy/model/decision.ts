import type { AccessRequest, RequestPart } from './request.ts'

/** `unknown`: a part that the answer depends on is missing. It is never counted as allow or deny. */
export const policyAnswers = ['allow', 'deny', 'unknown'] as const
export type PolicyAnswer = (typeof policyAnswers)[number]

/** The answer of a policy to one request. */
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
