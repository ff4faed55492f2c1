import { isObject } from '../../../core/json.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import type { GuardCondition } from '../../toolkit/guard-report.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { ORIGIN, reportOf, versionsByFields } from './report.ts'
import { defenseclawFootprint, defenseclawSetup } from './setup.ts'
import { events, inBody, isFailOpen, quietBuckets } from './v8-events.ts'

const KNOWN_VERSION = 1
/** Buckets of records about what was inspected, whether or not a decision counts. */
const inspectingBuckets = new Set<unknown>(['guardrail.evaluation', 'network.egress'])

/** Records of DefenseClaw 8, one JSON object a line, in `event.record` of a document for Splunk, or as the body by OTLP. */
export const defenseclawV8Dialect: JsonLineDialect = {
  name: 'defenseclaw-v8',
  format: 'json-line',
  prefilter: ['bucket_catalog_version'],
  sourceFields: [
    'schema_version',
    'bucket_catalog_version',
    'timestamp',
    'record_id',
    'bucket',
    'signal',
    'event_name',
    'severity',
    'phase',
    'provenance',
    'body',
  ],
  signals: ['policy_decisions', 'auth_failures', 'approvals', 'posture_drifts'],
  observer: 'guard',
  footprint: defenseclawFootprint,
  recognises: ({ bucket_catalog_version: version, bucket, event_name: name, provenance }) =>
    typeof version === 'number' && typeof bucket === 'string' && typeof name === 'string' && isObject(provenance),
  decode,
  versions: versionsByFields(['bucket', 'event_name', 'signal', 'phase', 'schema_version', 'bucket_catalog_version']),
  reports: record => {
    const body = bodyOf(record)
    const version = isObject(record.provenance) ? record.provenance.binary_version : undefined
    const inspects = inspectingBuckets.has(record.bucket)
    return reportOf({ inspects, version, mode: inBody.mode(body), condition: conditionOf(record, body) })
  },
  documentation: {
    reads:
      'DefenseClaw, format 8: a destination of `kind: jsonl`, documents for `splunk_hec`, and the body of log records by OTLP',
    samples: { kind: 'documented', from: 'schemas and sources of DefenseClaw 8' },
    setup: defenseclawSetup,
    rules: [
      '**DefenseClaw**: of the records that one decision brings, `guardrail.evaluation.completed` counts, and of its phases the last (`finalize`): `defenseclaw-guardrail`, with what was evaluated as policy. `enforcement.*`, `hook_decision` and `tool.invocation.blocked` repeat it and count nothing; a block that could not be applied is a drift (`guard_block_failed`). What would have been blocked (`would_block`, or mode `observe`) is decision `audit`, and no alert on denials counts it.',
      'A record that is sent again has the same `record_id` and counts once. Records that DefenseClaw dropped or could not store are `clawtrust_telemetry_lost_total`; failed authentications at its own interfaces have the mechanism `guard` and the trust zone `guard`. Prompts, commands, reasons, titles and names of agents and sessions are not read.',
    ],
  },
}

function decode(record: Fields): Decoding {
  const time = readTime(record.timestamp)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const { schema_version: schema, bucket_catalog_version: catalog } = record
  if (schema !== KNOWN_VERSION || catalog !== KNOWN_VERSION)
    return { kind: 'undecoded', time, reason: 'unknown_version' }
  const { event_name: template, record_id: id, bucket, signal } = record
  if (quietBuckets.has(bucket) || signal !== 'logs') return { kind: 'no_signal', time, template: 'defenseclaw-record' }
  const { severity, phase } = record
  const reading = events.get(template)?.({ severity, phase, body: bodyOf(record) })
  if (reading === undefined) return { kind: 'undecoded', time, reason: 'unknown_template' }
  if (reading === 'no_signal') return { kind: 'no_signal', time, template: 'defenseclaw-record' }
  if ('lostRecords' in reading) return { kind: 'telemetry_lost', time, records: reading.lostRecords }
  const claim = { ...reading, time, count: 1, stream: 'other', origin: ORIGIN, actor: {} } as const
  const key = textOf(id)
  return { kind: 'claim', time, claim: key === undefined ? claim : { ...claim, pair: { key, role: 'leading' } } }
}

const bodyOf = ({ body }: Fields): Fields => (isObject(body) ? body : NOTHING)
const NOTHING: Fields = {}

const healthEvents = new Map<unknown, 'ready' | 'degraded'>([
  ['subsystem.ready', 'ready'],
  ['subsystem.restored', 'ready'],
  ['subsystem.degraded', 'degraded'],
])

function conditionOf({ event_name: name, severity }: Fields, body: Fields): GuardCondition | undefined {
  const state = healthEvents.get(name)
  if (state === undefined) return undefined
  const subsystem = inBody.subsystem(body)
  if (isFailOpen(subsystem)) return { part: 'managed_aid_fail_open', state: 'fail_open' }
  // Where there was nothing to inspect, which is no failure.
  if (state === 'degraded' && severity === 'INFO') return undefined
  return { part: textOf(subsystem, 64) ?? '', state }
}
