import { approvalScenarios } from './approval-scenarios.ts'
import { complianceScenarios } from './compliance-scenarios.ts'
import { evidenceScenarios } from './evidence-scenarios.ts'
import { postureScenarios } from './posture-scenarios.ts'
import { replicasDiffer } from './replicas-differ.ts'
import {
  at,
  counter,
  gauge,
  type Scenario,
  whileActive,
  withKnownAddress,
  withKnownCountry,
  withOffenders,
} from './scenario.ts'
import { transportScenarios } from './transport-scenarios.ts'

const DAY = 86_400
const offender = at({ source_ip: '203.0.113.9' })
/** One host of a network, which is counted as a whole. */
const hostOfNetwork = at({ source_ip: '2001:db8:1:2::9' })

/** Seconds since 1970 at which the scenarios of certificates are looked at: promtool's time begins at 0. */
const LOOKED_AT = 24 * 60

const certificate = (alert: string, left: number, near: number, value?: string): Scenario => ({
  alert,
  shapes: [
    {
      series:
        'clawtrust_certificate_expiry_timestamp_seconds{gateway="gw-1",trust_zone="agent-control",subject="CN=ops",place="/etc/tls/ops.pem"}',
      kind: 'gauge',
      good: 60 * DAY,
      near: LOOKED_AT + near,
      bad: LOOKED_AT + left,
    },
  ],
  labels: at({ subject: 'CN=ops', place: '/etc/tls/ops.pem' }),
  ...(value === undefined ? {} : { value }),
  firesAfter: 5,
  resolvesAfter: 5,
})

const ofAge = (
  alert: string,
  series: string,
  labels: Record<string, string>,
  [near, bad]: [number, number],
  value: string,
  minutes: number,
): Scenario => ({
  alert,
  shapes: [{ series, kind: 'age', good: 1, near, bad }],
  labels,
  value,
  firesAfter: minutes,
  resolvesAfter: minutes,
})

const ofGuard = 'gateway="gw-1",trust_zone="agent-control",guard="openshell"'

