import type { Mechanism } from '../../../core/labels/authentication.ts'
import { type Severity, severities } from '../../../core/labels/event.ts'
import type { ApprovalDecision, Decision, Policy, PolicyEngine } from '../../../core/labels/policy.ts'
import type { DriftKind } from '../../../core/labels/posture.ts'
import { signals } from '../../../core/signals.ts'
import {
  approvalOutcome,
  closedSet,
  decisionOutcome,
  foldReason,
  mechanismOfCredential,
  mechanismOfReason,
  refused,
} from '../../toolkit/claims.ts'
import type { Claim } from '../../toolkit/record.ts'
import { denied, granted, isOwnRequest, stepOf } from './approvals.ts'
import type { SecurityEventRecord } from './event.ts'

/** The part of a claim that depends on the action. */
export type ClaimDraft = Pick<Claim, 'signal' | 'labels' | 'outcome' | 'severity' | 'approval' | 'isSelfApproval'>

/** The claim of an action of the stream; `no_signal` if the action moves no signal. */
export type ReadAction = (event: SecurityEventRecord) => ClaimDraft | 'no_signal'

const knownSeverity = closedSet(severities)

const toolPolicies = new Map<unknown, Policy>([
  ['plugin-before-tool-call', 'before_tool_call'],
  ['plugin-tool-approval', 'plugin_approval'],
  ['tool-loop-detection', 'tool_loop'],
  ['talk-client-voice-confirmation', 'voice_confirmation'],
])

/** Every action that OpenClaw 2026.9.6 emits. */
export const actions: ReadonlyMap<unknown, ReadAction> = new Map<unknown, ReadAction>([
  ['gateway.auth.failed', readFailure],
  ['gateway.auth.succeeded', readSuccess],
  ['device.pairing.approved', readPairingApproval],
  ['device.pairing.rejected', drifted('pairing_rejected')],
  ['device.pairing.renamed', drifted('pairing_renamed')],
  ['device.pairing.removed', drifted('pairing_removed')],
  ['device.role.removed', drifted('pairing_removed')],
  ['device.token.rotated', drifted('token_rotated')],
  ['device.token.revoked', drifted('token_revoked')],
  ['device.pairing.denied', decided('openclaw-device', 'deny', () => 'pairing_administration')],
  ['device.role.removal_denied', decided('openclaw-device', 'deny', () => 'pairing_administration')],
  ['device.token.rotation_denied', decided('openclaw-device', 'deny', () => 'token_scope')],
  ['device.token.revocation_denied', decided('openclaw-device', 'deny', () => 'token_scope')],
  ['exec.approval.requested', approved(() => 'asked')],
  ['exec.approval.approved', approved(granted)],
  ['exec.approval.denied', approved(denied)],
  [
    'tool.execution.blocked',
    decided('openclaw-tools', 'deny', event => toolPolicies.get(event.read('policyId')) ?? 'other'),
  ],
  ['plugin.installed', drifted('plugin_installed')],
  ['plugin.updated', drifted('plugin_updated')],
  ['plugin.audit.failed', decided('openclaw-plugins', 'deny', () => 'code_scan')],
  ['security.audit.completed', readAudit],
])

function readFailure(event: SecurityEventRecord): ClaimDraft {
  const reason = foldReason(event.read('reason'))
  const mechanism =
    mechanismOfCredential(event.read('authProvided')) ??
    mechanismOfReason(reason) ??
    mechanismOfCredential(event.read('authMode')) ??
    'other'
  return refused(mechanism, reason, knownSeverity(event.read('severity')))
}

function readSuccess(event: SecurityEventRecord): ClaimDraft {
  const mechanism: Mechanism =
    mechanismOfCredential(event.read('authMethod')) ?? mechanismOfCredential(event.read('authProvided')) ?? 'other'
  return {
    signal: 'auth_successes',
    labels: { mechanism },
    outcome: 'success',
    severity: severityOf(event, signals.auth_successes.severity),
  }
}

function readPairingApproval(event: SecurityEventRecord): ReturnType<ReadAction> {
  const drift = drifted('pairing_approved')(event)
  return drift !== 'no_signal' && isOwnRequest(event) ? { ...drift, isSelfApproval: true } : drift
}

function drifted(kind: DriftKind): ReadAction {
  return event => {
    const severity = severityOf(event, signals.posture_drifts.severity)
    return { signal: 'posture_drifts', labels: { kind, severity }, outcome: 'success', severity }
  }
}

function decided(
  engine: PolicyEngine,
  decision: Decision,
  policyOf: (event: SecurityEventRecord) => Policy,
): ReadAction {
  return event => ({
    signal: 'policy_decisions',
    labels: { engine, policy: policyOf(event), decision },
    outcome: decisionOutcome[decision],
    severity: severityOf(event, signals.policy_decisions.severity),
  })
}

function approved(decisionOf: (event: SecurityEventRecord) => ApprovalDecision): ReadAction {
  return event => {
    const decision = decisionOf(event)
    const approval = stepOf(event, decision)
    return {
      signal: 'approvals',
      labels: { decision },
      outcome: event.read('outcome') === 'error' ? 'failure' : approvalOutcome[decision],
      severity: severityOf(event, signals.approvals.severity),
      ...(approval !== undefined && { approval }),
    }
  }
}

/** An audit without findings is no drift. */
function readAudit(event: SecurityEventRecord): ClaimDraft | 'no_signal' {
  if (event.read('outcome') === 'success') return 'no_signal'
  const severity = severityOf(event, signals.posture_drifts.severity)
  return { signal: 'posture_drifts', labels: { kind: 'security_audit', severity }, outcome: 'failure', severity }
}

function severityOf(event: SecurityEventRecord, fallback: Severity): Severity {
  return knownSeverity(event.read('severity')) ?? fallback
}
