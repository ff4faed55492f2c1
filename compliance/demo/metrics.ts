import { type EpochMs, HOUR_MS, SECOND_MS } from '../../core/clock.ts'
import { seededRandom } from '../../core/random.ts'
import { signals } from '../../core/signals.ts'
import type { ModelSeries } from './evaluate.ts'
import { demoFindings, snapshotTimes } from './posture.ts'
import {
  ATTACK,
  ATTACKER,
  BEGIN,
  DEMO_NOW,
  type DemoHabit,
  demoFirings,
  demoGateways,
  demoHabits,
  demoMoments,
  demoSources,
  devicesAt,
  exporterOutages,
  isWithin,
  officeHours,
  REMEDIATION_SINCE,
} from './story.ts'

type Labels = Readonly<Record<string, string>>

const EXPORTER = { job: 'clawtrust', instance: 'exporter:9847' } as const
const REMEDIATION = { job: 'clawtrust-remediation', instance: 'remediation:9848' } as const

const isScraped = (time: EpochMs): boolean =>
  time >= BEGIN && time <= DEMO_NOW && !exporterOutages.some(outage => isWithin(time, outage))

/** Everything that Prometheus of the demo holds. */
export function demoSeries(): readonly ModelSeries[] {
  return [
    ...targets(),
    ...signalSeries(),
    ...sourceSeries(),
    ...postureSeries(),
    ...detectionSeries(),
    ...remediationSeries(),
    ...alertSeries(),
  ]
}

const exported = (name: string, labels: Labels, value: (time: EpochMs) => number | undefined): ModelSeries => ({
  labels: { __name__: name, ...EXPORTER, ...labels },
  at: time => (isScraped(time) ? value(time) : undefined),
})

const remediation = (name: string, labels: Labels, value: (time: EpochMs) => number | undefined): ModelSeries => ({
  labels: { __name__: name, ...REMEDIATION, ...labels },
  at: time => (time >= REMEDIATION_SINCE && time <= DEMO_NOW ? value(time) : undefined),
})

function targets(): readonly ModelSeries[] {
  const up = (target: Labels, since: EpochMs, value: (time: EpochMs) => number): ModelSeries => ({
    labels: { __name__: 'up', ...target },
    at: time => (time >= since && time <= DEMO_NOW ? value(time) : undefined),
  })
  return [up(EXPORTER, BEGIN, time => (isScraped(time) ? 1 : 0)), up(REMEDIATION, REMEDIATION_SINCE, () => 1)]
}

/** The counters of signals: by habits hour by hour, and by what happened beside them. */
function signalSeries(): readonly ModelSeries[] {
  const counters = new Map<string, { readonly name: string; readonly labels: Labels; readonly hours: Float64Array }>()
  const counter = (name: string, labels: Labels) => {
    const key = JSON.stringify([name, labels])
    const known = counters.get(key)
    if (known !== undefined) return known
    const made = { name, labels, hours: new Float64Array(hourOf(DEMO_NOW) + 2) }
    counters.set(key, made)
    return made
  }
  for (const [index, habit] of demoHabits.entries()) {
    for (const [place, [gateway, { share, trustZone }]] of Object.entries(demoGateways).entries()) {
      const { metric } = signals[habit.signal]
      const labels = { gateway, trust_zone: habit.trustZone ?? trustZone, ...habit.labels }
      live(counter(metric, labels).hours, habit, { share, seed: index * 16 + place })
    }
  }
  for (const { signal, gateway, trustZone, labels, time, count } of demoMoments) {
    const { hours } = counter(signals[signal].metric, { gateway, trust_zone: trustZone, ...labels })
    const hour = hourOf(time) + 1
    hours[hour] = (hours[hour] ?? 0) + count
  }
  return [...counters.values()].map(({ name, labels, hours }) => {
    const sums = summed(hours)
    return exported(name, labels, time => countAt(sums, time))
  })
}

/** Fills in what each hour counts; index 0 is before the first. */
function live(
  hours: Float64Array,
  { perHour, source, since = BEGIN, until = Number.POSITIVE_INFINITY }: DemoHabit,
  { share, seed }: { readonly share: number; readonly seed: number },
): void {
  const read = demoSources.find(({ name }) => name === source)
  const random = seededRandom(seed)
  for (let hour = 1; hour < hours.length; hour++) {
    const time = BEGIN + (hour - 1) * HOUR_MS
    const count = Math.floor(perHour * share * officeHours(time) * (0.5 + random()) + random())
    const isRead = time >= Math.max(since, read?.since ?? BEGIN) && time < until
    const isDown = read?.down.some(down => isWithin(time, down)) ?? false
    if (isRead && !isDown) hours[hour] = (hours[hour] ?? 0) + count
  }
}

const hourOf = (time: EpochMs): number => Math.floor((time - BEGIN) / HOUR_MS)

function summed(hours: Float64Array): Float64Array {
  let sum = 0
  return hours.map(count => {
    sum += count
    return sum
  })
}

/** A counter is exposed from its first event on. Within an hour it rises evenly. */
function countAt(sums: Float64Array, time: EpochMs): number | undefined {
  const hour = hourOf(time)
  const before = sums[hour] ?? 0
  const within = (sums[hour + 1] ?? before) - before
  const count = before + Math.floor((within * (time - BEGIN - hour * HOUR_MS)) / HOUR_MS)
  return count === 0 ? undefined : count
}

