import type { ApprovalDecision, Decision, Policy } from '../../../core/labels/policy.ts'
import type { DriftKind } from '../../../core/labels/posture.ts'
import type { Fields } from '../../toolkit/fields.ts'
import { approved, decided, drifted, type GuardReading, refusedByGuard } from '../../toolkit/guard-claims.ts'
import { pathReaders } from '../../toolkit/path.ts'
import { severityOf } from './severity.ts'

/** The parts of a record that its events read. */
export interface V8Record {
  readonly severity: unknown
  readonly phase: unknown
  readonly body: Fields
}

/** Names in `body`, which has dots in its keys. */
const names = {
  decision: 'defenseclaw.guardrail.decision',
  effectiveAction: 'defenseclaw.guardrail.effective_action',
  mode: 'defenseclaw.guardrail.mode',
  wouldBlock: 'defenseclaw.guardrail.would_block',
  enforced: 'defenseclaw.guardrail.enforced',
  phase: 'defenseclaw.guardrail.phase',
  direction: 'defenseclaw.guardrail.direction',
  actorType: 'defenseclaw.approval.actor_type',
  result: 'defenseclaw.approval.result',
  branch: 'defenseclaw.network.branch',
  recordCount: 'defenseclaw.telemetry.record_count',
  subsystem: 'defenseclaw.health.subsystem',
} as const
export const inBody = pathReaders(names)

/** Every event that is known, by `event_name`. */
export const events: ReadonlyMap<unknown, (record: V8Record) => GuardReading> = new Map([
  ['authentication.failed', refusal],
  ['telemetry.authentication.failed', refusal],
  ['authorization.denied', denial],
  ['telemetry.authorization.denied', denial],
  ['approval.requested', () => approved('asked')],
  ['approval.resolved', ({ body }) => approved(resolutionOf(body))],
  ['guardrail.evaluation.completed', readEvaluation],
  ['guardrail.evaluation.failed', drift('guard_degraded')],
  [
    'egress.allowed',
    ({ body, severity }) => decided('defenseclaw-egress', branchOf(body), 'allow', severityOf(severity)),
  ],
  [
    'egress.blocked',
    ({ body, severity }) => decided('defenseclaw-egress', branchOf(body), 'deny', severityOf(severity)),
  ],
  ['enforcement.block.failed', drift('guard_block_failed')],
  ['finding.observed', drift('guard_finding')],
  ['config.change.applied', drift('guard_config_changed')],
  ['observability.profile.changed', drift('guard_config_changed')],
  ['redaction.profile.updated', drift('guard_config_changed')],
  ['destination.updated', drift('guard_config_changed')],
  ['config.reload.rejected', drift('guard_policy_rejected')],
  ['policy.reload.rejected', drift('guard_policy_rejected')],
  ['policy.updated', drift('guard_policy_changed')],
  ...['activated', 'admitted', 'disabled', 'quarantined', 'registered', 'released', 'removed', 'updated'].map(
    change => [`asset.${change}`, drift('guard_asset_changed')] as const,
  ),
  ['subsystem.degraded', readDegraded],
  ['telemetry.records.dropped', ({ body }) => ({ lostRecords: lostIn(body) })],
  ['destination.queue_full', () => ({ lostRecords: 1 })],
  ['destination.export_failed', () => ({ lostRecords: 1 })],
  ['sqlite.write_failed', () => ({ lostRecords: 1 })],
  // What one decision brings beside its evaluation, and what is no decision.
  ...[
    'hook_decision',
    'guardrail.evaluation.started',
    'guardrail.judge.completed',
    'guardrail.judge.failed',
    'enforcement.block.requested',
    'enforcement.block.applied',
    'enforcement.quarantine.applied',
    'enforcement.redaction.applied',
    'enforcement.release.applied',
    'enforcement.access.revoked',
    'tool.invocation.blocked',
    'tool.invocation.requested',
    'tool.invocation.started',
    'tool.invocation.completed',
    'tool.invocation.failed',
    'egress.requested',
    'egress.completed',
    'egress.failed',
    'finding.correlated',
    'redaction.failed_closed',
    'schema.validation_failed',
    'config.change.attempted',
    'destination.authentication.failed',
    'destination.authorization.denied',
    'destination.test.attempted',
    'destination.test.completed',
    'subsystem.ready',
    'subsystem.restored',
    'asset.discovered',
    'diagnostic.message',
    'diagnostic.snapshot',
    'model.request',
    'model.response',
    'model.call.failed',
    'model.stream.completed',
    'scan.started',
    'scan.phase.completed',
    'scan.completed',
    'scan.cancelled',
    'scan.failed',
    'telemetry.batch.accepted',
    'telemetry.batch.normalized',
    'telemetry.batch.rejected',
  ].map(name => [name, quiet] as const),
])

