/**
 * The zero-trust map of a self-hosted OpenClaw, after NIST SP 800-207: its principles, the components of a deployment,
 * and the observers that report on it. Signals and dialects refer to it by key; docs/signals.md, the coverage on the page
 * and `clawtrust doctor` are made from it.
 */
export const principles = {
  authentication: 'Every request is authenticated and authorised, wherever it comes from.',
  'least-privilege': 'Least privilege: access is limited to what a task needs.',
  segmentation: 'The network is cut into zones, each with a policy of its own.',
  'assume-breach': 'Breach is assumed: damage is contained.',
  'continuous-monitoring': 'Trust is never permanent: monitoring is continuous and changes policy.',
} as const
export type Principle = keyof typeof principles

interface ComponentDefinition {
  readonly title: string
  /** What a deployment has of it; a phrase. */
  readonly has: string
  /** Metrics that are not the counter of a signal. */
  readonly metrics: Readonly<Record<string, ComponentMetric>>
}

export interface ComponentMetric {
  /** Who reports it; none where clawtrust itself does. */
  readonly observers: readonly Observer[]
  /** The test in which it is counted. */
  readonly test: string
}

export const components = {
  identity: {
    title: 'Identity and access',
    has: 'an identity provider, a service account for each agent, small scopes, secrets in a manager',
    metrics: {
      clawtrust_identities: {
        observers: ['identity-provider', 'posture', 'gateway'],
        test: 'test/exporter/pipeline/identities/life.test.ts',
      },
      clawtrust_identity_roles: { observers: [], test: 'test/exporter/pipeline/identities/life.test.ts' },
      clawtrust_first_seen_entities_total: {
        observers: ['gateway', 'diagnostics', 'identity-provider', 'proxy', 'network'],
        test: 'test/exporter/pipeline/derivation-order.test.ts',
      },
      clawtrust_offender_events: { observers: [], test: 'test/exporter/pipeline/offenders.test.ts' },
    },
  },
  'device-posture': {
    title: 'Device posture',
    has: 'OS version, patch level and security agents, checked before access and continuously',
    metrics: {
      clawtrust_posture_findings: {
        observers: ['posture'],
        test: 'test/exporter/pipeline/posture/posture.test.ts',
      },
      clawtrust_posture_snapshot_valid: {
        observers: ['posture'],
        test: 'test/exporter/pipeline/posture/posture.test.ts',
      },
      clawtrust_posture_desired_state_differences: {
        observers: ['posture'],
        test: 'test/exporter/pipeline/posture/desired-state.test.ts',
      },
      clawtrust_devices: {
        observers: ['posture', 'identity-provider'],
        test: 'test/stack/elasticsearch/all-in-one.test.ts',
      },
    },
  },
  'micro-segmentation': {
    title: 'Micro-segmentation',
    has: 'explicit allow-lists between zones, enforced by the network',
    metrics: {
      clawtrust_first_seen_entities_total: {
        observers: ['network', 'guard', 'gateway'],
        test: 'test/exporter/pipeline/flows.test.ts',
      },
    },
  },
  'least-privilege': {
    title: 'Least privilege',
    has: 'roles and attributes: an agent reads what its task needs and changes nothing else',
    metrics: {
      clawtrust_approval_oldest_timestamp_seconds: {
        observers: ['diagnostics', 'guard'],
        test: 'test/exporter/pipeline/approvals.test.ts',
      },
      clawtrust_self_approvals_total: {
        observers: ['diagnostics'],
        test: 'test/exporter/pipeline/approvals.test.ts',
      },
      clawtrust_guard_up: { observers: ['guard'], test: 'test/exporter/pipeline/guards.test.ts' },
    },
  },
  'secure-transport': {
    title: 'Secure transport',
    has: 'mutual TLS inside zones, tunnels for remote agents, rotation of certificates',
    metrics: {
      clawtrust_certificate_expiry_timestamp_seconds: {
        observers: ['proxy', 'certificate'],
        test: 'test/exporter/pipeline/certificates.test.ts',
      },
      clawtrust_tunnel_last_handshake_timestamp_seconds: {
        observers: ['tunnel'],
        test: 'test/stack/wireguard.test.ts',
      },
    },
  },
  telemetry: {
    title: 'Telemetry',
    has: 'central logs, metrics and scores, whose own losses are known',
    metrics: {
      clawtrust_anomaly_score: { observers: [], test: 'test/exporter/detection/scoring.test.ts' },
      clawtrust_source_up: { observers: [], test: 'test/stack/exporter.test.ts' },
      clawtrust_source_last_event_timestamp_seconds: { observers: [], test: 'test/exporter/pipeline/pipeline.test.ts' },
      clawtrust_telemetry_lost_total: { observers: [], test: 'test/exporter/pipeline/pipeline.test.ts' },
      clawtrust_undecoded_total: { observers: [], test: 'test/stack/elasticsearch/all-in-one.test.ts' },
      clawtrust_remediation_actions_total: { observers: [], test: 'test/stack/workflow/workflow.test.ts' },
    },
  },
} as const satisfies Record<string, ComponentDefinition>
export type Component = keyof typeof components

/** Kinds of programs whose records are read: each stands at a place of its own and reports what no other one can. */
export const observers = {
  gateway: "OpenClaw's own log",
  diagnostics: "OpenClaw's `security.event` records",
  proxy: 'the reverse proxy in front of OpenClaw',
  'identity-provider': 'the identity provider',
  guard: 'the guard around the agents',
  network: 'the network policy',
  posture: 'checks on a schedule and device inventories',
  certificate: 'certificates, in their files and at their servers',
  tunnel: 'the tunnels of remote agents',
} as const
export type Observer = keyof typeof observers
