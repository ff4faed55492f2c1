import { greatest, held } from '../promql.ts'
import type { RuleGroup } from '../rule.ts'
import type { Values } from '../values.ts'

/** Whether the exporter itself works. */
export const bundle = ({ telemetry: values }: Values): RuleGroup => ({
  name: 'clawtrust-bundle',
  rules: [
    {
      alert: 'ClawtrustExporterAbsent',
      expr: 'absent(clawtrust_scorings_total)',
      for: '5m',
      severity: 'critical',
      summary: 'No exporter is scraped.',
      description: 'Prometheus has had no metrics of a clawtrust exporter for 5 minutes: nothing is watched.',
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustStateNotCommitted',
      expr: `max(time() - ${held('clawtrust_state_commit_timestamp_seconds')}) > ${values.commit_age_seconds}`,
      for: '2m',
      severity: 'critical',
      summary: 'An exporter cannot write its state.',
      description:
        'The last commit of an exporter is {{ $value | humanizeDuration }} old: its exposed values stand still.',
      controls: ['AU-4', 'AU-5'],
    },
    {
      alert: 'ClawtrustSeriesDropped',
      expr: `${greatest('metric', 'increase(clawtrust_series_dropped_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'A metric has more series than it may hold.',
      description: '{{ $labels.metric }} met its limit: further series are summed in one overflow series.',
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustConfigReloadFailed',
      expr: `min by (job) (${held('clawtrust_config_last_reload_successful', '5m')}) == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'A changed configuration was refused.',
      description: 'A service of job {{ $labels.job }} goes on with its old configuration.',
      controls: ['CM-3', 'CM-6'],
    },
  ],
})
