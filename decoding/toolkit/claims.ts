import { type AuthReason, authReasons, type Mechanism } from '../../core/labels/authentication.ts'
import type { Outcome, Severity } from '../../core/labels/event.ts'
import type { ApprovalDecision, Decision, Policy, PolicyEngine } from '../../core/labels/policy.ts'
import type { DriftKind } from '../../core/labels/posture.ts'
import { signals } from '../../core/signals.ts'
import type { ClaimDraft } from './record.ts'

/**
 * Maps a value of a record to a closed set: the value itself if it is a member, else undefined. A Set rather than an
 * object, so that `constructor` and the like are not members.
 */
export function closedSet<T extends string>(members: readonly T[]): (value: unknown) => T | undefined {
  const known = new Set<unknown>(members)
  return value => (known.has(value) ? (value as T) : undefined)
}

/** Outcome of an event by its decision; unknown while nothing was refused or granted. */
export const decisionOutcome: Readonly<Record<Decision, Outcome>> = {
  allow: 'success',
  deny: 'denied',
  ask: 'unknown',
  audit: 'unknown',
}

/** Outcome of an event by what became of the approval. */
export const approvalOutcome: Readonly<Record<ApprovalDecision, Outcome>> = {
  asked: 'unknown',
  granted: 'success',
  automatic: 'success',
  denied: 'denied',
  expired: 'denied',
}

/** A decision of a policy engine. */
export function policyDecision(engine: PolicyEngine, policy: Policy, decision: Decision): ClaimDraft {
  return {
    signal: 'policy_decisions',
    labels: { engine, policy, decision },
    outcome: decisionOutcome[decision],
    severity: decision === 'allow' ? 'info' : signals.policy_decisions.severity,
  }
}

const knownReason = closedSet(authReasons)
const MISSING_HEADER = 'trusted_proxy_missing_header_'

/** OpenClaw's reason as a member of the closed set; `other` for every word that is not in it. */
export function foldReason(word: unknown): AuthReason {
  if (typeof word !== 'string') return 'other'
  if (word.startsWith(MISSING_HEADER)) return 'trusted_proxy_missing_header'
  if (word === 'origin not allowed') return 'origin_not_allowed'
  return knownReason(word) ?? 'other'
}

/** The mechanism that a credential belongs to, by OpenClaw's `authProvided`, `authMode` or `auth_method`. */
const mechanismByCredential = new Map<unknown, Mechanism>([
  ['token', 'shared_secret'],
  ['password', 'shared_secret'],
  ['device-token', 'device_token'],
  ['bootstrap-token', 'bootstrap_token'],
  ['trusted-proxy', 'trusted_proxy'],
  ['tailscale', 'tailscale'],
  ['device-signature', 'device'],
])

export function mechanismOfCredential(credential: unknown): Mechanism | undefined {
  return mechanismByCredential.get(credential)
}

const mechanismByReasonPrefix: readonly (readonly [string, Mechanism])[] = [
  ['token_', 'shared_secret'],
  ['password_', 'shared_secret'],
  ['device_token_', 'device_token'],
  ['scope_mismatch', 'device_token'],
  ['bootstrap_token_', 'bootstrap_token'],
  ['bootstrap-token-', 'bootstrap_token'],
  ['trusted_proxy_', 'trusted_proxy'],
  ['tailscale_', 'tailscale'],
  ['device-', 'device'],
  ['origin', 'origin'],
]

/** The mechanism that a reason implies; undefined for general ones such as `rate_limited`. */
export function mechanismOfReason(reason: AuthReason): Mechanism | undefined {
  return mechanismByReasonPrefix.find(([prefix]) => reason.startsWith(prefix))?.[1]
}

/** A refused authentication: a lockout if the gateway refuses whatever the credential, else a failure. */
export function refused(mechanism: Mechanism, reason: AuthReason, severity?: Severity): ClaimDraft {
  return reason === 'rate_limited'
    ? lockedOut(mechanism, severity)
    : {
        signal: 'auth_failures',
        labels: { mechanism, reason },
        outcome: 'failure',
        severity: severity ?? signals.auth_failures.severity,
      }
}

/** A lockout: an attempt that was refused whatever the credential, or the begin of such a time. */
export function lockedOut(mechanism: Mechanism, severity: Severity = signals.auth_lockouts.severity): ClaimDraft {
  return { signal: 'auth_lockouts', labels: { mechanism }, outcome: 'denied', severity }
}

/** A successful authentication. */
export function authenticated(mechanism: Mechanism, severity: Severity = signals.auth_successes.severity): ClaimDraft {
  return { signal: 'auth_successes', labels: { mechanism }, outcome: 'success', severity }
}

/** A change that was made. */
export function drifted(kind: DriftKind, severity: Severity = signals.posture_drifts.severity): ClaimDraft {
  return { signal: 'posture_drifts', labels: { kind, severity }, outcome: 'success', severity }
}
