import { signals } from '../../core/signals.ts'
import { matcher, selector } from '../../promql/build.ts'
import { type MetricRequest, SHARED_LABELS } from './metric-schema.ts'
import { picked } from './series.ts'

type Labels = Readonly<Record<string, string>>

/** The series that a request is about. */
export interface MeasuredSeries {
  /** `metric{…}` */
  readonly series: string
  /** `max by (…)` or `max without (…)`: one value of the replicas for each thing that is measured. */
  readonly greatest: string
  /** The same choice of labels. */
  readonly identity: (labels: Labels) => Labels
  /** A metric that is there while no series means zero. */
  readonly zeroWhile?: string
}

/** What Prometheus and its discovery say of a target; replicas differ in them. */
const TARGET_LABELS = [
  'cluster',
  'container',
  'endpoint',
  'host',
  'instance',
  'job',
  'namespace',
  'node',
  'pod',
  'prometheus',
  'prometheus_replica',
  'replica',
  'service',
] as const

/** Exposed for each configured source, while the exporter is scraped. */
export const EXPORTER_PRESENCE = 'clawtrust_source_up'

export function measuredSeries({ signal, metric, labels = {}, by, zero_while }: MetricRequest): MeasuredSeries {
  const matchers = Object.entries(labels)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([label, values]) => matcher(label, values))
  if (signal !== undefined) {
    const definition = signals[signal]
    const names = [...SHARED_LABELS, ...Object.keys(definition.labels)]
    return { series: selector(definition.metric, ...matchers), ...only(names), zeroWhile: EXPORTER_PRESENCE }
  }
  const name = metric ?? ''
  const zeroWhile = zero_while === undefined ? {} : { zeroWhile: zero_while }
  const series = selector(name, ...matchers)
  if (by !== undefined) return { series, ...only(by), ...zeroWhile }
  return { series, ...without(name.startsWith('clawtrust_') ? TARGET_LABELS : []), ...zeroWhile }
}

const only = (names: readonly string[]) => ({
  greatest: `max by (${names.join(', ')})`,
  identity: (labels: Labels) => picked(labels, names),
})

const without = (names: readonly string[]) => ({
  greatest: `max without (${names.join(', ')})`,
  identity: (labels: Labels) =>
    Object.fromEntries(Object.entries(labels).filter(([label]) => label !== '__name__' && !names.includes(label))),
})
