import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import type { SignalName } from '../../core/signals.ts'

/**
 * What happens at the company of the demo: a small one with OpenClaw at two gateways, from April to October of 2026. All of
 * it is invented, and the same at each run; addresses are of networks for documentation (RFC 5737).
 */

/** The month that the demo reports, and those before it, the oldest first. */
export const demoMonths = ['2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10'] as const

export const DEMO_TIME_ZONE = 'UTC'
export const DEMO_ORGANISATION = 'Example Ltd. (demo)'

/** Before, nothing was monitored. */
export const BEGIN = Date.parse('2026-03-16T00:00:00Z')
/** When the report is made. */
export const DEMO_NOW = Date.parse('2026-11-01T00:05:00Z')

const at = (text: string): EpochMs => Date.parse(`2026-${text}Z`)

/** A time, [start, end). */
export interface Span {
  readonly start: EpochMs
  readonly end: EpochMs
}

const span = (start: string, end: string): Span => ({ start: at(start), end: at(end) })

export const isWithin = (time: EpochMs, { start, end }: Span): boolean => time >= start && time < end

/** The host of the exporter was down: nothing was scraped. */
export const exporterOutages: readonly Span[] = [
  span('05-09T22:00:00', '05-11T16:30:00'),
  span('10-17T02:09:00', '10-17T07:42:00'),
]

export interface DemoSource {
  readonly name: string
  /** Names of dialects in decoding/registry.ts, or of a source that decodes itself. */
  readonly decoders: readonly string[]
  readonly since: EpochMs
  /** Times in which it could not be read. */
  readonly down: readonly Span[]
}

/** Sources were added one after the other, which the trend shows. */
export const demoSources: readonly DemoSource[] = [
  {
    name: 'openclaw',
    decoders: ['openclaw-file', 'security-event'],
    since: BEGIN,
    down: [span('07-04T08:00:00', '07-04T11:00:00')],
  },
  { name: 'nginx', decoders: ['nginx-access'], since: BEGIN, down: [] },
  {
    name: 'keycloak',
    decoders: ['keycloak-json'],
    since: at('04-20T09:00:00'),
    // A change of its log format, and nobody looked at it over a weekend.
    down: [span('10-09T16:21:00', '10-12T08:48:00')],
  },
  { name: 'posture', decoders: ['openclaw-audit', 'osquery'], since: at('05-04T09:00:00'), down: [] },
  { name: 'certificates', decoders: ['certificates'], since: at('06-03T10:00:00'), down: [] },
  { name: 'cilium', decoders: ['hubble'], since: at('07-02T09:00:00'), down: [] },
  { name: 'wireguard', decoders: ['wireguard'], since: at('09-02T09:00:00'), down: [] },
]

export const demoGateways = {
  'edge-1': { trustZone: 'agent-control', share: 1 },
  'lab-1': { trustZone: 'lab', share: 0.25 },
} as const

/** How often something is counted. */
export interface DemoHabit {
  readonly signal: SignalName
  readonly labels: Readonly<Record<string, string>>
  /** Expected number in an hour of full activity. */
  readonly perHour: number
  readonly source: string
  /** Where it happens; absent for the trust zone of its gateway. */
  readonly trustZone?: string
  readonly since?: EpochMs
  readonly until?: EpochMs
}

export const demoHabits: readonly DemoHabit[] = [
  { signal: 'auth_successes', labels: { mechanism: 'shared_secret' }, perHour: 42, source: 'openclaw' },
  {
    signal: 'auth_successes',
    labels: { mechanism: 'oidc' },
    perHour: 12,
    source: 'keycloak',
    since: at('04-20T09:00:00'),
  },
  {
    signal: 'auth_failures',
    labels: { mechanism: 'shared_secret', reason: 'token_mismatch' },
    perHour: 1.4,
    source: 'openclaw',
  },
  {
    signal: 'auth_failures',
    labels: { mechanism: 'password', reason: 'password_mismatch' },
    perHour: 0.5,
    source: 'openclaw',
  },
  { signal: 'auth_lockouts', labels: { mechanism: 'shared_secret' }, perHour: 0.02, source: 'openclaw' },
  {
    signal: 'policy_decisions',
    labels: { engine: 'openclaw-tools', policy: 'other', decision: 'deny', source_zone: '', destination_zone: '' },
    perHour: 2,
    source: 'openclaw',
    trustZone: 'agent-runtime',
  },
  {
    signal: 'policy_decisions',
    labels: {
      engine: 'cilium',
      policy: 'other',
      decision: 'allow',
      source_zone: 'agent-runtime',
      destination_zone: 'agent-control',
    },
    perHour: 60,
    source: 'cilium',
    trustZone: 'agent-control',
    since: at('07-02T09:00:00'),
  },
  {
    signal: 'policy_decisions',
    labels: {
      engine: 'cilium',
      policy: 'default_deny',
      decision: 'deny',
      source_zone: 'agent-runtime',
      destination_zone: 'analytics',
    },
    perHour: 0.7,
    source: 'cilium',
    trustZone: 'analytics',
    since: at('07-02T09:00:00'),
  },
  // Until a policy selected the pods of the laboratory, everything between them was allowed.
  {
    signal: 'policy_decisions',
    labels: {
      engine: 'cilium',
      policy: 'default_allow',
      decision: 'allow',
      source_zone: 'lab',
      destination_zone: 'lab',
    },
    perHour: 5,
    source: 'cilium',
    trustZone: 'lab',
    since: at('07-02T09:00:00'),
    until: at('08-19T12:00:00'),
  },
  { signal: 'approvals', labels: { decision: 'asked' }, perHour: 3, source: 'openclaw' },
  { signal: 'approvals', labels: { decision: 'granted' }, perHour: 2.6, source: 'openclaw' },
  { signal: 'approvals', labels: { decision: 'denied' }, perHour: 0.3, source: 'openclaw' },
  {
    signal: 'posture_drifts',
    labels: { kind: 'config_reload', severity: 'info' },
    perHour: 0.2,
    source: 'openclaw',
    trustZone: 'management-api',
  },
  {
    signal: 'mtls_handshake_failures',
    labels: { proxy: 'nginx', reason: 'no_certificate' },
    perHour: 1.2,
    source: 'nginx',
  },
]

