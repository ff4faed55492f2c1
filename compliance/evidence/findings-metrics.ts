import type { EpochMs } from '../../core/clock.ts'
import { type FindingMeasure, type FindingsQuestion, isAsked } from './findings-request.ts'
import type { EvidenceContext } from './kind.ts'
import type { Reading } from './reading.ts'
import type { MetricSeries, MetricStore } from './stores.ts'
import { unread } from './unread.ts'

interface Selection {
  /** One value of the replicas for each thing. */
  readonly expression: string
  /** Is exposed also where the first has no series; what is there says that no series means zero. */
  readonly presence: string
  /** Which values of the presence say so. Default: all. */
  readonly isPresent?: (value: number) => boolean
  /** What a series of the expression counts. Default: its value. */
  readonly countOf?: (value: number) => number
}

const greatest = (labels: string, metric: string): string => `max by (gateway, trust_zone, ${labels}) (${metric})`

const validity = greatest('producer', 'clawtrust_posture_snapshot_valid')

const findingSelection = (metric: string): Selection => ({
  expression: greatest('check, severity', metric),
  presence: validity,
  isPresent: value => value === 1,
})

const deviceSelection = (posture: string): Selection => ({
  expression: greatest('posture', `clawtrust_devices{posture="${posture}"}`),
  presence: greatest('posture', 'clawtrust_devices'),
})

const selections: Readonly<Record<FindingMeasure, Selection>> = {
  open: findingSelection('clawtrust_posture_findings'),
  accepted: findingSelection('clawtrust_posture_accepted_findings'),
  snapshots_invalid: { expression: validity, presence: validity, countOf: value => (value === 0 ? 1 : 0) },
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
  const exposed = await store.instant(presence, at, signal)
  const present = exposed.filter(series => isPresent(sampleOf(series)))
  if (present.length === 0) {
    return unread({ ...base, of: 'posture', reason: 'no valid snapshot was exposed at the end of the period' }, period)
  }
  const isOfFindings = measure === 'open' || measure === 'accepted'
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
  }
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
