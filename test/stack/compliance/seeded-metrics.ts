import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { october } from '../../compliance/evidence/periods.ts'
import type { SeededSeries } from './seeded-prometheus.ts'

/** Prometheus began before the month. */
export const seededFrom = october.start - 2 * DAY_MS
export const seededTo = october.end + 2 * HOUR_MS

const at = (text: string): EpochMs => Date.parse(`2026-10-${text}:00Z`)
const within = (time: EpochMs, [from, to]: readonly [EpochMs, EpochMs]): boolean => time >= from && time < to

/** No scrape at all was stored. */
export const PROMETHEUS_DOWN = [at('20T10:00'), at('20T12:00')] as const
/** One of the replicas was not there. */
const REPLICA_DOWN = [at('10T00:00'), at('13T06:00')] as const
/** Both exporters could not read the log of the gateway. */
export const SOURCE_DOWN = [at('05T08:00'), at('05T08:30')] as const

/** Counts of events by the time at which an exporter has counted them. */
const counted =
  (base: number, events: readonly (readonly [EpochMs, number])[], first = Number.NEGATIVE_INFINITY) =>
  (time: EpochMs): number | undefined =>
    time < first ? undefined : events.reduce((sum, [when, count]) => (when <= time ? sum + count : sum), base)

const isUp = (time: EpochMs): boolean => !within(time, PROMETHEUS_DOWN)
const isReplicaUp = (time: EpochMs): boolean => isUp(time) && !within(time, REPLICA_DOWN)
const FIRST = { job: 'exporter', instance: '10.0.0.1:9847' }
const SECOND = { job: 'exporter', instance: '10.0.0.2:9847' }

/** Exposed by both replicas; the second one has a lag of three minutes. */
function replicated(
  metric: string,
  labels: Readonly<Record<string, string>>,
  value: SeededSeries['at'],
): SeededSeries[] {
  return [
    { metric, labels: { ...FIRST, ...labels }, at: time => (isUp(time) ? value(time) : undefined) },
    {
      metric,
      labels: { ...SECOND, ...labels },
      at: time => (isReplicaUp(time) ? value(time - 3 * MINUTE_MS) : undefined),
    },
  ]
}

const one = (metric: string, labels: Readonly<Record<string, string>>, value: SeededSeries['at']): SeededSeries => ({
  metric,
  labels,
  at: time => (isUp(time) ? value(time) : undefined),
})

const zone = (trust_zone: string) => ({ gateway: 'alpha', trust_zone })
const shared = { mechanism: 'shared_secret', reason: 'token_mismatch' }
/** A name that an attacker would choose. */
export const HOSTILE = 'a"} or vector(1) #\n{{x}}\\'

const failures: SeededSeries[] = [
  // 1,000 were counted before the month; 2 of the day before are not of it, nor is what is counted after its end.
  ...replicated(
    'clawtrust_auth_failures_total',
    { ...zone('agent-control'), ...shared },
    counted(1_000, [
      [at('01T00:30') - DAY_MS, 2],
      [at('02T09:11'), 10],
      // While nothing was scraped.
      [at('20T11:00'), 7],
      // In the hour that there is twice.
      [at('25T00:30'), 1],
      [at('25T01:30'), 2],
      [at('31T22:41'), 5],
      [october.end + 10 * MINUTE_MS, 100],
    ]),
  ),
  // The first event of its kind, counted three times at once.
  ...replicated(
    'clawtrust_auth_failures_total',
    { ...zone('management-api'), mechanism: 'oidc', reason: 'password_mismatch' },
    counted(
      0,
      [
        [at('11T12:03'), 3],
        [at('28T12:03'), 4],
      ],
      at('11T12:03'),
    ),
  ),
  // A gateway with a hostile name.
  ...replicated(
    'clawtrust_auth_failures_total',
    { gateway: HOSTILE, trust_zone: 'agent-control', ...shared },
    counted(0, [[at('12T12:03'), 1]], at('12T12:03')),
  ),
]

/** What another program counts: it was restarted four times. */
const restarts = [
  // [from, to, counts of this life]
  [seededFrom, at('03T05:00'), [[at('01T10:00'), 40]]],
  // Falls and climbs over its last value before the next sample of the day.
  [
    at('03T05:00'),
    at('03T21:58'),
    [
      [at('03T05:01'), 30],
      [at('03T20:00'), 25],
    ],
  ],
  // At the last minute of a day in Berlin: 61 is more than the 55 before.
  [at('03T21:58'), at('09T07:00'), [[at('03T21:59'), 61]]],
  [at('09T07:00'), at('16T00:00'), [[at('10T07:00'), 9]]],
  [at('16T00:00'), seededTo + 1, [[at('16T00:00'), 3]]],
] as const
const JOB = { job: 'batch', instance: 'batch-1:80' }

