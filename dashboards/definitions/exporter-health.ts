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
/** The increase of a counter in the time range, over all labels. */
const grown = (labels: string, name: string) => `sum(${greatest(labels, `increase(${metric(name)}[$__range])`)})`
const recordsPerMinute = (title: string, description: string, name: string, labels: string): PanelDefinition => ({
  kind: 'parts',
  title,
  description,
  unit: 'cpm',
  span: 12,
  queries: [{ expr: perMinute(labels, metric(name)), legend: legendOf(labels) }],
})

const ofVersion = 'gateway, product, version'
const recordsOfVersion = greatest(ofVersion, `rate(${metric('product_records_total')}[$__rate_interval])`)
const undecodedOfVersion = `sum by (${ofVersion}) (${greatest(`${ofVersion}, reason`, `rate(${metric('product_undecoded_records_total')}[$__rate_interval])`)})`

export const exporterHealth: DashboardDefinition = {
  name: 'exporter-health',
  title: 'Exporter health',
  description: 'Sources, decoding, state and lag.',
  variables: [jobVariable],
  panels: [
    {
      ...figure(
        'Sources up',
        'Share of the sources that are up. Below 100 %, events of the others are missing.',
        `avg(${greatest('source', metric('source_up'))})`,
        oneIsGood,
      ),
      unit: 'percentunit',
    },
    {
      ...figure(
        'Highest lag',
        'Age of the watermark of the slowest source.',
        `max(min by (source) (${metric('source_lag_seconds')}))`,
        lagSteps,
      ),
      unit: 's',
    },
    {
      ...figure(
        'Time since last commit',
        'Time since the last commit of the state. It rises while the disk is full or slow.',
        `max(time() - ${greatest('job', metric('state_commit_timestamp_seconds'))})`,
        lagSteps,
      ),
      unit: 's',
    },
    figure(
      'Lost records and bytes',
      'Records and bytes in the time range that were lost before they were read; their content is unknown.',
      grown('source, unit', 'telemetry_lost_total'),
      zeroIsGood,
    ),
    figure(
      'Late events',
      'Events in the time range that arrived after their minute had closed: counted, but not scored.',
      grown('source', 'late_events_total'),
      [
        { value: null, color: 'green' },
        { value: 1, color: 'orange' },
      ],
    ),
    figure(
      'Series dropped',
      'Updates in the time range beyond the series limit: raise exporter.series.limit_per_metric.',
      grown('metric', 'series_dropped_total'),
      zeroIsGood,
    ),
    {
      kind: 'state',
      title: 'Sources',
      height: 5,
      description: 'Green while a source is up at one replica or more.',
      unit: 'none',
      span: 12,
      steps: oneIsGood,
      queries: [{ expr: greatest('source', metric('source_up')), legend: '{{source}}' }],
    },
    {
      kind: 'lines',
      title: 'Lag',
      height: 5,
      description: 'Age of the watermark of each source.',
      unit: 's',
      span: 12,
      queries: [{ expr: `min by (source) (${metric('source_lag_seconds')})`, legend: '{{source}}' }],
    },
    recordsPerMinute('Decoded records', 'Records per minute by decoder.', 'events_total', 'source, decoder'),
    recordsPerMinute(
      'Undecoded records',
      'Records per minute that moved no signal. Unknown templates increase after an update of OpenClaw.',
      'undecoded_total',
      'source, reason',
    ),
    {
      kind: 'lines',
      title: 'Undecoded share by version',
      description:
        'Share of the records of each version of OpenClaw and of guards that are undecoded. Where it rises with a version, that version writes another log.',
      unit: 'percentunit',
      span: 12,
      max: 1,
      queries: [
        {
          expr: `(${undecodedOfVersion} or ${recordsOfVersion} * 0) / (${recordsOfVersion} > 0)`,
          legend: '{{product}} {{version}} {{gateway}}',
        },
      ],
    },
    {
      kind: 'table',
      title: 'New log templates by version',
      description:
        'Versions of OpenClaw and of guards, with the log templates of undecoded records that no version before wrote; clawtrust versions shows them.',
      unit: 'short',
      decimals: 0,
      span: 12,
      columns: [
        { name: 'gateway', title: 'Gateway' },
        { name: 'product', title: 'Product', width: 110 },
        { name: 'version', title: 'Version', width: 130 },
        { name: 'Value', title: 'New templates', width: 120, sort: 'desc' },
      ],
      queries: [{ expr: greatest(ofVersion, metric('product_new_templates')) }],
    },
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
      description: 'Current series of each metric; the limit is exporter.series.limit_per_metric.',
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
