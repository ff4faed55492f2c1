import { greatest, held, selector } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, instances, source } from '../text.ts'
import type { Values } from '../values.ts'

const up = (matchers: string) => held(selector('clawtrust_source_up', matchers), '5m')

const fileFails = (matchers: string) => `${held(selector('clawtrust_enrichment_up', matchers))} == 0`
const listAge = (matchers: string) => held(selector('clawtrust_enrichment_age_seconds', 'kind="threat_list"', matchers))

const undecoded = 'sum without (reason) (rate(clawtrust_undecoded_total{reason!~"skipped|not_authoritative"}[15m]))'
const decoded = 'sum without (decoder) (rate(clawtrust_events_total[15m]))'
const late = 'increase(clawtrust_late_events_total[15m])'

/**
 * Decoded records that a replica received in half an hour, of sources to which senders deliver. A difference of a counter
 * and not its increase: `increase` estimates what it did not see. A replica that is not that old has none, and one that is
 * down has none after five minutes.
 */
const RECEIVED = 'clawtrust:received_records:growth_30m'
const decodedBy = (offset: string) =>
  `sum by (job, instance, source) (max_over_time(clawtrust_events_total[5m]${offset}))`
const received = `(${decodedBy('')} - ${decodedBy(' offset 30m')}) and on (job, instance, source) ${held(selector('clawtrust_source_info', 'kind="otlp"'), '5m')}`

/** Two clients of one address that fail in the same second at two servers look like one event: a few are chance. */
const REPEATED_EVENTS = 10

