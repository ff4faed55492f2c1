import type { SignalName } from '../../core/signals.ts'

/** What the part of one dialect is to move. */
export interface PartByHand {
  /** Its documents. */
  readonly records: number
  /** Those of a stream that another one of the same gateway goes before; default: none. */
  readonly notAuthoritative?: number
  /** By signal. Where a record counts more than once or not at all, the comment says why. */
  readonly moves: Readonly<Partial<Record<SignalName, number>>>
}

/**
 * Compared with the rules in docs/decoders.md; a dialect without a row fails by its name. The totals of OpenClaw's own
 * streams, of Keycloak's consoles, audit and doctor, Calico, HAProxy, Envoy and Traefik were counted in the fixtures. Those
 * of OpenShell, DefenseClaw, the configuration's trail, nftables, nginx's error log, ECS and Elastic's documents of Keycloak
 * are of a run: they show a change, not that they are right.
 */
export const deploymentByHand: Readonly<Record<string, PartByHand>> = {
  // As fileLogByHand says, by signal. A refused connection has two lines and is one failure.
  'openclaw-file': {
    records: 103,
    moves: { auth_failures: 17, auth_lockouts: 2, policy_decisions: 11, posture_drifts: 28 },
  },
  // The same log of the same gateway by OpenTelemetry: its claims count in none of the shared signals.
  'openclaw-otel': { records: 118, notAuthoritative: 68, moves: {} },
  // The same gateway: 38 of its events are in the file log too. Approvals, successes, loops of tools, scans of plugins
  // and four drifts are in this stream alone.
  'security-event': {
    records: 74,
    notAuthoritative: 38,
    moves: { approvals: 18, auth_successes: 10, policy_decisions: 3, posture_drifts: 4 },
  },
  // The same lines at another gateway.
  'openclaw-console': {
    records: 118,
    moves: { auth_failures: 17, auth_lockouts: 2, policy_decisions: 11, posture_drifts: 28 },
  },
  // Whoever can write a line of this console can write any: of it only refusals count.
  'openclaw-plain-console': { records: 27, moves: { auth_failures: 17, auth_lockouts: 2 } },
  'openshell-ocsf': {
    records: 55,
    moves: { approvals: 3, auth_failures: 1, policy_decisions: 26, posture_drifts: 14 },
  },
  'openshell-shorthand': { records: 10, moves: { auth_failures: 1, policy_decisions: 2 } },
  'defenseclaw-v8': {
    records: 55,
    moves: { approvals: 7, auth_failures: 2, policy_decisions: 14, posture_drifts: 10 },
  },
  'defenseclaw-v7': { records: 24, moves: { auth_failures: 1, policy_decisions: 9, posture_drifts: 4 } },
  // Errors but those of an account that is locked: 31 as JSON, 26 as ECS, 7 of earlier releases. Lockouts: 7, 6 and 1.
  'keycloak-json': {
    records: 103,
    moves: { auth_failures: 64, auth_lockouts: 14, auth_successes: 7, posture_drifts: 15 },
  },
  // One LOGIN and one LOGIN_ERROR are in the text of a user name, and count for nobody.
  'keycloak-text': {
    records: 41,
    moves: { auth_failures: 26, auth_lockouts: 6, auth_successes: 3, posture_drifts: 5 },
  },
  'keycloak-unquoted-text': { records: 9, moves: { auth_failures: 7, auth_lockouts: 1 } },
  'keycloak-elastic': {
    records: 13,
    moves: { auth_failures: 8, auth_lockouts: 1, auth_successes: 1, posture_drifts: 1 },
  },
  // Drifts: a risk, a sign-in by a device that is not compliant, and that this device is untrusted from then on.
  'entra-sign-in': {
    records: 17,
    moves: { auth_failures: 10, auth_lockouts: 1, auth_successes: 5, posture_drifts: 3 },
  },
  // 19 connections, one of which has no verdict of a policy; the records of both ends are one decision, replies none.
  hubble: { records: 33, moves: { policy_decisions: 18 } },
  // Connections started: 12 (both ends), 3, 4, 5, 2, 7, 6 and 3. What only a staged policy denies is one audit each.
  'calico-goldmane': { records: 10, moves: { policy_decisions: 42 } },
  // Flows started: 9 (both ends), 1, 2, 4, 4, 5 and 3.
  'calico-flow-log': { records: 9, moves: { policy_decisions: 28 } },
  // Packets of one flow are one decision.
  nftables: { records: 17, moves: { policy_decisions: 9 } },
  // Findings of three gateways: of a configuration by default, a good and a bad one 5, 2 and 13.
  'openclaw-audit': { records: 3, moves: { posture_drifts: 20 } },
  // Findings of two gateways.
  'openclaw-doctor': { records: 2, moves: { posture_drifts: 4 } },
  'openclaw-policy': { records: 1, moves: { posture_drifts: 3 } },
  // Findings of identities open without an event.
  'openclaw-devices': { records: 2, moves: {} },
  'openclaw-status': { records: 1, moves: {} },
  // OpenClaw's own writes are drifts of its log, and none here.
  'openclaw-config-audit': { records: 15, moves: { posture_drifts: 8 } },
  osquery: { records: 6, moves: {} },
  // One device that its management says is not compliant.
  'device-inventory': { records: 2, moves: { posture_drifts: 1 } },
  'nginx-access': {
    records: 17,
    moves: {
      auth_failures: 3,
      auth_lockouts: 1,
      mtls_handshake_failures: 7,
      policy_decisions: 1,
      posture_drifts: 1,
    },
  },
  'nginx-error': { records: 10, moves: { mtls_handshake_failures: 2 } },
  // 401 twice, 403, and nine of 400; one 429; one 413.
  'nginx-combined': { records: 18, moves: { auth_failures: 12, auth_lockouts: 1, policy_decisions: 1 } },
  // 401 three times, 403 twice; one 429; one 413; one request over an obsolete TLS.
  envoy: {
    records: 36,
    moves: {
      auth_failures: 5,
      auth_lockouts: 1,
      mtls_handshake_failures: 13,
      policy_decisions: 1,
      posture_drifts: 1,
    },
  },
  // 401 twice, 403; one 429; one 413; one request over TLS 1.0.
  haproxy: {
    records: 23,
    moves: {
      auth_failures: 3,
      auth_lockouts: 1,
      mtls_handshake_failures: 11,
      policy_decisions: 1,
      posture_drifts: 1,
    },
  },
  caddy: {
    records: 21,
    moves: { auth_failures: 2, auth_lockouts: 1, mtls_handshake_failures: 10, policy_decisions: 1 },
  },
  traefik: { records: 6, moves: { auth_failures: 1, auth_lockouts: 1, policy_decisions: 1, posture_drifts: 1 } },
  ecs: { records: 6, moves: { auth_failures: 2, auth_lockouts: 2, auth_successes: 1 } },
}