/** Buckets of which no event is counted: what an agent does, and what was found on the machine. */
export const quietBuckets = new Set<unknown>(['agent.lifecycle', 'ai.discovery', 'model.io', 'diagnostic'])

function quiet(): GuardReading {
  return 'no_signal'
}

function refusal({ severity }: V8Record): GuardReading {
  return refusedByGuard(severityOf(severity))
}

function denial({ severity }: V8Record): GuardReading {
  return decided('defenseclaw-authorization', 'other', 'deny', severityOf(severity))
}

function drift(kind: DriftKind): (record: V8Record) => GuardReading {
  return ({ severity }) => drifted(kind, severityOf(severity))
}

/** A cancelled request ended without an answer. */
const resolutions = new Map<unknown, ApprovalDecision>([
  ['approved', 'granted'],
  ['denied', 'denied'],
  ['expired', 'expired'],
  ['cancelled', 'expired'],
])

function resolutionOf(body: Fields): ApprovalDecision {
  const decision = resolutions.get(inBody.result(body)) ?? 'expired'
  return decision === 'granted' && inBody.actorType(body) !== 'operator' ? 'automatic' : decision
}

const decisions = new Map<unknown, Decision>([
  ['allow', 'allow'],
  ['alert', 'allow'],
  ['warn', 'allow'],
  ['redact', 'allow'],
  ['block', 'deny'],
  ['deny', 'deny'],
  ['review', 'ask'],
  ['confirm', 'ask'],
])

const directions = new Map<unknown, Policy>([
  ['input', 'guardrail_input'],
  ['prompt', 'guardrail_input'],
  ['output', 'guardrail_output'],
  ['completion', 'guardrail_output'],
  ['tool', 'guardrail_tool'],
])

/** The phases of one evaluation before its last. */
const earlierPhases = new Set<unknown>(['regex', 'ai_defense', 'judge', 'policy'])

/** The authority for a decision: one event of several that a decision brings, and of its phases the last. */
function readEvaluation({ severity, phase, body }: V8Record): GuardReading {
  if (earlierPhases.has(inBody.phase(body) ?? phase)) return 'no_signal'
  const decision = decisionOf(body)
  if (decision === undefined) return undefined
  const policy = directions.get(inBody.direction(body)) ?? 'other'
  return decided('defenseclaw-guardrail', policy, decision, severityOf(severity))
}

/** In the mode `observe` nothing is refused: what would have been is decision `audit`. */
function decisionOf(body: Fields): Decision | undefined {
  const decision = decisions.get(inBody.decision(body) ?? inBody.effectiveAction(body))
  if (inBody.enforced(body) === true) return decision
  if (inBody.wouldBlock(body) === true) return 'audit'
  return decision === 'deny' && inBody.mode(body) === 'observe' ? 'audit' : decision
}

const branches = new Map<unknown, Policy>([
  ['known', 'egress_known'],
  ['shape', 'egress_shape'],
  ['passthrough', 'egress_passthrough'],
  ['chat', 'egress_chat'],
  ['private-upstream', 'egress_private_upstream'],
])

export const policyOfBranch = (branch: unknown): Policy => branches.get(branch) ?? 'other'
const branchOf = (body: Fields): Policy => policyOfBranch(inBody.branch(body))

/** One decision without inspection because the inspector was not there; `no_content` had nothing to inspect. */
const FAIL_OPEN = /^managed_aid_fail_open\.(?!no_content$)/
const NOTHING_TO_INSPECT = 'managed_aid_fail_open.no_content'

export const isFailOpen = (subsystem: unknown): boolean => typeof subsystem === 'string' && FAIL_OPEN.test(subsystem)

function readDegraded({ severity, body }: V8Record): GuardReading {
  const subsystem = inBody.subsystem(body)
  if (subsystem === NOTHING_TO_INSPECT) return 'no_signal'
  return drifted(isFailOpen(subsystem) ? 'guard_fail_open' : 'guard_degraded', severityOf(severity))
}

/** A number above this is a mistake. */
const MOST_LOST = 1e9

function lostIn(body: Fields): number {
  const count = inBody.recordCount(body)
  return typeof count === 'number' && Number.isInteger(count) && count > 0 && count <= MOST_LOST ? count : 1
}
