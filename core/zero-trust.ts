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
  /** Metrics that are not the counter of a signal, and who reports them; none where clawtrust itself does. */
  readonly metrics: Readonly<Record<string, readonly Observer[]>>
}

export const components = {
  identity: {
    title: 'Identity and access',
    has: 'an identity provider, a service account for each agent, small scopes, secrets in a manager',
    metrics: { clawtrust_offender_events: [] },
  },
  'device-posture': {
    title: 'Device posture',
    has: 'OS version, patch level and security agents, checked before access and continuously',
    metrics: {},
  },
  'micro-segmentation': {
    title: 'Micro-segmentation',
    has: 'explicit allow-lists between zones, enforced by the network',
    metrics: {},
  },
  'least-privilege': {
    title: 'Least privilege',
    has: 'roles and attributes: an agent reads what its task needs and changes nothing else',
    metrics: {
      clawtrust_approval_oldest_timestamp_seconds: ['diagnostics', 'guard'],
      clawtrust_guard_up: ['guard'],
    },
  },
  'secure-transport': {
    title: 'Secure transport',
    has: 'mutual TLS inside zones, tunnels for remote agents, rotation of certificates',
    metrics: {
      clawtrust_certificate_expiry_timestamp_seconds: ['proxy'],
      clawtrust_tunnel_last_handshake_timestamp_seconds: ['tunnel'],
    },
  },
  telemetry: {
    title: 'Telemetry',
    has: 'central logs, metrics and scores, whose own losses are known',
    metrics: {
      clawtrust_anomaly_score: [],
      clawtrust_source_up: [],
      clawtrust_source_last_event_timestamp_seconds: [],
      clawtrust_telemetry_lost_total: [],
      clawtrust_undecoded_total: [],
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
  tunnel: 'the tunnels of remote agents',
} as const
export type Observer = keyof typeof observers
