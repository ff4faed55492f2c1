import { type DashboardDefinition, jobVariable } from '../dashboard.ts'
import { oneIsGood, type PanelDefinition } from '../panel.ts'
import { greatest, ofJob } from '../promql.ts'

const metric = (name: string) => `clawtrust_${name}{${ofJob}}`
const perSecond = (title: string, description: string, name: string, labels: string): PanelDefinition => ({
  kind: 'timeseries',
  title,
  description,
  unit: 'cps',
  span: 12,
  queries: [
    {
      expr: greatest(labels, `rate(${metric(name)}[$__rate_interval])`),
      legend: labels.replace(/\w+/g, label => `{{${label}}}`).replaceAll(',', ''),
    },
  ],
})

export const exporterHealth: DashboardDefinition = {
  name: 'exporter-health',
  title: 'Exporter health',
  description: 'Whether all is read, understood and saved, and how far behind it is.',
  variables: [jobVariable],
  panels: [
    {
      kind: 'state',
      title: 'Sources',
      description: '1 while a source can be read. Of two replicas one that reads is enough.',
      unit: 'none',
      span: 12,
      steps: oneIsGood,
      queries: [{ expr: greatest('source', metric('source_up')), legend: '{{source}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Lag',
      description: 'How far the newest complete moment of each source is behind the clock.',
      unit: 's',
      span: 12,
      queries: [{ expr: `min by (source) (${metric('source_lag_seconds')})`, legend: '{{source}}' }],
    },
    perSecond('Understood records', 'Records a second that a decoder understood.', 'events_total', 'source, decoder'),
    perSecond(
      'Not understood',
      'Records a second that moved no signal. Unknown templates rise after an update of OpenClaw.',
      'undecoded_total',
      'source, reason',
    ),
    perSecond('Late', 'Events a second that came after their minute had closed.', 'late_events_total', 'source'),
    perSecond(
      'Lost',
      'Records and bytes a second that were gone before they could be read.',
      'telemetry_lost_total',
      'source, unit',
    ),
    {
      kind: 'timeseries',
      title: 'Series',
      description: 'Series of each metric, against exporter.series.limit_per_metric.',
      unit: 'short',
      span: 12,
      queries: [{ expr: `${greatest('metric', metric('series'))} > 0`, legend: '{{metric}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Since the last commit',
      description: 'Time since the state was saved. It rises where the disk is full or slow.',
      unit: 's',
      span: 12,
      queries: [{ expr: `time() - ${greatest('job', metric('state_commit_timestamp_seconds'))}`, legend: '{{job}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Memory',
      description: 'Resident memory of each process.',
      unit: 'bytes',
      span: 12,
      queries: [{ expr: `process_resident_memory_bytes{${ofJob}}`, legend: '{{instance}}' }],
    },
    {
      kind: 'timeseries',
      title: 'CPU',
      description: 'Processor time of each process.',
      unit: 'percentunit',
      span: 12,
      queries: [{ expr: `rate(process_cpu_seconds_total{${ofJob}}[$__rate_interval])`, legend: '{{instance}}' }],
    },
  ],
}