/** What happened beside habits. */
export interface DemoMoment {
  readonly signal: SignalName
  readonly gateway: keyof typeof demoGateways
  readonly trustZone: string
  readonly labels: Readonly<Record<string, string>>
  readonly time: EpochMs
  readonly count: number
}

/** When an attacker guessed tokens in October. */
export const ATTACK = span('10-21T21:48:00', '10-21T21:56:00')
export const ATTACKER = '203.0.113.57'

const attempts = (minute: number, count: number): DemoMoment => ({
  signal: 'auth_failures',
  gateway: 'edge-1',
  trustZone: 'agent-control',
  labels: { mechanism: 'shared_secret', reason: 'token_mismatch' },
  time: ATTACK.start + minute * MINUTE_MS,
  count,
})

const drift = (
  kind: string,
  severity: string,
  time: string,
  gateway: DemoMoment['gateway'] = 'edge-1',
): DemoMoment => ({
  signal: 'posture_drifts',
  gateway,
  trustZone: 'management-api',
  labels: { kind, severity },
  time: at(time),
  count: 1,
})

const granted = (time: string, count: number): DemoMoment => ({
  signal: 'approvals',
  gateway: 'lab-1',
  trustZone: 'lab',
  labels: { decision: 'automatic' },
  time: at(time),
  count,
})

export const demoMoments: readonly DemoMoment[] = [
  ...[60, 148, 133, 64, 7].map((count, minute) => attempts(minute, count)),
  granted('04-14T10:12:00', 31),
  granted('06-02T15:40:00', 22),
  granted('10-06T13:05:00', 9),
  granted('10-27T09:31:00', 5),
  drift('config_external', 'high', '05-19T17:44:00'),
  drift('config_external', 'high', '10-14T19:27:00'),
  drift('pairing_auto_approved', 'medium', '06-11T11:02:00', 'lab-1'),
  drift('certificate_renewal_failed', 'medium', '09-08T03:00:00'),
  drift('tls_obsolete', 'medium', '04-22T12:30:00'),
]

/** Times in which an alert was firing, by its name; all others never were. */
export const demoFirings: readonly (Span & {
  readonly alert: string
  readonly labels: Readonly<Record<string, string>>
})[] = [
  { alert: 'ClawtrustSourceDown', labels: { source: 'keycloak' }, ...span('10-09T16:30:00', '10-12T08:50:00') },
  { alert: 'ClawtrustExporterAbsent', labels: {}, ...span('05-09T22:05:00', '05-11T16:35:00') },
  { alert: 'ClawtrustExporterAbsent', labels: {}, ...span('10-17T02:15:00', '10-17T07:45:00') },
  {
    alert: 'ClawtrustCertificateExpiring',
    labels: { gateway: 'edge-1', trust_zone: 'agent-control' },
    ...span('09-08T04:00:00', '09-10T10:30:00'),
  },
  { alert: 'ClawtrustUndecodedShare', labels: { source: 'keycloak' }, ...span('04-21T08:00:00', '04-21T15:00:00') },
  { alert: 'ClawtrustRemediationPendingOld', labels: {}, ...span('08-12T21:00:00', '08-13T07:15:00') },
]

/** The rules that are evaluated. */
export const demoAlertNames = [
  'ClawtrustCertificateExpired',
  'ClawtrustCertificateExpiring',
  'ClawtrustCountedTwice',
  'ClawtrustExporterAbsent',
  'ClawtrustFirewallDrift',
  'ClawtrustForgeableRecords',
  'ClawtrustGuardDrift',
  'ClawtrustGuardNotInPath',
  'ClawtrustInputUnrecognised',
  'ClawtrustPostureUnknown',
  'ClawtrustRemediationBreakerOpen',
  'ClawtrustRemediationPendingOld',
  'ClawtrustRemediationQueueDeep',
  'ClawtrustServerCertificateRejected',
  'ClawtrustSourceDown',
  'ClawtrustSourceLag',
  'ClawtrustSourceSilent',
  'ClawtrustStateFolderFull',
  'ClawtrustStateNotCommitted',
  'ClawtrustUndecodedShare',
  'ClawtrustWebhookFailing',
] as const

/** Remediation runs since then. */
export const REMEDIATION_SINCE = at('06-01T08:00:00')

/** Devices by posture at a time. */
export function devicesAt(time: EpochMs): Readonly<Record<'trusted' | 'untrusted' | 'unknown', number>> {
  const outdated = isWithin(time, span('06-20T06:00:00', '06-24T09:00:00')) ? 2 : 0
  const silent = isWithin(time, span('08-24T05:00:00', '08-26T09:30:00')) ? 1 : 0
  return { trusted: 14 - outdated - silent, untrusted: outdated, unknown: silent }
}

/** Share of full activity: by day on working days. */
export function officeHours(time: EpochMs): number {
  // 1970-01-01 was a Thursday.
  const weekday = (Math.floor(time / DAY_MS) + 4) % 7
  const hour = (time % DAY_MS) / HOUR_MS
  return weekday >= 1 && weekday <= 5 && hour >= 7 && hour < 18 ? 1 : 0.1
}