/** One for each alert; a test sees to that. */
export const scenarios: readonly Scenario[] = [
  withKnownAddress(
    gauge('ClawtrustBruteForce', 'clawtrust_offender_events', offender, { signal: 'auth_failures' }, [0, 19, 25], '25'),
  ),
  gauge('ClawtrustAuthSpray', 'clawtrust_offender_events', hostOfNetwork, { signal: 'auth_sprays' }, [0, 0, 1], '1'),
  counter(
    'ClawtrustAddressUnknown',
    'clawtrust_unknown_address_events_total',
    at({ reason: 'forwarded_truncated' }),
    { signal: 'auth_failures' },
    [0.2, 1],
    15,
    '15',
  ),
  withOffenders(
    counter(
      'ClawtrustAuthFailuresHigh',
      'clawtrust_auth_failures_total',
      at({ mechanism: 'shared_secret' }),
      { reason: 'token_mismatch' },
      [19, 30],
      5,
      '150',
    ),
    'auth_failures',
  ),
  counter(
    'ClawtrustAuthLockouts',
    'clawtrust_auth_lockouts_total',
    at({ mechanism: 'shared_secret' }),
    {},
    [0, 1],
    15,
    '15',
  ),
  counter('ClawtrustFirstSeenSuccess', 'clawtrust_first_seen_successes_total', at(), {}, [0, 1], 15),
  counter(
    'ClawtrustNewEntities',
    'clawtrust_first_seen_entities_total',
    at({ entity: 'address' }),
    {},
    [0.8, 1],
    60,
    '60',
  ),
  withKnownCountry(
    gauge(
      'ClawtrustMtlsUnknownSource',
      'clawtrust_offender_events',
      offender,
      { signal: 'mtls_handshake_failures' },
      [0, 4, 5],
      '5',
    ),
  ),
  withOffenders(
    counter(
      'ClawtrustMtlsFailuresHigh',
      'clawtrust_mtls_handshake_failures_total',
      at({ proxy: 'nginx' }),
      { reason: 'expired' },
      [9, 12],
      5,
      '60',
    ),
    'mtls_handshake_failures',
  ),
  counter(
    'ClawtrustServerCertificateRejected',
    'clawtrust_mtls_handshake_failures_total',
    at({ proxy: 'nginx' }),
    { reason: 'server_certificate_rejected' },
    [0.2, 1],
    15,
    '15',
  ),
  certificate('ClawtrustCertificateExpiring', 13 * DAY, 14 * DAY + 60, '13d 0h 0m 0s'),
  certificate('ClawtrustCertificateExpired', -60, 60),
  ...transportScenarios,
  ...postureScenarios,
  counter(
    'ClawtrustGuardDrift',
    'clawtrust_posture_drifts_total',
    at({ kind: 'guard_fail_open' }),
    { severity: 'high' },
    [0, 1],
    15,
  ),
  {
    alert: 'ClawtrustGuardNotInPath',
    shapes: [
      { series: `clawtrust_guard_state{${ofGuard},state="silent"}`, kind: 'gauge', good: 0, near: 1, bad: 1 },
      // An idle gateway says nothing about its guard.
      { series: `clawtrust_guard_busy{${ofGuard}}`, kind: 'gauge', good: 0, near: 0, bad: 1 },
    ],
    labels: at({ guard: 'openshell', state: 'silent' }),
    firesAfter: 2,
    resolvesAfter: 5,
  },
  counter(
    'ClawtrustPolicyDenials',
    'clawtrust_policy_decisions_total',
    at({ engine: 'openclaw-ssrf' }),
    { policy: 'private_address', decision: 'deny', source_zone: 'a', destination_zone: 'b' },
    [3, 5],
    5,
    '25',
  ),
  ...approvalScenarios,
  counter(
    'ClawtrustZonePairFirstSeen',
    'clawtrust_first_seen_entities_total',
    at(),
    { entity: 'zone_pair' },
    [0, 1],
    15,
  ),
  withOffenders(
    whileActive(
      gauge('ClawtrustAnomaly', 'clawtrust_anomaly_score', at({ signal: 'auth_failures' }), {}, [5, 84, 70], '70'),
    ),
    'auth_failures',
  ),
  gauge('ClawtrustAnomalyCritical', 'clawtrust_anomaly_score', at({ signal: 'auth_failures' }), {}, [5, 84, 90], '90'),
  gauge('ClawtrustSourceDown', 'clawtrust_source_up', { source: 'log' }, {}, [1, 1, 0], undefined, 8),
  gauge('ClawtrustReplicaSourceDown', 'clawtrust_source_up', { source: 'log' }, {}, [1, 1, 0], undefined, 16),
  gauge('ClawtrustSourceUnrecognised', 'clawtrust_source_recognised', { source: 'log' }, {}, [1, 1, 0], undefined, 16),
  {
    alert: 'ClawtrustInputUnrecognised',
    shapes: [
      {
        series: 'clawtrust_source_unrecognised_inputs{source="log",kind="file"}',
        kind: 'gauge',
        good: 0,
        near: 0,
        bad: 2,
      },
      { series: 'clawtrust_source_recognised{source="log"}', kind: 'gauge', good: 1, near: 1, bad: 1 },
    ],
    labels: { source: 'log', kind: 'file' },
    value: '2',
    firesAfter: 12,
    resolvesAfter: 12,
  },
  gauge('ClawtrustSourceLag', 'clawtrust_source_lag_seconds', { source: 'log' }, {}, [1, 300, 600], '10m 0s', 11),
  ofAge(
    'ClawtrustSourceSilent',
    'clawtrust_source_last_event_timestamp_seconds{source="log"}',
    { source: 'log' },
    [3_600, 7_200],
    '2h 0m 0s',
    12,
  ),
  counter(
    'ClawtrustTelemetryLost',
    'clawtrust_telemetry_lost_total',
    { source: 'log', unit: 'records' },
    {},
    [0, 2],
    15,
    '30',
  ),
  counter(
    'ClawtrustForgeableRecords',
    'clawtrust_undecoded_total',
    { source: 'log' },
    { reason: 'forgeable_line' },
    [0, 2],
    15,
    '30',
  ),
  {
    alert: 'ClawtrustLateEvents',
    shapes: [
      { series: 'clawtrust_late_events_total{source="log"}', kind: 'counter', good: 0, near: 50.5, bad: 52 },
      // An old log that is shipped for the first time fires nothing.
      { series: 'clawtrust_late_history_events_total{source="log"}', kind: 'counter', good: 0, near: 50, bad: 50 },
    ],
    labels: { source: 'log' },
    value: '30',
    firesAfter: 17,
    resolvesAfter: 17,
  },
  counter('ClawtrustBeyondOverlap', 'clawtrust_beyond_overlap_total', { source: 'log' }, {}, [0, 2], 15, '30'),
  replicasDiffer,
  counter(
    'ClawtrustCountedTwice',
    'clawtrust_repeated_form_events_total',
    { source: 'log', decoder: 'nginx-combined' },
    {},
    [0.5, 2],
    15,
    '30',
  ),
  gauge('ClawtrustFileHeldBack', 'clawtrust_source_held_back_bytes', { source: 'log' }, {}, [0, 0, 700], '700', 16),
  gauge('ClawtrustUndatedDocuments', 'clawtrust_source_undated_documents', { source: 'logs' }, {}, [0, 0, 7], '7', 11),
  {
    alert: 'ClawtrustUndecodedShare',
    shapes: [
      {
        series: 'clawtrust_undecoded_total{source="log",reason="unknown_layout"}',
        kind: 'counter',
        good: 0,
        near: 4,
        bad: 50,
      },
      {
        series: 'clawtrust_undecoded_total{source="log",reason="skipped"}',
        kind: 'counter',
        good: 900,
        near: 900,
        bad: 900,
      },
      {
        series: 'clawtrust_events_total{source="log",decoder="openclaw-file"}',
        kind: 'counter',
        good: 100,
        near: 96,
        bad: 50,
      },
    ],
    labels: { source: 'log' },
    value: '50%',
    firesAfter: 27,
    resolvesAfter: 17,
  },
  gauge(
    'ClawtrustProductLogChanged',
    'clawtrust_product_log_changed',
    { gateway: 'gw-1', product: 'openclaw', version: '2026.10.1' },
    {},
    [0, 0, 1],
    undefined,
    12,
  ),
  {
    alert: 'ClawtrustExporterAbsent',
    shapes: [{ series: 'clawtrust_scorings_total', kind: 'counter', good: 1, near: 1, bad: null }],
    labels: {},
    firesAfter: 7,
    resolvesAfter: 2,
  },
  gauge('ClawtrustTargetDown', 'up', {}, {}, [1, 1, 0], undefined, 9),
  ofAge('ClawtrustStateNotCommitted', 'clawtrust_state_commit_timestamp_seconds', {}, [300, 600], '10m 0s', 6),
  {
    alert: 'ClawtrustStateFolderFull',
    shapes: [
      { series: 'clawtrust_state_folder_bytes', kind: 'gauge', good: 500, near: 800, bad: 810 },
      { series: 'clawtrust_state_folder_limit_bytes', kind: 'gauge', good: 1000, near: 1000, bad: 1000 },
    ],
    labels: {},
    value: '81%',
    firesAfter: 6,
    resolvesAfter: 4,
  },
  counter(
    'ClawtrustSeriesDropped',
    'clawtrust_series_dropped_total',
    { metric: 'clawtrust_auth_failures_total' },
    {},
    [0, 1],
    15,
  ),
  counter('ClawtrustEventsAhead', 'clawtrust_ahead_events_total', { source: 'log' }, {}, [0, 2], 15, '30'),
  counter('ClawtrustMinutesShared', 'clawtrust_shared_minute_events_total', { source: 'log' }, {}, [0, 2], 15, '30'),
  counter(
    'ClawtrustMemoryEvicted',
    'clawtrust_memory_evicted_total',
    { memory: 'first_seen_address' },
    {},
    [0, 2],
    15,
    '30',
  ),
  gauge('ClawtrustConfigReloadFailed', 'clawtrust_config_last_reload_successful', {}, {}, [1, 1, 0], undefined, 16),
  gauge('ClawtrustRemediationDeadLetters', 'clawtrust_remediation_dead_letters', {}, {}, [0, 0, 2], '2'),
  gauge('ClawtrustRemediationBreakerOpen', 'clawtrust_remediation_breaker_open', {}, {}, [0, 0, 1]),
  gauge('ClawtrustFirewallDrift', 'clawtrust_remediation_firewall_drift', {}, {}, [0, 0, -1], undefined, 8),
  gauge('ClawtrustLedgerBroken', 'clawtrust_remediation_ledger_ok', {}, {}, [1, 1, 0]),
  gauge(
    'ClawtrustRemediationQueueDeep',
    'clawtrust_remediation_queue_depth',
    { queue: 'deliveries' },
    {},
    [0, 1_000, 2_000],
    '2000',
    8,
  ),
  gauge(
    'ClawtrustRemediationPendingOld',
    'clawtrust_remediation_oldest_pending_seconds',
    { queue: 'approvals' },
    {},
    [0, 1_800, 5_400],
    '1h 30m 0s',
    8,
  ),
  counter('ClawtrustAlertsTruncated', 'clawtrust_remediation_truncated_alerts_total', {}, {}, [0, 1], 15, '15'),
  ...evidenceScenarios,
  ...complianceScenarios,
  counter(
    'ClawtrustWebhookFailing',
    'alertmanager_notifications_failed_total',
    { integration: 'webhook' },
    {},
    [0, 2],
    16,
    '20',
  ),
  {
    ...gauge('ClawtrustFreshnessBurnsFast', 'clawtrust_source_lag_seconds', { source: 'log' }, {}, [1, 60, 600]),
    value: '66.67%',
    firesAfter: 40,
    resolvesAfter: 40,
  },
  {
    ...gauge('ClawtrustFreshnessBurnsSlowly', 'clawtrust_source_lag_seconds', { source: 'log' }, {}, [1, 60, 600]),
    value: '66.67%',
    firesAfter: 40,
    resolvesAfter: 9 * 60,
  },
]
