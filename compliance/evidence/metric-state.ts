import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import type { SignalName } from '../../core/signals.ts'
import { OVERFLOW_LABEL_VALUE } from '../../service/series/label-values.ts'
import type { Json } from '../../service/state/state.ts'
import type { MinuteSum, StateView } from '../../service/views/state-view.ts'
import { type Bucket, bucketsOf } from './calendar.ts'
import type { EvidenceContext } from './kind.ts'
import { acrossOf, type MetricRequest, measureOf, SHARED_LABELS } from './metric-schema.ts'
import type { Period } from './period.ts'
import type { Gap, Reading } from './reading.ts'
import { unread } from './unread.ts'

/**
 * The increase of a signal from the minutes in the state of an exporter, where Prometheus is not configured; undefined
 * where there is no state. What the minutes do not hold is unknown, never less: other labels, other measures, minutes that
 * are deleted after their retention, or that are not complete yet.
 */
export async function metricOfState(
  request: MetricRequest,
  { stores, period }: EvidenceContext,
): Promise<Reading | undefined> {
  const { state } = stores
  if (state === undefined) return undefined
  const query = queryOf(request, period)
  const unknown = (of: string, reason: string) =>
    unread({ store: 'state', address: state.path, query, of, reason }, period)
  const refusal = refusalOf(request)
  if (refusal !== undefined) return unknown(request.signal ?? 'metric', refusal)
  const signal = request.signal as SignalName
  const gaps = gapsOf(state, signal, period)
  if (gaps === undefined) return unknown('minutes', 'the state holds no minute of the period')
  const counted = countsOf(state, signal, period)
  const shared = counted.some(({ sum }) => sum.gateway === OVERFLOW_LABEL_VALUE)
  if (shared && request.labels?.gateway !== undefined) {
    return unknown('gateway', 'gateways beyond the limit of minute series share one, which does not name them')
  }
  const matching = counted.filter(({ sum }) => matches(sum, request.labels ?? {}))
  return readingOf(matching, { state, query, period, gaps })
}

/** The rows of the state that answer, in words that a reader can ask again with. */
function queryOf({ signal, metric, labels = {} }: MetricRequest, { start, end }: Period): Json {
  const series = { signal: signal ?? null, metric: metric ?? null, labels: { ...labels } }
  return { table: 'minutes', ...series, start: iso(start), end: iso(end) }
}

/** Why the minutes cannot answer; undefined if they can. */
function refusalOf(request: MetricRequest): string | undefined {
  const { signal, labels = {} } = request
  if (signal === undefined) return 'Prometheus is not configured, and the state holds the minutes of signals only'
  if (measureOf(request) !== 'increase' || acrossOf(request) !== 'sum')
    return 'Prometheus is not configured, and the state holds only what was counted'
  const other = Object.keys(labels).find(label => !(SHARED_LABELS as readonly string[]).includes(label))
  if (other === undefined) return undefined
  return `Prometheus is not configured, and the minutes in the state do not have the label ${other}`
}

/** Undefined where no minute of the period is complete. */
function gapsOf(state: StateView, signal: SignalName, { start, end }: Period): readonly Gap[] | undefined {
  const { from, to } = state.extent(signal)
  if (from === null || to === null || Math.min(to, end) <= Math.max(from, start)) return undefined
  const gaps: Gap[] = []
  if (from > start) {
    gaps.push({ of: 'minutes', start, end: from, reason: 'minutes of before are deleted, or were never read' })
  }
  if (to < end) gaps.push({ of: 'minutes', start: to, end, reason: 'a source was not read to the end' })
  return gaps
}

interface Counted {
  readonly bucket: Bucket
  readonly sum: MinuteSum
}

/** One query for each bucket: the days of a calendar have no common length. */
const countsOf = (state: StateView, signal: SignalName, period: Period): readonly Counted[] =>
  bucketsOf(period).buckets.flatMap(bucket => {
    const { start, end } = bucket
    const step = Math.max(MINUTE_MS, end - start)
    return state.minutes(signal, { start, end, step }).map(sum => ({ bucket, sum }))
  })

function matches(
  { gateway, trustZone }: MinuteSum,
  labels: Readonly<Record<string, string | readonly string[]>>,
): boolean {
  const values = { gateway, trust_zone: trustZone }
  return SHARED_LABELS.every(label => labels[label] === undefined || [labels[label]].flat().includes(values[label]))
}

/** Names of gateways may be forged, and a report is no database. */
const MOST_LISTED = 100

const byCount = ([one, count]: readonly [string, number], [other, others]: readonly [string, number]): number =>
  others - count || (one < other ? -1 : 1)

interface Basis {
  readonly state: StateView
  readonly query: Json
  readonly period: Period
  readonly gaps: readonly Gap[]
}

function readingOf(counted: readonly Counted[], { state, query, period, gaps }: Basis): Reading {
  const byZone = sumsBy(counted, ({ sum }) => sum.trustZone)
  const byGateway = sumsBy(counted, ({ sum }) => sum.gateway)
  const total = Object.values(byZone).reduce((sum, count) => sum + count, 0)
  const newest = counted.reduce<EpochMs | null>((latest, { sum }) => Math.max(latest ?? sum.newest, sum.newest), null)
  return {
    store: 'state',
    address: state.path,
    query,
    result: {
      total,
      zones: byZone,
      gateways: Object.keys(byGateway).length,
      greatest: Object.fromEntries(Object.entries(byGateway).sort(byCount).slice(0, MOST_LISTED)),
      newest: newest === null ? null : iso(newest),
      gaps: gaps.map(({ start, end, reason }) => ({ start: iso(start), end: iso(end), reason })),
    },
    count: counted.length,
    value: total,
    newest,
    byZone,
    distribution: bucketsOf(period).buckets.map(bucket => ({
      start: bucket.start,
      value: isIn(bucket, gaps) ? null : countIn(counted, bucket),
    })),
    gaps,
  }
}

const isIn = (bucket: Bucket, gaps: readonly Gap[]): boolean =>
  gaps.some(gap => gap.start < bucket.end && gap.end > bucket.start)

const countIn = (counted: readonly Counted[], { start }: Bucket): number =>
  counted.reduce((total, { bucket, sum }) => (bucket.start === start ? total + sum.count : total), 0)

function sumsBy(counted: readonly Counted[], key: (one: Counted) => string): Readonly<Record<string, number>> {
  const sums = new Map<string, number>()
  for (const one of counted) sums.set(key(one), (sums.get(key(one)) ?? 0) + one.sum.count)
  return Object.fromEntries([...sums].sort(([one], [other]) => (one < other ? -1 : 1)))
}

const iso = (time: EpochMs): string => new Date(time).toISOString()
