import { authReasons, mechanisms } from './labels/authentication.ts'
import { type Severity, severities } from './labels/event.ts'
import { approvalDecisions, decisions, policies, policyEngines } from './labels/policy.ts'
import { driftKinds } from './labels/posture.ts'
import { mtlsReasons, proxies } from './labels/transport.ts'
import type { Component, Principle } from './zero-trust.ts'

/**
 * The signal catalogue: the only place where a signal is defined. Metrics, dashboards, alert rules, reports and docs
 * are derived from it or tested against it. CONTRIBUTING.md has the recipe for a new one.
 */
export interface SignalDefinition {
  /** The Prometheus counter of the signal; every counter also has `gateway` and `trust_zone`. */
  readonly metric: string
  readonly help: string
  /**
   * Label names in addition to `gateway` and `trust_zone`, in the order of exposition, each with its closed set; null
   * marks a set that the user's configuration closes.
   */
  readonly labels: Readonly<Record<string, readonly string[] | null>>
  readonly family: 'authentication' | 'policy' | 'posture' | 'transport'
  /** Trust zone of an event that no rule attributes. */
  readonly trustZone: string
  /** The reason of an event in words, from its labels; undefined if the signal itself is the reason. */
  readonly reason: (labels: Readonly<Record<string, string>>) => string | undefined
  /** Dashboard with a panel of this signal, by the name of its definition in dashboards/. */
  readonly dashboard: string
  /** Why no alert rule watches this signal by name; absent if one does. */
  readonly withoutAlert?: string
  /** Default severity of one event. */
  readonly severity: Severity
  /** Which scorer watches it: `full` by gateway and trust zone, `lite` by entity. */
  readonly tier: 'full' | 'lite'
  /** The zero-trust principles that it monitors. */
  readonly principles: readonly Principle[]
  /** The components of a zero-trust deployment whose work it shows. */
  readonly components: readonly Component[]
  /** NIST SP 800-53 rev. 5 controls for which it is evidence. */
  readonly controls: readonly string[]
  /** Signals from whose events it is derived; absent if records report it. */
  readonly derivedFrom?: readonly string[]
}

/** Trust zone of events that belong to no other zone: shown, never dropped. */
export const UNATTRIBUTED = 'unattributed'

