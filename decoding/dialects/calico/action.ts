import type { Decision, Policy } from '../../../core/labels/policy.ts'

/** The policy that decided on a flow, or would decide on it if the staged ones were enforced. */
export interface Hit {
  readonly action: 'allow' | 'deny'
  readonly kind: 'rule' | 'end_of_tier' | 'profile'
}

/**
 * What was enforced; an allowed flow that the staged policies would deny is of the decision `audit`.
 *
 * @param enforced the hit that decided, where the record names it
 * @param pending the hit that would decide with the staged policies, where the record names it
 */
export function decisionOf(
  action: 'allow' | 'deny',
  enforced: Hit | undefined,
  pending: Hit | undefined,
): { readonly decision: Decision; readonly policy: Policy } {
  if (action === 'allow' && pending?.action === 'deny') return { decision: 'audit', policy: policyOf('deny', pending) }
  return { decision: action, policy: policyOf(action, enforced) }
}

function policyOf(action: 'allow' | 'deny', hit: Hit | undefined): Policy {
  if (hit === undefined || hit.action !== action) return 'other'
  if (hit.kind === 'rule') return action === 'allow' ? 'allow_rule' : 'deny_rule'
  return action === 'allow' ? 'default_allow' : 'default_deny'
}

/**
 * Whether a flow counts where this end reports it. Both ends report the flows that they see, by the number of each, so
 * that no record can be matched with that of the other end. A denied flow ends where it is denied, and a would-be denial
 * is reported where the staged policy is. An allowed flow is counted where it arrives: by its destination, if Calico
 * reports for that.
 */
export function countsHere(
  decision: Decision,
  { isBySource, isDestinationReported }: { readonly isBySource: boolean; readonly isDestinationReported: boolean },
): boolean {
  return decision !== 'allow' || isBySource !== isDestinationReported
}
