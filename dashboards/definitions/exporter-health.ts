import { greatest } from '../../promql/build.ts'
import { type DashboardDefinition, jobVariable } from '../dashboard.ts'
import type { PanelDefinition } from '../panel.ts'
import { ofJob, perMinute } from '../promql.ts'
import { lagSteps, oneIsGood, type Step, zeroIsGood } from '../steps.ts'

const metric = (name: string) => `clawtrust_${name}{${ofJob}}`
const legendOf = (labels: string) => labels.replace(/\w+/g, label => `{{${label}}}`).replaceAll(',', '')
const figure = (title: string, description: string, expr: string, steps: readonly Step[]): PanelDefinition => ({
  kind: 'stat',
  title,
  description,
  unit: 'short',
  decimals: 0,
  span: 4,
  steps,
  queries: [{ expr }],
})
/** What a counter grew by in the shown time, over all its labels. */
const grown = (labels: string, name: string) => `sum(${greatest(labels, `increase(${metric(name)}[$__range])`)})`
const recordsPerMinute = (title: string, description: string, name: string, labels: string): PanelDefinition => ({
  kind: 'parts',
  title,
  description,
  unit: 'cpm',
  span: 12,
  queries: [{ expr: perMinute(labels, metric(name)), legend: legendOf(labels) }],
})

export const exporterHealth: DashboardDefinition = {
  name: 'exporter-health',
  title: 'Exporter health',
  description: 'Whether all is read, understood and saved, and how far behind it is.',
  variables: [jobVariable],
  panels: [
    {
      ...figure(
        'Sources up',
        'Share of the sources that can be read. Below 100 %, what is missing is blind.',
        `avg(${greatest('source', metric('source_up'))})`,
        oneIsGood,
      ),
      unit: 'percentunit',
    },
    {
      ...figure(
        'Behind the clock',
        'How old the newest complete moment of the slowest source is.',
        `max(min by (source) (${metric('source_lag_seconds')}))`,
        lagSteps,
      ),
      unit: 's',
    },
    {
      ...figure(
        'Since the last commit',
        'Time since the state was saved. It rises where the disk is full or slow.',
        `max(time() - ${greatest('job', metric('state_commit_timestamp_seconds'))})`,
        lagSteps,
      ),
      unit: 's',
    },
    figure(
      'Lost',
      'Records and bytes of the shown time that were gone before they could be read: nobody can say what was in them.',
      grown('source, unit', 'telemetry_lost_total'),
      zeroIsGood,
    ),
    figure(
      'Late',
      'Events of the shown time that came after their minute had closed: counted, but not in the scores.',
      grown('source', 'late_events_total'),
      [
        { value: null, color: 'green' },
        { value: 1, color: 'orange' },
      ],
    ),
    figure(
      'Series dropped',
      'Updates of the shown time that found no room: raise exporter.series.limit_per_metric.',
      grown('metric', 'series_dropped_total'),
      zeroIsGood,
    ),
    {
      kind: 'state',
      title: 'Sources',
      height: 5,
      description: 'Green while a source can be read. Of two replicas one that reads is enough.',
      unit: 'none',
      span: 12,
      steps: oneIsGood,
      queries: [{ expr: greatest('source', metric('source_up')), legend: '{{source}}' }],
    },
    {
      kind: 'lines',
      title: 'Lag',
      height: 5,
      description: 'How far the newest complete moment of each source is behind the clock.',
      unit: 's',
      span: 12,
      queries: [{ expr: `min by (source) (${metric('source_lag_seconds')})`, legend: '{{source}}' }],
    },
    recordsPerMinute(
      'Understood records',
      'Records a minute that a decoder understood.',
      'events_total',
      'source, decoder',
    ),
    recordsPerMinute(
      'Not understood',
      'Records a minute that moved no signal. Unknown templates rise after an update of OpenClaw.',
      'undecoded_total',
      'source, reason',
    ),
    {
      kind: 'lines',
      title: 'Memory',
      description: 'Resident memory of each process.',
      unit: 'bytes',
      span: 8,
      queries: [{ expr: `process_resident_memory_bytes{${ofJob}}`, legend: '{{instance}}' }],
    },
    {
      kind: 'lines',
      title: 'CPU',
      description: 'Processor time of each process.',
      unit: 'percentunit',
      span: 8,
      queries: [{ expr: `rate(process_cpu_seconds_total{${ofJob}}[$__rate_interval])`, legend: '{{instance}}' }],
    },
    {
      kind: 'table',
      title: 'Series by metric',
      description: 'Series of each metric now, against exporter.series.limit_per_metric.',
      unit: 'short',
      decimals: 0,
      span: 8,
      columns: [
        { name: 'metric', title: 'Metric' },
        { name: 'Value', title: 'Series', width: 90, sort: 'desc' },
      ],
      queries: [{ expr: `${greatest('metric', metric('series'))} > 0` }],
    },
  ],
}