function sourceSeries(): readonly ModelSeries[] {
  return demoSources.flatMap(({ name: source, decoders, since, down }) => {
    const isDown = (time: EpochMs) => down.some(span => isWithin(time, span))
    const from = (value: (time: EpochMs) => number) => (time: EpochMs) => (time >= since ? value(time) : undefined)
    // Records go on where a source is read again: the last one is of when it went down.
    const lastRead = (time: EpochMs) => down.find(span => isWithin(time, span))?.start ?? time
    return [
      exported(
        'clawtrust_source_up',
        { source },
        from(time => (isDown(time) ? 0 : 1)),
      ),
      exported(
        'clawtrust_source_recognised',
        { source },
        from(() => 1),
      ),
      exported(
        'clawtrust_source_last_event_timestamp_seconds',
        { source },
        from(time => lastRead(time) / SECOND_MS),
      ),
      exported(
        'clawtrust_source_clock_skew_seconds',
        { source },
        from(time => (time / HOUR_MS) % 2),
      ),
      exported(
        'clawtrust_telemetry_lost_total',
        { source, unit: 'records' },
        from(() => 0),
      ),
      exported(
        'clawtrust_ahead_events_total',
        { source },
        from(() => 0),
      ),
      ...decoders.map(decoder =>
        exported(
          'clawtrust_events_total',
          { source, decoder },
          from(time => 10 + Math.floor((lastRead(time) - since) / (60 * SECOND_MS))),
        ),
      ),
    ]
  })
}

function postureSeries(): readonly ModelSeries[] {
  const keycloak = demoSources.find(({ name }) => name === 'keycloak')
  const inventory = demoSources.find(({ name }) => name === 'posture')
  const since = (source: typeof keycloak, value: (time: EpochMs) => number | undefined) => (time: EpochMs) =>
    source !== undefined && time >= source.since ? value(time) : undefined
  const edge = { gateway: 'edge-1', trust_zone: demoGateways['edge-1'].trustZone }
  return [
    ...(['trusted', 'untrusted', 'unknown'] as const).map(posture =>
      exported(
        'clawtrust_devices',
        { ...edge, posture },
        since(inventory, time => devicesAt(time)[posture]),
      ),
    ),
    exported(
      'clawtrust_identities',
      { ...edge, kind: 'user', usage: 'used' },
      since(keycloak, () => 23),
    ),
    exported(
      'clawtrust_identities',
      { ...edge, kind: 'client', usage: 'used' },
      since(keycloak, () => 6),
    ),
    exported(
      'clawtrust_identity_roles',
      {},
      since(keycloak, () => 4),
    ),
    ...Object.entries(demoGateways).map(([gateway, { trustZone }]) =>
      exported(
        'clawtrust_posture_desired_state_differences',
        { gateway, trust_zone: trustZone },
        since(inventory, () => 0),
      ),
    ),
    ...Object.entries(demoGateways).flatMap(([gateway, { trustZone }]) =>
      Object.keys(snapshotTimes(DEMO_NOW)).map(producer =>
        exported(
          'clawtrust_posture_snapshot_valid',
          { gateway, trust_zone: trustZone, producer },
          since(inventory, () => 1),
        ),
      ),
    ),
    ...demoFindings.map(({ gateway, check, severity, open }) =>
      exported(
        'clawtrust_posture_findings',
        { gateway, trust_zone: demoGateways[gateway].trustZone, check, severity },
        since(inventory, time => (isWithin(time, open) ? 1 : undefined)),
      ),
    ),
  ]
}

/** The scorer learns a minute a minute. */
function detectionSeries(): readonly ModelSeries[] {
  const edge = { gateway: 'edge-1', trust_zone: demoGateways['edge-1'].trustZone }
  const learnt = (from: EpochMs) => (time: EpochMs) =>
    time < from ? undefined : Math.min(20_160, Math.floor((time - from) / (60 * SECOND_MS)))
  const cilium = demoSources.find(({ name }) => name === 'cilium')?.since ?? DEMO_NOW
  return [
    exported('clawtrust_scorings_total', {}, time => Math.floor((time - BEGIN) / (6 * SECOND_MS))),
    exported('clawtrust_anomaly_samples_seen', { ...edge, signal: 'auth_successes' }, learnt(BEGIN)),
    exported('clawtrust_anomaly_samples_seen', { ...edge, signal: 'auth_failures' }, learnt(BEGIN)),
    exported('clawtrust_anomaly_samples_seen', { ...edge, signal: 'policy_decisions' }, learnt(cilium)),
    exported('clawtrust_offender_events', { ...edge, source_ip: ATTACKER, signal: 'auth_failures' }, time =>
      isWithin(time, { start: ATTACK.start, end: ATTACK.end }) ? 412 : undefined,
    ),
    // People who mistype: a few at a time.
    exported('clawtrust_offender_events', { ...edge, source_ip: '198.51.100.23', signal: 'auth_failures' }, time =>
      Math.floor(time / HOUR_MS) % 9 === 0 ? 3 : undefined,
    ),
  ]
}

function remediationSeries(): readonly ModelSeries[] {
  return [
    remediation('clawtrust_remediation_ledger_ok', {}, () => 1),
    remediation('clawtrust_remediation_dead_letters', {}, () => 0),
    remediation('clawtrust_remediation_truncated_alerts_total', {}, () => 0),
  ]
}

/** Prometheus writes them itself, also while a target is down. */
function alertSeries(): readonly ModelSeries[] {
  return demoFirings.map(({ alert, labels, start, end }) => ({
    labels: { __name__: 'ALERTS', alertname: alert, alertstate: 'firing', severity: 'warning', ...labels },
    at: time => (isWithin(time, { start, end }) ? 1 : undefined),
  }))
}
