import type { Severity } from '../../core/labels/event.ts'
import type { ApprovalDecision, Decision, Policy, PolicyEngine } from '../../core/labels/policy.ts'
import type { DriftKind } from '../../core/labels/posture.ts'
import { signals } from '../../core/signals.ts'
import { approvalOutcome, decisionOutcome, refused } from './claims.ts'
import type { Claim } from './record.ts'

/** The part of a claim that depends on what the guard reports. */
export type GuardDraft = Pick<Claim, 'signal' | 'labels' | 'outcome' | 'severity'>

/** What a record of a guard reports: a claim, nothing that is counted, records that it lost, or nothing that is known. */
export type GuardReading = GuardDraft | 'no_signal' | { readonly lostRecords: number } | undefined

/** A decision about what an agent wants to do. */
export function decided(engine: PolicyEngine, policy: Policy, decision: Decision, severity?: Severity): GuardDraft {
  return {
    signal: 'policy_decisions',
    labels: { engine, policy, decision },
    outcome: decisionOutcome[decision],
    severity: severity ?? signals.policy_decisions.severity,
  }
}

export function approved(decision: ApprovalDecision): GuardDraft {
  const { severity } = signals.approvals
  return { signal: 'approvals', labels: { decision }, outcome: approvalOutcome[decision], severity }
}

/** A change of the guard's own posture. */
export function drifted(kind: DriftKind, severity: Severity = signals.posture_drifts.severity): GuardDraft {
  return { signal: 'posture_drifts', labels: { kind, severity }, outcome: 'success', severity }
}

/** The guard refused a caller of its own interfaces: the agent's hook, an operator, a sender of telemetry. */
export const refusedByGuard = (severity?: Severity): GuardDraft => refused('guard', 'unauthorized', severity)