/** Completeness and delay of the sources: an ingest gap is not zero failures. */
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
      description: `No exporter has been able to read ${source} for at least 5 minutes: until it is read again, a count of zero has no meaning. The page of the exporter shows the reason.`,
      controls: ['AU-5', 'AU-12'],
    },
    {
      alert: 'ClawtrustReplicaSourceDown',
      expr: `min by (job, source) (${up('')}) == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'A replica cannot read a source.',
      description: `Source {{ $labels.source }} has not been readable for 15 minutes at ${instances(matchers => `${up(matchers)} == 0`, 'source')}; as long as another replica reads it, nothing is missed. Compare permissions, mounts and network with the other replica.`,
      controls: ['AU-5', 'CP-10'],
    },
    { record: RECEIVED, expr: received },
    {
      alert: 'ClawtrustReplicasDiffer',
      expr: `${greatest('job, source', RECEIVED)} - min by (job, source) (${RECEIVED}) > ${values.replica_difference_records} + 0.01 * ${greatest('job, source', RECEIVED)}`,
      // What one replica receives later than the other, as after its restart, is within it.
      for: '10m',
      severity: 'warning',
      summary: 'A replica received fewer records than another.',
      description: `In 30 minutes, a replica received ${count} records of ${source} less than another: its counts are too low, and it cannot take over. A sender does not reach it, is refused by it, or dropped what it could not send.`,
      controls: ['AU-5', 'CP-10'],
    },
    {
      alert: 'ClawtrustSourceUnrecognised',
      expr: `${greatest('job, source', held('clawtrust_source_recognised', '5m'))} == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'A source is read, but nothing in it is recognised.',
      description: `No record of ${source} that was read since the start of the exporter is in a known format: it is readable, and a count of zero has no meaning. Check the path or index and the format of the log.`,
      controls: ['AU-5', 'AU-12'],
    },
    {
      alert: 'ClawtrustInputUnrecognised',
      expr: `${greatest('job, source, kind', held('clawtrust_source_unrecognised_inputs', '5m'))} > 0 unless on (job, source) ${greatest('job, source', held('clawtrust_source_recognised', '5m'))} == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'A part of a source is read, but nothing in it is recognised.',
      description: `Of ${source}, ${count} inputs of kind {{ $labels.kind }} have no record in a known format since the start of the exporter, although others do: nothing in them is counted. The page of the exporter, its log and /api/v1/sources name them, with what to configure.`,
      controls: ['AU-5', 'AU-12'],
    },
    {
      alert: 'ClawtrustSourceLag',
      expr: `min by (job, source) (min_over_time(clawtrust_source_lag_seconds[5m])) > ${values.lag_seconds}`,
      for: '5m',
      severity: 'warning',
      summary: 'A source lags.',
      description: `The lag of ${source} is {{ $value | humanizeDuration }} at the best replica; alerts are delayed by the same time. If the lag falls, a backlog is being read: wait. If it rises, check the CPU of the exporter and the speed of the source.`,
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustSourceSilent',
      expr: `time() - ${greatest('job, source', held('clawtrust_source_last_event_timestamp_seconds', '5m'))} > ${values.silence_seconds}`,
      for: '5m',
      severity: 'warning',
      summary: 'A source is silent.',
      description: `The newest decoded record of ${source} is {{ $value | humanizeDuration }} old. Check that the gateway is up and that its log is still shipped. Treat unexplained silence as tampering.`,
      controls: ['AU-5', 'AU-12', 'SI-4'],
    },
    {
      alert: 'ClawtrustTelemetryLost',
      expr: `${greatest('job, source, unit', 'increase(clawtrust_telemetry_lost_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'Records were lost before they could be read.',
      description: `${count} {{ $labels.unit }} of ${source} were lost in 15 minutes: its counts are lower bounds. Rotation that truncates loses bytes, an overloaded gateway loses records.`,
      controls: ['AU-5', 'AU-9'],
    },
    {
      alert: 'ClawtrustForgeableRecords',
      expr: `${greatest('job, source', 'increase(clawtrust_undecoded_total{reason="forgeable_line"}[15m])')} > 0`,
      severity: 'warning',
      summary: 'Records are not believed, because clients can write into the same log.',
      description: `In 15 minutes, ${count} records of ${source} were not counted: they are in or near the console of a gateway in plain text, into which a client can write whole lines. Real records may be among them, and so may forged ones. Set logging.consoleStyle to json at the gateway.`,
      controls: ['AU-5', 'AU-9'],
    },
    {
      alert: 'ClawtrustLateEvents',
      // An old log that is shipped for the first time is late as a whole, and no fault.
      expr: `${greatest('job, source', `${late} - (increase(clawtrust_late_history_events_total[15m]) or ${late} * 0)`)} >= ${values.late_events_in_15m}`,
      severity: 'warning',
      summary: 'Events arrive late.',
      description: `In 15 minutes, ${count} events of ${source} arrived after their minute had closed: counters include them, scores do not. An old log that is shipped for the first time does not count here. Look for a wrong clock and for a shipper that lags.`,
      controls: ['AU-8', 'AU-12'],
    },
    {
      alert: 'ClawtrustEventsAhead',
      expr: `${greatest('job, source', 'increase(clawtrust_ahead_events_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'Events are dated more than a day ahead.',
      description: `In 15 minutes, ${count} events of ${source} were dated more than a day ahead of the clock: counters include them, minutes and scores do not, and no spray or first-seen entity is derived from them. Look for a wrong clock and for forged times.`,
      controls: ['AU-8', 'AU-12'],
    },
    {
      alert: 'ClawtrustBeyondOverlap',
      expr: `${greatest('job, source', 'increase(clawtrust_beyond_overlap_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'Records appeared too late to be counted.',
      description: `In 15 minutes, ${count} records of ${source} appeared after the horizon, too late to be distinguished from counted records: counters are too low by that number. Increase the horizon of the source to the delay of its shipper.`,
      controls: ['AU-5', 'AU-12'],
    },
    {
      alert: 'ClawtrustUndatedDocuments',
      expr: `${greatest('job, source', held('clawtrust_source_undated_documents', '5m'))} > 0`,
      for: '5m',
      severity: 'warning',
      summary: 'Documents lack the time by which they are read.',
      description: `${count} documents of ${source} are never read, because they lack the cursor field: counters are lower bounds. clawtrust elastic check names the indices; write through the ingest pipeline that sets the field, and apply it to the stored documents.`,
      controls: ['AU-5', 'AU-8', 'AU-12'],
    },
    {
      alert: 'ClawtrustCountedTwice',
      expr: `${greatest('job, source, decoder', 'increase(clawtrust_repeated_form_events_total[15m])')} >= ${REPEATED_EVENTS}`,
      severity: 'warning',
      summary: 'Events are read in two forms, and count twice.',
      description: `In 15 minutes, ${count} events that the decoder {{ $labels.decoder }} read in ${source} had been read in another form of the same log: counters are too high. Read one of the two.`,
      controls: ['AU-6', 'AU-12'],
    },
    {
      alert: 'ClawtrustFileHeldBack',
      expr: `${greatest('job, source', held('clawtrust_source_held_back_bytes', '5m'))} > 0`,
      for: '10m',
      severity: 'warning',
      summary: 'A file is not read, because it may have been read.',
      description: `${count} bytes of ${source} are held back: a file begins like one that was read and is gone, and it is not known whether these bytes were read in that one. If it is an unfinished copy, complete or remove it; if the lines are its own, copy them into a file of another name. The page and the log name the file and the bytes.`,
      controls: ['AU-5', 'AU-12'],
    },
    {
      alert: 'ClawtrustUndecodedShare',
      expr: `${greatest('job, source', `${undecoded} / (${undecoded} + (${decoded} or ${undecoded} * 0))`)} > ${values.undecoded_share}`,
      for: '10m',
      severity: 'warning',
      summary: 'Many records are undecoded.',
      description: `{{ $value | humanizePercentage }} of the records of ${source} are undecoded; an attack may be among them. After an update of OpenClaw, update clawtrust; otherwise another program writes to the same source.`,
      controls: ['AU-6', 'AU-12'],
    },
    {
      alert: 'ClawtrustEnrichmentFailing',
      expr: greatest('job, source', fileFails('')),
      for: '10m',
      severity: 'warning',
      summary: 'A database or threat list about addresses cannot be read.',
      description: `{{ $labels.source }} of exporter.enrichment cannot be read at ${instances(fileFails, 'source')}. The last good one stays in use, a threat list until its max_age: countries, autonomous systems and marks of offenders may be missing or old; nothing else depends on them. The page and the log of the exporter give the reason.`,
      controls: ['RA-3', 'SI-5'],
    },
    {
      alert: 'ClawtrustEnrichmentStale',
      expr: `${greatest('job, source', listAge(''))} > ${values.threat_list_age_seconds}`,
      for: '10m',
      severity: 'warning',
      summary: 'A threat list about addresses is old.',
      description: `Threat list {{ $labels.source }} of exporter.enrichment is {{ $value | humanizeDuration }} old at ${instances(matchers => `${listAge(matchers)} > ${values.threat_list_age_seconds}`, 'source')}. A list older than its max_age marks no offender. Fix its download.`,
      controls: ['RA-3', 'SI-5'],
    },
    {
      alert: 'ClawtrustProductLogChanged',
      expr: `${greatest('job, gateway, product, version', held('clawtrust_product_log_changed', '5m'))} == 1`,
      for: '10m',
      severity: 'warning',
      summary: 'A new version of OpenClaw or of a guard writes another log.',
      description:
        'The records of {{ $labels.product }} {{ $labels.version }} at gateway {{ $labels.gateway }} (job {{ $labels.job }}) differ from those of the versions before it, and some are undecoded: an attack may be among them. Update clawtrust; if that does not help, report the redacted samples that clawtrust versions and the page of the exporter show.',
      controls: ['AU-6', 'AU-12', 'CM-3'],
    },
  ],
})
