import { greatest, held } from '../promql.ts'
import type { RuleGroup } from '../rule.ts'
import type { Values } from '../values.ts'

const undecoded = 'sum without (reason) (rate(clawtrust_undecoded_total{reason!~"skipped|not_authoritative"}[15m]))'
const decoded = 'sum without (decoder) (rate(clawtrust_events_total[15m]))'

/** Whether the sources are read, in time and whole: an ingest gap is not zero failures. */
export const telemetry = ({ telemetry: values }: Values): RuleGroup => ({
  name: 'clawtrust-telemetry',
  rules: [
    {
      alert: 'ClawtrustSourceDown',
      expr: `${greatest('source', held('clawtrust_source_up', '5m'))} == 0`,
      for: '2m',
      severity: 'critical',
      summary: 'A source cannot be read by any replica.',
      description:
        'No exporter has been able to read {{ $labels.source }} for at least 5 minutes: what it tells is not seen.',
      controls: ['AU-5', 'AU-12'],
    },
    {
      alert: 'ClawtrustReplicaSourceDown',
      expr: `min by (source) (${held('clawtrust_source_up', '5m')}) == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'A replica cannot read a source.',
      description: 'At least one exporter has been unable to read {{ $labels.source }} for 15 minutes.',
      controls: ['AU-5', 'CP-10'],
    },
    {
      alert: 'ClawtrustSourceLag',
      expr: `min by (source) (min_over_time(clawtrust_source_lag_seconds[5m])) > ${values.lag_seconds}`,
      for: '5m',
      severity: 'warning',
      summary: 'A source is read with delay.',
      description: '{{ $labels.source }} is {{ $value | humanizeDuration }} behind; alerts come as late.',
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustSourceSilent',
      expr: `time() - ${greatest('source', held('clawtrust_source_last_event_timestamp_seconds', '5m'))} > ${values.silence_seconds}`,
      for: '5m',
      severity: 'warning',
      summary: 'A source has gone silent.',
      description:
        'The newest record of {{ $labels.source }} that was understood is {{ $value | humanizeDuration }} old.',
      controls: ['AU-5', 'AU-12', 'SI-4'],
    },
    {
      alert: 'ClawtrustTelemetryLost',
      expr: `${greatest('source, unit', 'increase(clawtrust_telemetry_lost_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'Records were lost before they could be read.',
      description:
        '{{ $value | humanize }} {{ $labels.unit }} of {{ $labels.source }} were lost in 15 minutes: its counts are lower bounds.',
      controls: ['AU-5', 'AU-9'],
    },
    {
      alert: 'ClawtrustLateEvents',
      expr: `${greatest('source', 'increase(clawtrust_late_events_total[15m])')} >= ${values.late_events_in_15m}`,
      severity: 'warning',
      summary: 'Events arrive late.',
      description:
        '{{ $value | humanize }} events of {{ $labels.source }} came after their minute had closed, in 15 minutes.',
      controls: ['AU-8', 'AU-12'],
    },
    {
      alert: 'ClawtrustBeyondOverlap',
      expr: `${greatest('source', 'increase(clawtrust_beyond_overlap_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'Records appeared too late to be counted.',
      description:
        '{{ $value | humanize }} records of {{ $labels.source }} appeared beyond the overlap and were not counted, in 15 minutes.',
      controls: ['AU-5', 'AU-12'],
    },
    {
      alert: 'ClawtrustUndecodedShare',
      expr: `${greatest('source', `${undecoded} / (${undecoded} + (${decoded} or ${undecoded} * 0))`)} > ${values.undecoded_share}`,
      for: '10m',
      severity: 'warning',
      summary: 'Many records are not understood.',
      description: '{{ $value | humanizePercentage }} of the records of {{ $labels.source }} are not understood.',
      controls: ['AU-6', 'AU-12'],
    },
  ],
})
