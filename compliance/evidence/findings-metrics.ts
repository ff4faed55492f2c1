import type { EpochMs } from '../../core/clock.ts'
import { formatDuration } from '../../core/time/duration.ts'
import { type FindingMeasure, type FindingsQuestion, isAsked } from './findings-request.ts'
import type { EvidenceContext } from './kind.ts'
import type { Period } from './period.ts'
import type { Gap, Reading } from './reading.ts'
import type { MetricSeries, MetricStore } from './stores.ts'
import { unread } from './unread.ts'

interface Selection {
  /** One value of the replicas for each thing. */
  readonly expression: string
  /** Is exposed also where the first has no series; what is there says that no series means zero. */
  readonly presence: Presence
  /** Which values of the presence say so. Default: all. */
  readonly isPresent?: (value: number) => boolean
  /** What a series of the expression counts. Default: its value. */
  readonly countOf?: (value: number) => number
}

interface Presence {
  /** Besides those of the gateway. */
  readonly label: string
  readonly metric: string
}

const greatest = (labels: string, metric: string): string => `max by (gateway, trust_zone, ${labels}) (${metric})`

const validity: Presence = { label: 'producer', metric: 'clawtrust_posture_snapshot_valid' }

const findingSelection = (metric: string): Selection => ({
  expression: greatest('check, severity', metric),
  presence: validity,
  isPresent: value => value === 1,
})

const deviceSelection = (posture: string): Selection => ({
  expression: greatest('posture', `clawtrust_devices{posture="${posture}"}`),
  presence: { label: 'posture', metric: 'clawtrust_devices' },
})

const selections: Readonly<Record<FindingMeasure, Selection>> = {
  open: findingSelection('clawtrust_posture_findings'),
  accepted: findingSelection('clawtrust_posture_accepted_findings'),
  snapshots_invalid: {
    expression: greatest(validity.label, validity.metric),
    presence: validity,
    countOf: value => (value === 0 ? 1 : 0),
  },
  devices_trusted: deviceSelection('trusted'),
  devices_untrusted: deviceSelection('untrusted'),
  devices_unknown: deviceSelection('unknown'),
}

/** From the gauges of the exporter at the end of the period. They do not name the target of a finding, nor who accepted it. */
export async function findingsOfMetrics(
  question: FindingsQuestion,
  store: MetricStore,
  { period, signal }: EvidenceContext,
): Promise<Reading> {
  const { at, measure } = question
  const { expression, presence, isPresent = () => true, countOf = value => value } = selections[measure]
  const query = { expression, time: new Date(at).toISOString() }
  const base = { store: 'prometheus', address: store.address, query } as const
  const found = await store.instant(expression, at, signal)
  const exposed = await store.instant(greatest(presence.label, presence.metric), at, signal)
  const present = exposed.filter(series => isPresent(sampleOf(series)))
  if (present.length === 0) {
    return unread({ ...base, of: 'posture', reason: 'no valid snapshot was exposed at the end of the period' }, period)
  }
  const isOfFindings = measure === 'open' || measure === 'accepted'
  const whole = formatDuration(period.end - period.start)
  const earlier = await store.instant(
    greatest(presence.label, `max_over_time(${presence.metric}[${whole}])`),
    at,
    signal,
  )
  const gaps = missingAtEnd(earlier, isOfFindings ? present : exposed, presence, period)
  const asked = isOfFindings ? found.filter(({ labels }) => isAsked(question, labelsOf(labels))) : found
  const rows = asked
    .map(series => ({ labels: series.labels, value: countOf(sampleOf(series)) }))
    .filter(({ value }) => value > 0)
    .sort(byLabels)
  const byZone = new Map<string, number>()
  for (const { labels, value } of rows) {
    const zone = labels.trust_zone ?? ''
    byZone.set(zone, (byZone.get(zone) ?? 0) + value)
  }
  return {
    ...base,
    result: rows.map(({ labels, value }) => ({ ...labels, value })),
    count: rows.length,
    value: rows.reduce((sum, { value }) => sum + value, 0),
    newest: newestOf(present),
    byZone: Object.fromEntries([...byZone].sort(([one], [other]) => (one < other ? -1 : 1))),
    ...(gaps.length === 0 ? {} : { gaps }),
  }
}

/**
 * What says nothing at the end of the period, and did within it: a gateway that is no longer exposed, a snapshot that is
 * too old. What is asked is of one moment, so that it is missing however short its own gap is.
 */
function missingAtEnd(
  earlier: readonly MetricSeries[],
  present: readonly MetricSeries[],
  { label }: Presence,
  { start, end }: Period,
): readonly Gap[] {
  const nameOf = ({ labels }: MetricSeries) =>
    `posture of ${labels.gateway ?? ''}${label === 'producer' ? ` by ${labels.producer ?? ''}` : ''}`
  const there = new Set(present.map(nameOf))
  const missing = [...new Set(earlier.map(nameOf))].filter(name => !there.has(name)).sort()
  return missing.map(of => ({ of, start, end, reason: 'nothing valid was exposed of it at the end of the period' }))
}

const labelsOf = ({ check = '', severity = '' }: Readonly<Record<string, string>>) => ({ check, severity })

interface Row {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const sampleOf = ({ samples }: MetricSeries): number => samples.at(-1)?.[1] ?? 0

const byLabels = (one: Row, other: Row): number => (keyOf(one) < keyOf(other) ? -1 : 1)

const keyOf = ({ labels }: Row): string =>
  JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)))

const newestOf = (present: readonly MetricSeries[]): EpochMs =>
  Math.max(...present.flatMap(({ samples }) => samples.map(([time]) => time)))
