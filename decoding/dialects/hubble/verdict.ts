import type { Decision, Policy } from '../../../core/labels/policy.ts'
import type { Fields } from '../../toolkit/fields.ts'
import { objectOf } from '../../toolkit/flow.ts'

/** What a flow says that a policy of Cilium decided, and how sure it is that no other record of the flow says more. */
export interface FlowVerdict {
  readonly decision: Decision
  readonly policy: Policy
}

/**
 * Drop reasons of policies by name, and by the number of the deprecated field (flow.proto, `DropReason`). All other
 * packets are dropped for technical reasons.
 */
const policyByDropReason: ReadonlyMap<unknown, Policy> = new Map<unknown, Policy>([
  ['POLICY_DENIED', 'default_deny'],
  [133, 'default_deny'],
  ['POLICY_DENY', 'deny_rule'],
  [181, 'deny_rule'],
  ['DENIED_BY_LB_SRC_RANGE_CHECK', 'source_range'],
  [177, 'source_range'],
  ['AUTH_REQUIRED', 'auth_required'],
  [189, 'auth_required'],
  ['UNENCRYPTED_TRAFFIC', 'unencrypted_traffic'],
  [195, 'unencrypted_traffic'],
])

/** Numbers of Cilium's monitor (`MessageType…`): a policy decided on a new connection; a proxy wrote its access log. */
const POLICY_VERDICT = 5
const ACCESS_LOG = 129

const eventTypeOf = ({ event_type: type }: Fields): unknown => objectOf(type).type

/** Of a request and not of the connection that carries it. */
export const isOfLayer7 = (flow: Fields): boolean => flow.Type === 'L7' || eventTypeOf(flow) === ACCESS_LOG

/** Of the monitor of policies, and not of the drop of the packet. */
export const isPolicyVerdict = (flow: Fields): boolean => eventTypeOf(flow) === POLICY_VERDICT

/** The reason of a drop, by its name or its number. */
export const dropReasonOf = ({ drop_reason_desc: name, drop_reason: number }: Fields): unknown => name ?? number

/**
 * Packets that are forwarded at a trace point are none: only a policy verdict, or a proxy, reports that a policy decided.
 */
export function verdictOf(flow: Fields): FlowVerdict | undefined {
  switch (flow.verdict) {
    case 'DROPPED':
      return droppedBy(flow)
    case 'AUDIT':
      return { decision: 'audit', policy: policyByDropReason.get(dropReasonOf(flow)) ?? 'default_deny' }
    case 'FORWARDED':
    case 'REDIRECTED':
      return isPolicyVerdict(flow) || isOfLayer7(flow) ? ALLOWED : undefined
    default:
      return undefined
  }
}

const ALLOWED: FlowVerdict = { decision: 'allow', policy: 'allow_rule' }

/** A drop of which the reason is left out is counted: it may be that of a policy. */
function droppedBy(flow: Fields): FlowVerdict | undefined {
  if (isOfLayer7(flow)) return { decision: 'deny', policy: 'l7_rule' }
  const reason = dropReasonOf(flow)
  const policy = reason === undefined ? 'other' : policyByDropReason.get(reason)
  return policy === undefined ? undefined : { decision: 'deny', policy }
}
