import { z } from 'zod'
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../../core/clock.ts'
import { matcher, selector } from '../../promql/build.ts'
import { bucketsOf } from './calendar.ts'
import { gapsOf } from './gaps.ts'
import { defineEvidence, type EvidenceContext } from './kind.ts'
import { named, newestSample, presence } from './measured.ts'
import type { Reading } from './reading.ts'
import { recordedQueries } from './recorded-queries.ts'
import { labelValues, metricName } from './schema.ts'
import { labelsKey } from './series.ts'
import type { MetricSeries, MetricStore } from './stores.ts'
import { unread } from './unread.ts'

const alertsSchema = z.strictObject({
  from: z.literal('alerts'),
  alertname: metricName().describe('The alert, by its name in the rules.'),
  labels: labelValues().exactOptional().describe('Only alerts with these values of their labels.'),
  measure: z
    .enum(['firings', 'seconds'])
    .prefault('firings')
    .describe('How many times an alert was firing, or for how long, in seconds; of all of its label sets together.'),
})

type AlertsRequest = z.output<typeof alertsSchema>

/** Alerts are looked at each minute: a firing that is shorter may be missed, and two within a minute are one. */
const STEP_MS = MINUTE_MS
const SAMPLES = 5

/** The history of an alert, from the series `ALERTS` that Prometheus writes while an alert is pending or firing. */
export const alertsEvidence = defineEvidence({
  type: 'alerts',
  store: 'prometheus',
  summary: 'the history of an alert: how often and how long it was firing',
  schema: alertsSchema,
  sentence({ alertname, measure, labels }) {
    const of = selector(alertname, ...matchersOf(labels))
    return measure === 'firings' ? `Number of times that ${of} was firing` : `Time that ${of} was firing`
  },
  unit: ({ measure }) => ({ firings: 'firings', seconds: 'seconds' })[measure],
  async read(request, context) {
    const { prometheus } = context.stores
    if (prometheus !== undefined) return readAlerts(request, prometheus, context)
    const series = alertSeries(request)
    return unread(
      { store: 'prometheus', query: series, of: series, reason: 'Prometheus is not configured' },
      context.period,
    )
  },
})

const matchersOf = (labels: AlertsRequest['labels'] = {}): string[] =>
  Object.entries(labels)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([label, values]) => matcher(label, values))

const alertSeries = ({ alertname, labels }: AlertsRequest): string =>
  selector('ALERTS', matcher('alertname', alertname), matcher('alertstate', 'firing'), ...matchersOf(labels))

async function readAlerts(
  request: AlertsRequest,
  prometheus: MetricStore,
  { period, signal }: EvidenceContext,
): Promise<Reading> {
  const { alertname, measure } = request
  const { store, queries } = recordedQueries(prometheus)
  const series = alertSeries(request)
  // At its start too: an alert that has been firing for longer is firing in this period.
  const found = await store.range(series, { start: period.start, end: period.end - STEP_MS, step: STEP_MS }, signal)
  const firings = found
    .flatMap(firingsOf)
    .sort((one, other) => one.start - other.start || (one.key < other.key ? -1 : 1))
  const newest = await newestSample(store, 'up', period, signal)
  const about = { store: 'prometheus', address: store.address, query: queries(), of: `alert ${alertname}` } as const
  if (firings.length === 0) {
    const rules = await store.alertRules?.(signal)
    if (rules?.includes(alertname) !== true) {
      const reason =
        rules === undefined
          ? 'it is not known whether a rule evaluates it'
          : 'Prometheus has no rule of this name that it can evaluate'
      return unread({ ...about, reason }, period)
    }
    if (newest === null) return unread({ ...about, reason: 'Prometheus holds no sample of the period' }, period)
  }
  const { buckets } = bucketsOf(period)
  // Without any sample, no rule was evaluated either.
  const isObserved = await presence(store, 'up', buckets, signal)
  const gaps = gapsOf(buckets, isObserved, { of: 'up', reason: 'Prometheus holds no sample of it' })
  const distribution = buckets.map(({ start, end }, bucket) => {
    const value = measured(firings, measure, start, end)
    return { start, value: value === 0 && isObserved[bucket] !== true ? null : value }
  })
  const value = measured(firings, measure, period.start, period.end)
  const byZone = Object.fromEntries(
    [...Map.groupBy(firings, ({ zone }) => zone)]
      .filter(([zone]) => zone !== undefined)
      .map(([zone, members]) => [zone, measured(members, measure, period.start, period.end)]),
  )
  const samples = firings.slice(0, SAMPLES).map(({ start, key }) => `${new Date(start).toISOString()} ${key}`)
  return {
    store: 'prometheus',
    address: store.address,
    query: queries(),
    result: {
      firings: firings.length,
      seconds: measured(firings, 'seconds', period.start, period.end),
      distribution: distribution.map(({ start, value }) => ({ start: new Date(start).toISOString(), value })),
      ...(Object.keys(byZone).length === 0 ? {} : { zones: byZone }),
      samples,
    },
    count: firings.length,
    value,
    newest,
    ...(Object.keys(byZone).length === 0 ? {} : { byZone }),
    distribution,
    samples,
    ...(gaps.length === 0 ? {} : { gaps }),
  }
}

/** A time in which one label set was firing, [start, end). */
interface Firing {
  readonly key: string
  readonly zone: string | undefined
  readonly start: EpochMs
  readonly end: EpochMs
}

/** Consecutive samples are one firing. */
function firingsOf({ labels, samples }: MetricSeries): Firing[] {
  const { alertstate, ...own } = named(labels)
  const about = { key: labelsKey(own), zone: own.trust_zone }
  const firings: Firing[] = []
  for (const [time] of samples) {
    const before = firings.at(-1)
    if (before?.end === time) firings[firings.length - 1] = { ...before, end: time + STEP_MS }
    else firings.push({ ...about, start: time, end: time + STEP_MS })
  }
  return firings
}

/** The firings that began in a window, or the seconds of it in which any label set was firing, added up. */
function measured(firings: readonly Firing[], measure: AlertsRequest['measure'], start: EpochMs, end: EpochMs): number {
  if (measure === 'firings') return firings.filter(firing => firing.start >= start && firing.start < end).length
  const overlap = (firing: Firing) => Math.max(0, Math.min(firing.end, end) - Math.max(firing.start, start))
  return firings.reduce((sum, firing) => sum + overlap(firing), 0) / SECOND_MS
}
