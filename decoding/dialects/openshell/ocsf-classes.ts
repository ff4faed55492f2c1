import { isObject } from '../../../core/json.ts'
import type { Severity } from '../../../core/labels/event.ts'
import type { Decision, PolicyEngine } from '../../../core/labels/policy.ts'
import type { DriftKind } from '../../../core/labels/posture.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { approved, decided, drifted, type GuardReading, refusedByGuard } from '../../toolkit/guard-claims.ts'

/** `severity_id` of OCSF: 0 and 99 say nothing. */
const severities = new Map<unknown, Severity>([
  [1, 'info'],
  [2, 'low'],
  [3, 'medium'],
  [4, 'high'],
  [5, 'critical'],
  [6, 'critical'],
])

/** `action_id` of OCSF's profile `security_control`; modified traffic went through. */
const byAction = new Map<unknown, Decision>([
  [1, 'allow'],
  [2, 'deny'],
  [3, 'audit'],
  [4, 'allow'],
])

/** `disposition_id`, where the action says nothing: blocked, detected, rejected. */
const byDisposition = new Map<unknown, Decision>([
  [1, 'allow'],
  [2, 'deny'],
  [15, 'audit'],
  [25, 'deny'],
])

/** The types of rules that OpenShell 0.1.5 names. */
const engines = new Map<unknown, PolicyEngine>(
  (
    [
      'opa',
      'ssrf',
      'l7',
      'l7-graphql',
      'l7-jsonrpc',
      'l7-mcp',
      'l7-websocket',
      'mechanistic',
      'nftables',
      'middleware',
      'supervisor-middleware',
      'credential-binding',
      'credentials',
      'request-authority',
      'tls',
    ] as const
  ).map(type => [type, `openshell-${type}`]),
)

const NO_RULE = '-'
const BYPASS = 'bypass-detect'
/** `status_id` of what failed. */
export const FAILURE = 2

/** By `class_uid`; undefined of a class that OpenShell does not write. */
export const classes: ReadonlyMap<unknown, (event: Fields) => GuardReading> = new Map([
  [4001, readDecision],
  [4002, readDecision],
  [1007, readDecision],
  [4007, readSession],
  [2004, readFinding],
  [5019, readConfiguration],
  [6002, readLifecycle],
  // A request for inference is decided in an event of class 4001.
  [6003, () => 'no_signal'],
  [0, () => 'no_signal'],
])

export const severityOf = (event: Fields): Severity | undefined => severities.get(event.severity_id)

export const objectIn = (value: unknown): Fields => (isObject(value) ? value : NOTHING)
const NOTHING: Fields = {}

function readDecision(event: Fields): GuardReading {
  const decision = decisionOf(event)
  if (decision === undefined) return 'no_signal'
  const { name, type } = objectIn(event.firewall_rule)
  return decided(engines.get(type) ?? 'openshell-other', policyOf(name), decision, severityOf(event))
}

function policyOf(name: unknown) {
  if (name === BYPASS) return 'bypass'
  if (name === NO_RULE) return 'no_matching_rule'
  return typeof name === 'string' && name !== '' ? 'named_rule' : 'other'
}

function decisionOf(event: Fields): Decision | undefined {
  const decision = byAction.get(event.action_id) ?? byDisposition.get(event.disposition_id)
  return decision === 'allow' && isAudited(event) ? 'audit' : decision
}

/**
 * A rule under `enforcement: audit` lets pass what it denies. The event has the action of an allowed one: only
 * `l7_decision`, where there is one, and the word after the name of the message say so. What an agent writes follows
 * later in the message.
 */
const AUDITED = /^(?:[A-Z]{1,16}_){0,2}L7(?:_REQUEST)? audit /

function isAudited({ message, unmapped }: Fields): boolean {
  const { l7_decision: l7Decision } = objectIn(unmapped)
  if (typeof l7Decision === 'string') return l7Decision === 'audit'
  return typeof message === 'string' && AUDITED.test(message)
}

/** A session by SSH that is refused; one that succeeds is the operator's normal way in. */
function readSession(event: Fields): GuardReading {
  return decisionOf(event) === 'deny' || event.status_id === FAILURE ? refusedByGuard(severityOf(event)) : 'no_signal'
}

/** By `finding_info.uid`: a sandbox that runs without a part of its protection. */
const degraded = new Set<unknown>([
  'landlock-unavailable',
  'landlock-enforce-failed',
  'platform-sandbox-unavailable',
  'credential-gating-unavailable',
  'bounding-set-clear-blocked',
])

/** A bypass is written twice: its event of class 4001 counts. */
function readFinding(event: Fields): GuardReading {
  const { uid } = objectIn(event.finding_info)
  if (uid === BYPASS) return 'no_signal'
  return drifted(findingKind(event, uid), severityOf(event))
}

function findingKind(event: Fields, uid: unknown): DriftKind {
  if (isFailOpen(event)) return 'guard_fail_open'
  if (degraded.has(uid)) return 'guard_degraded'
  return uid === 'unsafe-disk-policy' ? 'guard_policy_rejected' : 'guard_finding'
}

/** Traffic that a middleware could not inspect, and that passed. The names of the evidence are the supervisor's. */
function isFailOpen({ evidences }: Fields): boolean {
  if (!Array.isArray(evidences)) return false
  return objectIn(objectIn(evidences[0]).data).disposition === 'fail_open'
}

/** By the label of the state, in lower case; the supervisor may write others, which are no drift. */
const states = new Map<unknown, GuardReading>([
  ['proposed', approved('asked')],
  ['approved', approved('granted')],
  ['rejected', approved('denied')],
])
const drifts = new Map<unknown, DriftKind>([
  ['loaded', 'guard_policy_changed'],
  ['updated', 'guard_policy_changed'],
  ['reloaded', 'guard_policy_changed'],
  ['activated', 'guard_policy_changed'],
  ['fail_closed', 'guard_fail_closed'],
  ['configuration_error', 'guard_fail_closed'],
  ['degraded', 'guard_degraded'],
  ['retained_previous_policy', 'guard_policy_rejected'],
  ['failed', 'guard_policy_rejected'],
  ['stale', 'guard_policy_rejected'],
])

function readConfiguration(event: Fields): GuardReading {
  const label = textOf(event.state, 64)?.toLowerCase()
  const kind = driftOf(event, label)
  return kind === undefined ? (states.get(label) ?? 'no_signal') : drifted(kind, severityOf(event))
}

function driftOf(event: Fields, label: string | undefined): DriftKind | undefined {
  const kind = drifts.get(label)
  if (kind !== undefined || states.has(label)) return kind
  return event.security_level === 'At Risk' || event.status_id === FAILURE ? 'guard_degraded' : undefined
}

function readLifecycle(event: Fields): GuardReading {
  return event.status_id === FAILURE ? drifted('guard_degraded', severityOf(event)) : 'no_signal'
}
