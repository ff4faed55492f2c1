import type { SignalName } from './signals.ts'
import type { Observer } from './zero-trust.ts'

/** What OpenClaw's own log does not contain, so that only another observer can report it. */
export interface BlindSpot {
  readonly what: string
  /** The signal that its events move. */
  readonly signal: SignalName
  /** Who reports it; none where no known program does. */
  readonly observers: readonly Observer[]
  /** What is reported in its place, where no observer has it; a clause. */
  readonly instead?: string
}

export const blindSpots = {
  http_refusals: {
    what: "HTTP 401, 403, 413 and 429 on the gateway's HTTP routes",
    signal: 'auth_failures',
    observers: ['proxy'],
  },
  webhook_tokens: {
    what: 'Wrong tokens at webhooks before the rate limit applies',
    signal: 'auth_failures',
    observers: ['proxy'],
  },
  tls_handshakes: {
    what: "Failed TLS handshakes, refused client certificates, and the expiry of clients' certificates",
    signal: 'mtls_handshake_failures',
    observers: ['proxy'],
  },
  tls_versions: {
    what: 'Requests over a version of TLS before 1.2',
    signal: 'posture_drifts',
    observers: ['proxy'],
  },
  server_certificates: {
    what: "Servers' certificates: expiry, another issuer, weak keys",
    signal: 'posture_drifts',
    observers: ['certificate'],
  },
  tunnels: {
    what: 'Tunnels of remote agents: age of the handshakes, unknown peers, endpoints that change',
    signal: 'posture_drifts',
    observers: ['tunnel'],
  },
  client_addresses: {
    what: "The client's address behind a proxy that is not in trusted_proxies",
    signal: 'auth_failures',
    observers: ['proxy'],
  },
  sign_ins: {
    what: 'Ordinary successful sign-ins',
    signal: 'auth_successes',
    observers: ['diagnostics', 'identity-provider'],
  },
  identity_provider: {
    what: 'Failed sign-ins and lockouts at the identity provider',
    signal: 'auth_failures',
    observers: ['identity-provider'],
  },
  rights: {
    what: 'Changes of roles, scopes, users and secrets at the identity provider',
    signal: 'posture_drifts',
    observers: ['identity-provider'],
  },
  approvals: {
    what: 'Exec approvals and their decisions',
    signal: 'approvals',
    observers: ['diagnostics', 'guard'],
  },
  pairing_rejections: {
    what: 'Rejected pairings',
    signal: 'posture_drifts',
    observers: ['diagnostics'],
  },
  guard_decisions: {
    what: 'Decisions of a guard around the agents: egress, tools, processes',
    signal: 'policy_decisions',
    observers: ['guard'],
  },
  flows: {
    what: 'Flows between zones that the network policy allows or denies',
    signal: 'policy_decisions',
    observers: ['network'],
  },
  posture: {
    what: 'Findings of openclaw security audit, doctor and policy check, and the state of devices',
    signal: 'posture_drifts',
    observers: ['posture'],
  },
  lockout_times: {
    what: 'The start and the end of a lockout',
    signal: 'auth_lockouts',
    observers: [],
    instead: 'the attempts that are refused during it',
  },
} as const satisfies Record<string, BlindSpot>
