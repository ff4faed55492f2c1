/** Severities: an alert pages an operator, creates a ticket, or is only recorded. */
export type AlertSeverity = 'critical' | 'warning' | 'info'

/** One alert, as data; rendered for Prometheus 2.42 and 3.x. */
export interface AlertRule {
  /** In CamelCase, starting with `Clawtrust`; also the name of its runbook. */
  readonly alert: string
  readonly expr: string
  /** How long the expression must hold before the alert fires. Default: it fires immediately. */
  readonly for?: string
  readonly keepFiringFor?: string
  readonly severity: AlertSeverity
  /** The playbook of the remediation service that the alert triggers; the expression then has the label of its target. */
  readonly playbook?: CalledPlaybook
  /** The dashboard to open. Default: that of the group. */
  readonly dashboard?: DashboardName
  readonly summary: string
  /** Where, what, how bad, and what to do first; with `{{ $labels.x }}` and `{{ $value | … }}`. */
  readonly description: string
  /** NIST SP 800-53 rev. 5. An annotation, because a label would be part of the fingerprint. */
  readonly controls: readonly string[]
}

/** The label of the target of each playbook that the shipped rules call. */
export const playbookTargets = {
  'brute-force': 'source_ip',
  'mtls-unknown-source': 'source_ip',
  'certificate-rotation': 'subject',
} as const
export type CalledPlaybook = keyof typeof playbookTargets

export interface RecordingRule {
  readonly record: string
  readonly expr: string
}

export interface RuleGroup {
  readonly name: string
  readonly dashboard: DashboardName
  readonly rules: readonly (AlertRule | RecordingRule)[]
}

/** The dashboards that alerts link to, with their variables: a variable is set if the alert has the label. */
export const dashboardVariables = {
  anomalies: ['job', 'gateway', 'trust_zone', 'signal'],
  authentication: ['job', 'gateway', 'trust_zone'],
  'exporter-health': ['job'],
  compliance: ['job'],
  policy: ['job', 'gateway', 'trust_zone'],
  posture: ['job', 'gateway', 'trust_zone'],
  remediation: ['job'],
} as const satisfies Record<string, readonly string[]>

export type DashboardName = keyof typeof dashboardVariables

export const isAlert = (rule: AlertRule | RecordingRule): rule is AlertRule => 'alert' in rule