export const signals = {
  auth_failures: {
    metric: 'clawtrust_auth_failures_total',
    help: 'Failed authentications, including repeats that the gateway suppressed.',
    labels: { mechanism: mechanisms, reason: authReasons },
    family: 'authentication',
    trustZone: 'agent-control',
    reason: ({ reason }) => reason,
    dashboard: 'authentication',
    severity: 'medium',
    tier: 'full',
    principles: ['authentication'],
    components: ['identity'],
    controls: ['AC-7', 'AU-6', 'IA-2', 'SI-4'],
  },
  auth_successes: {
    metric: 'clawtrust_auth_successes_total',
    help: 'Successful authentications, where a source reports them.',
    labels: { mechanism: mechanisms },
    family: 'authentication',
    trustZone: 'agent-control',
    reason: ({ mechanism }) => mechanism,
    dashboard: 'authentication',
    withoutAlert: 'Success is the normal case. ClawtrustFirstSeenSuccess and the anomaly alerts cover the unusual.',
    severity: 'low',
    tier: 'full',
    principles: ['authentication'],
    components: ['identity'],
    controls: ['AU-2', 'IA-2'],
  },
  auth_lockouts: {
    metric: 'clawtrust_auth_lockouts_total',
    help: 'Accounts that an identity provider locked out, and attempts refused because of a rate limit or a lockout, whether or not the credential was valid.',
    labels: { mechanism: mechanisms },
    family: 'authentication',
    trustZone: 'agent-control',
    reason: ({ mechanism }) => mechanism,
    dashboard: 'authentication',
    severity: 'high',
    tier: 'full',
    principles: ['assume-breach'],
    components: ['identity'],
    controls: ['AC-7', 'SI-4'],
  },
  posture_drifts: {
    metric: 'clawtrust_posture_drifts_total',
    help: 'Changes of configuration, devices, versions, certificates, scopes and audit state.',
    labels: { kind: driftKinds, severity: severities },
    family: 'posture',
    trustZone: 'management-api',
    reason: ({ kind }) => kind,
    dashboard: 'posture',
    severity: 'medium',
    tier: 'full',
    principles: ['continuous-monitoring'],
    components: ['device-posture'],
    controls: ['CM-3', 'CM-6', 'IA-3', 'SI-7'],
  },
  policy_decisions: {
    metric: 'clawtrust_policy_decisions_total',
    help: 'Decisions of policy engines: allow, deny, ask or audit.',
    labels: { engine: policyEngines, policy: policies, decision: decisions, source_zone: null, destination_zone: null },
    family: 'policy',
    // Tools, sandboxes and egress are not entry points of the gateway: only the user's rules can attribute them.
    trustZone: UNATTRIBUTED,
    reason: ({ decision, policy }) => `${decision} by ${policy}`,
    dashboard: 'policy',
    severity: 'medium',
    tier: 'full',
    principles: ['least-privilege', 'segmentation'],
    components: ['least-privilege', 'micro-segmentation'],
    controls: ['AC-3', 'AC-4', 'AC-6'],
  },
  approvals: {
    metric: 'clawtrust_approvals_total',
    help: 'Approvals for what an agent wants to do: asked, granted, denied, expired, or granted without a person.',
    labels: { decision: approvalDecisions },
    family: 'policy',
    trustZone: 'agent-control',
    reason: ({ decision }) => decision,
    dashboard: 'policy',
    withoutAlert:
      'Requests and answers are the normal case. ClawtrustApprovalWaiting, ClawtrustApprovalFatigue and ClawtrustSelfApproval cover the unusual.',
    severity: 'low',
    tier: 'full',
    principles: ['least-privilege'],
    components: ['least-privilege'],
    controls: ['AC-3', 'AC-6', 'AU-2'],
  },
  mtls_handshake_failures: {
    metric: 'clawtrust_mtls_handshake_failures_total',
    help: 'Clients that a proxy in front of the gateway refused because a valid certificate was missing, or whose handshake failed.',
    labels: { proxy: proxies, reason: mtlsReasons },
    family: 'transport',
    trustZone: 'agent-control',
    reason: ({ reason }) => reason,
    dashboard: 'authentication',
    severity: 'medium',
    tier: 'full',
    principles: ['authentication'],
    components: ['secure-transport'],
    controls: ['IA-3', 'IA-5', 'SC-8', 'SC-23'],
  },
  auth_sprays: {
    metric: 'clawtrust_auth_sprays_total',
    help: 'Source addresses that began to try at least 10 identities in 15 minutes, where records contain the identity.',
    labels: {},
    family: 'authentication',
    trustZone: 'agent-control',
    reason: () => undefined,
    dashboard: 'authentication',
    severity: 'high',
    tier: 'full',
    principles: ['assume-breach'],
    components: ['identity'],
    controls: ['AC-7', 'AU-6', 'SI-4'],
    derivedFrom: ['auth_failures', 'auth_lockouts'],
  },
  first_seen_successes: {
    metric: 'clawtrust_first_seen_successes_total',
    help: 'Successful authentications from an address without one in the 30 days before, where records report successes.',
    labels: {},
    family: 'authentication',
    trustZone: 'agent-control',
    reason: () => undefined,
    dashboard: 'authentication',
    severity: 'medium',
    tier: 'full',
    principles: ['continuous-monitoring'],
    components: ['identity'],
    controls: ['AC-2', 'AU-6', 'IA-2', 'SI-4'],
    derivedFrom: ['auth_successes'],
  },
} as const satisfies Record<string, SignalDefinition>

export type SignalName = keyof typeof signals

export const signalNames = Object.keys(signals) as SignalName[]

/** The reason of an event in words; empty if its signal is the reason. */
export function reasonOf({ signal, labels }: { signal: SignalName; labels: Readonly<Record<string, string>> }): string {
  return signals[signal].reason(labels) ?? ''
}