const others: SeededSeries[] = [
  one('batch_errors_total', JOB, time => {
    const life = restarts.find(([from, to]) => within(time, [from, to]))
    return life === undefined ? undefined : counted(0, life[2])(time)
  }),
  // Began to be scraped on the 15th, with 500 of a time that is not known; then 5 in the month.
  one('late_errors_total', { job: 'late', instance: 'late:80' }, counted(500, [[at('18T00:00'), 5]], at('15T12:00'))),
  one('up', { job: 'late', instance: 'late:80' }, time => (time >= at('15T12:00') ? 1 : undefined)),
  // A counter that the same program exposes from its first event on.
  one('late_events_total', { job: 'late', instance: 'late:80' }, counted(0, [[at('19T00:00'), 6]], at('19T00:00'))),
  // A pod was replaced: the first one counted 8 in the month, the second one 4.
  one('clawtrust_first_seen_successes_total', { ...zone('agent-control'), job: 'pods', instance: 'pod-a' }, time =>
    time > at('14T09:04') ? undefined : counted(100, [[at('07T09:00'), 8]])(time),
  ),
  one('clawtrust_first_seen_successes_total', { ...zone('agent-control'), job: 'pods', instance: 'pod-b' }, time =>
    time < at('14T09:00') ? undefined : counted(108, [[at('21T09:00'), 4]])(time),
  ),
  ...['pod-a', 'pod-b'].map(instance =>
    one('up', { job: 'pods', instance }, time => {
      const isThere = instance === 'pod-a' ? time <= at('14T09:04') : time >= at('14T09:00')
      return isThere ? 1 : undefined
    }),
  ),
  one('up', JOB, () => 1),
]

const gauges: SeededSeries[] = [
  // Down for six hours of the 745, of which one spike to 3 at a single scrape.
  ...replicated('clawtrust_guard_up', { ...zone('agent-control'), guard: 'openshell' }, time =>
    within(time, [at('08T00:00'), at('08T06:00')]) ? 0 : 1,
  ),
  one('load', { job: 'host', instance: 'host:80' }, time => {
    if (time === at('09T13:02')) return 97
    return within(time, [at('21T00:00'), at('22T00:00')]) ? 60 : 20
  }),
  // A finding that was closed on the 12th, and one that is open.
  one('clawtrust_posture_findings', { ...zone('management-api'), ...FIRST, check: 'old', severity: 'high' }, time =>
    time < at('12T00:00') ? 4 : undefined,
  ),
  one('clawtrust_posture_findings', { ...zone('management-api'), ...FIRST, check: 'open', severity: 'low' }, () => 2),
]

const sources: SeededSeries[] = [
  ...replicated('clawtrust_source_up', { source: 'gateway-log' }, time => (within(time, SOURCE_DOWN) ? 0 : 1)),
  ...replicated('clawtrust_source_up', { source: 'keycloak' }, () => 1),
  ...replicated('clawtrust_source_up', { source: 'noise' }, () => 1),
  ...replicated('clawtrust_source_recognised', { source: 'gateway-log' }, () => 1),
  ...replicated('clawtrust_source_recognised', { source: 'keycloak' }, () => 1),
  ...replicated('clawtrust_source_recognised', { source: 'noise' }, () => 0),
  ...replicated('clawtrust_events_total', { source: 'gateway-log', decoder: 'openclaw-file' }, counted(5, [])),
  ...replicated('clawtrust_events_total', { source: 'gateway-log', decoder: 'security-event' }, counted(5, [])),
  ...replicated('clawtrust_events_total', { source: 'keycloak', decoder: 'keycloak-json' }, counted(5, [])),
  ...replicated(
    'clawtrust_source_last_event_timestamp_seconds',
    { source: 'gateway-log' },
    time => Math.min(time, at('31T22:41')) / 1_000,
  ),
  ...replicated('clawtrust_source_last_event_timestamp_seconds', { source: 'keycloak' }, () => at('28T12:03') / 1_000),
  ...replicated(
    'clawtrust_telemetry_lost_total',
    { source: 'gateway-log', unit: 'records' },
    counted(3, [[at('17T12:00'), 12]]),
  ),
  one('up', FIRST, () => 1),
  { metric: 'up', labels: SECOND, at: time => (isReplicaUp(time) ? 1 : undefined) },
]

const critical = { alertname: 'ClawtrustAnomalyCritical', ...zone('agent-control'), severity: 'critical' }

/** Without the mark of an end, a series of the past ends five minutes after its last sample. */
const alerts: SeededSeries[] = [
  one('ALERTS', { ...critical, alertstate: 'pending' }, time =>
    within(time, [at('06T07:00'), at('06T07:06')]) ? 1 : undefined,
  ),
  one('ALERTS', { ...critical, alertstate: 'firing' }, time =>
    within(time, [at('06T07:06'), at('06T08:00')]) || within(time, [at('23T01:00'), at('23T01:30')]) ? 1 : undefined,
  ),
  // Another zone; was firing when the month began.
  one('ALERTS', { ...critical, ...zone('analytics'), alertstate: 'firing' }, time =>
    time < at('01T00:00') ? 1 : undefined,
  ),
]

export const seededSeries: readonly SeededSeries[] = [...failures, ...others, ...gauges, ...sources, ...alerts]
