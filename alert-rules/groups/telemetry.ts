import { greatest, held, selector } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, instances, source } from '../text.ts'
import type { Values } from '../values.ts'

const up = (matchers: string) => held(selector('clawtrust_source_up', matchers), '5m')

const undecoded = 'sum without (reason) (rate(clawtrust_undecoded_total{reason!~"skipped|not_authoritative"}[15m]))'
const decoded = 'sum without (decoder) (rate(clawtrust_events_total[15m]))'

/** Whether the sources are read, in time and whole: an ingest gap is not zero failures. */
export const telemetry = ({ telemetry: values }: Values): RuleGroup => ({
  name: 'clawtrust-telemetry',
  dashboard: 'exporter-health',
  rules: [
    {
      alert: 'ClawtrustSourceDown',
      expr: `${greatest('job, source', up(''))} == 0`,
      for: '2m',
      severity: 'critical',
      summary: 'A source cannot be read by any replica.',
      description: `No exporter has been able to read ${source} for at least 5 minutes: until it is read again, zero failures mean nothing. The page of the exporter tells the reason.`,
      controls: ['AU-5', 'AU-12'],
    },
    {
      alert: 'ClawtrustReplicaSourceDown',
      expr: `min by (job, source) (${up('')}) == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'A replica cannot read a source.',
      description: `Source {{ $labels.source }} has not been readable for 15 minutes at ${instances(matchers => `${up(matchers)} == 0`, 'source')}; as long as another replica reads it, nothing is missed. Compare rights, mounts and network with those of the other.`,
      controls: ['AU-5', 'CP-10'],
    },
    {
      alert: 'ClawtrustSourceLag',
      expr: `min by (job, source) (min_over_time(clawtrust_source_lag_seconds[5m])) > ${values.lag_seconds}`,
      for: '5m',
      severity: 'warning',
      summary: 'A source is read with delay.',
      description: `Reading of ${source} is {{ $value | humanizeDuration }} behind even at the best replica; alerts come as late. If the lag falls, a backlog is being read: wait. If it rises, look at the CPU of the exporter and at the speed of the source.`,
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustSourceSilent',
      expr: `time() - ${greatest('job, source', held('clawtrust_source_last_event_timestamp_seconds', '5m'))} > ${values.silence_seconds}`,
      for: '5m',
      severity: 'warning',
      summary: 'A source has gone silent.',
      description: `The newest record of ${source} that was understood is {{ $value | humanizeDuration }} old. Is the gateway up, and does its log still go where it went? Silence that nobody can explain is tampering.`,
      controls: ['AU-5', 'AU-12', 'SI-4'],
    },
    {
      alert: 'ClawtrustTelemetryLost',
      expr: `${greatest('job, source, unit', 'increase(clawtrust_telemetry_lost_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'Records were lost before they could be read.',
      description: `${count} {{ $labels.unit }} of ${source} were lost in 15 minutes: its counts are lower bounds. Bytes are lost to rotation that truncates, records to a gateway that is overloaded.`,
      controls: ['AU-5', 'AU-9'],
    },
    {
      alert: 'ClawtrustLateEvents',
      expr: `${greatest('job, source', 'increase(clawtrust_late_events_total[15m])')} >= ${values.late_events_in_15m}`,
      severity: 'warning',
      summary: 'Events arrive late.',
      description: `${count} events of ${source} came after their minute had closed, in 15 minutes: counters hold them, scores do not. Look for a clock that is wrong and for a shipper that is behind.`,
      controls: ['AU-8', 'AU-12'],
    },
    {
      alert: 'ClawtrustEventsAhead',
      expr: `${greatest('job, source', 'increase(clawtrust_ahead_events_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'Events are dated more than a day ahead.',
      description: `${count} events of ${source} in 15 minutes are dated more than a day ahead of the clock: counters hold them, minutes and scores do not, and no spray or first sighting follows from them. Look for a clock that is wrong and for made-up times.`,
      controls: ['AU-8', 'AU-12'],
    },
    {
      alert: 'ClawtrustBeyondOverlap',
      expr: `${greatest('job, source', 'increase(clawtrust_beyond_overlap_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'Records appeared too late to be counted.',
      description: `${count} records of ${source} appeared in 15 minutes too late to be told from those already counted: counters are too low by so many. Widen the horizon of the source to the delay of its shipper.`,
      controls: ['AU-5', 'AU-12'],
    },
    {
      alert: 'ClawtrustUndecodedShare',
      expr: `${greatest('job, source', `${undecoded} / (${undecoded} + (${decoded} or ${undecoded} * 0))`)} > ${values.undecoded_share}`,
      for: '10m',
      severity: 'warning',
      summary: 'Many records are not understood.',
      description: `{{ $value | humanizePercentage }} of the records of ${source} are not understood; an attack may be among them. After an update of OpenClaw, update clawtrust too; otherwise another program writes into the same place.`,
      controls: ['AU-6', 'AU-12'],
    },
  ],
})
