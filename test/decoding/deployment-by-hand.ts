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

/** A count by its parts, each a group of records as they are numbered in the fixtures, and what they are. */
const sum = (parts: Readonly<Record<string, number>>): number => Object.values(parts).reduce((all, part) => all + part)

/** Compared with the rules in docs/decoders.md; a dialect without a row fails by its name. */
export const deploymentByHand: Readonly<Record<string, PartByHand>> = {
  // As fileLogByHand says, by signal. A refused connection has two lines and is one failure.
  'openclaw-file': {
    records: 104,
    moves: { auth_failures: 17, auth_lockouts: 2, policy_decisions: 11, posture_drifts: 28 },
  },
  // The same log of the same gateway by OpenTelemetry: its claims count in none of the shared signals.
  'openclaw-otel': { records: 137, notAuthoritative: 68, moves: {} },
  // The same gateway: 38 of its events are in the file log too. Approvals, successes, loops of tools, scans of plugins
  // and four drifts are in this stream alone.
  'security-event': {
    records: 74,
    notAuthoritative: 38,
    moves: { approvals: 18, auth_successes: 10, policy_decisions: 3, posture_drifts: 4 },
  },
  // The same lines at another gateway.
  'openclaw-console': {
    records: 137,
    moves: { auth_failures: 17, auth_lockouts: 2, policy_decisions: 11, posture_drifts: 28 },
  },
  // Whoever can write a line of this console can write any: of it only refusals count.
  'openclaw-plain-console': { records: 27, moves: { auth_failures: 17, auth_lockouts: 2 } },
  // 56 and 57 are of later versions and undecoded. 13 repeats the bypass of 12, and 24 is a failure without a decision.
  'openshell-ocsf': {
    records: 55,
    moves: {
      approvals: sum({ '40 to 42: a rule is proposed, approved, rejected': 3 }),
      auth_failures: sum({ '26: a session by SSH is refused': 1 }),
      policy_decisions: sum({
        '1: a connection is allowed': 1,
        '2 to 11: one is denied by each kind of rule': 10,
        '12: one goes around the proxy': 1,
        '14 to 17: a request is denied': 4,
        '18: a request is allowed': 1,
        '19 to 21: a request passes under enforcement: audit': 3,
        '22: a connection is observed': 1,
        '23: one is rejected by its disposition alone': 1,
        '50 to 53: a connection is denied, in older forms': 4,
      }),
      posture_drifts: sum({
        '30 and 31: a policy is loaded, updated; 32 and 33, published and validated, change nothing': 2,
        '34 to 39: degraded, fail_closed, retained, failed, stale, disabled': 6,
        '43 to 46: findings': 4,
        '48: a sandbox does not start': 1,
        '54: a configuration is reloaded': 1,
      }),
    },
  },
  // 1 and 4 are allowed, 6 repeats the bypass, 7 to 10 are no decisions.
  'openshell-shorthand': {
    records: 10,
    moves: {
      auth_failures: sum({ '5: a session by SSH is refused': 1 }),
      policy_decisions: sum({ '2 and 3: denied': 2 }),
    },
  },
  // 56 and 57 are undecoded. 44 to 47 are losses; 49, 50 and 52 are no failures; 53 to 55 are of no bucket that counts.
  'defenseclaw-v8': {
    records: 55,
    moves: {
      approvals: sum({ '30: asked': 1, '31 to 36: answered in each way': 6 }),
      auth_failures: sum({ '27 and 28: refused at its interfaces': 2 }),
      policy_decisions: sum({
        '6, 11, 12 and 13: block, allow, redact, review; 1 to 5 and 7 to 9 are other phases, repeats and steps of 6': 4,
        '14 and 15: would be denied': 2,
        '16: block, with the phase in another place': 1,
        '21 to 25: egress is blocked; 20 is its request': 5,
        '26: egress is allowed': 1,
        '29: a right is denied': 1,
      }),
      posture_drifts: sum({
        '17: an evaluation fails': 1,
        '18: a block cannot be applied': 1,
        '38: a configuration is applied; 37 is the attempt': 1,
        '39: one is rejected': 1,
        '40 and 41: a policy is updated, rejected': 2,
        '42: an asset is quarantined': 1,
        '43: a finding; 10 correlates another': 1,
        '48: a part is degraded': 1,
        '51: requests pass without inspection': 1,
      }),
    },
  },
  // 25 and 26 are undecoded. 13 repeats a verdict, 15 is a loss, 21 to 23 are no events.
  'defenseclaw-v7': {
    records: 24,
    moves: {
      auth_failures: sum({ '14: an invalid token': 1 }),
      policy_decisions: sum({
        '6 to 12: verdicts of the stage final; 1 to 5 are earlier stages': 7,
        '16 and 17: egress': 2,
      }),
      posture_drifts: sum({
        '18 and 19: a policy and a configuration are updated': 2,
        '20: a finding': 1,
        '24: requests pass without inspection': 1,
      }),
    },
  },
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
  // 13 has an error of its pipeline and is undecoded; 6 signs out, 12 is of no event.
  'keycloak-elastic': {
    records: 13,
    moves: {
      auth_failures: sum({
        '1, 2, 4 and 14: refused': 4,
        '8: refused, and a second event that a text of its client brings, which does not count': 1,
        '9 to 11: refused, with the original line beside the fields': 3,
      }),
      auth_lockouts: sum({ '3: an account that is locked': 1 }),
      auth_successes: sum({ '5': 1 }),
      posture_drifts: sum({ '7: a role is granted': 1 }),
    },
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
  // 5 and a header that no entry of a journal has are left out. 8 begins no connection, 11 is an error of ICMP, and 13 is
  // no decision of UFW.
  nftables: {
    records: 17,
    moves: {
      policy_decisions: sum({
        '1, 2, 6 and 7: denied': 4,
        '3: would be denied': 1,
        '4: accepted': 1,
        '9 and 14 to 19: one flow, denied': 1,
        '10: an echo request, denied': 1,
        '12: a fragment without ports, which is of no flow, denied': 1,
      }),
    },
  },
  // Findings of three gateways: of a configuration by default, a good and a bad one 5, 2 and 13.
  'openclaw-audit': { records: 3, moves: { posture_drifts: 20 } },
  // Findings of two gateways.
  'openclaw-doctor': { records: 2, moves: { posture_drifts: 4 } },
  'openclaw-policy': { records: 1, moves: { posture_drifts: 3 } },
  // Findings of identities open without an event.
  'openclaw-devices': { records: 2, moves: {} },
  'openclaw-status': { records: 1, moves: {} },
  // Writes by the command line and over RPC (3, 4, 7, 12) are drifts of its log, 8 is a look. 5 and 6 are the echo of 3
  // and 4: their hashes are those of writes of the minute before.
  'openclaw-config-audit': {
    records: 15,
    moves: {
      posture_drifts: sum({
        '1 and 13: writes of the doctor and of an installed plugin': 2,
        '2, 9, 10, 11, 14 and 15: edits': 6,
      }),
    },
  },
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
  // 2 to 8 are in the access log too, and the client of 1 went away.
  'nginx-error': { records: 10, moves: { mtls_handshake_failures: sum({ '9 and 10: the handshake failed': 2 }) } },
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
  // 7 has an error of its pipeline and is undecoded; 6 is an alert of Elastic about an event.
  ecs: {
    records: 6,
    moves: {
      auth_failures: sum({ '1 and 3: refused': 2 }),
      auth_lockouts: sum({ '4: a rate limit': 1, '5: a locked account': 1 }),
      auth_successes: sum({ '2': 1 }),
    },
  },
}
