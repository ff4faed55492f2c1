import { isObject } from '../../core/json.ts'
import type { Fields } from '../../decoding/toolkit/fields.ts'
import { nested } from '../../decoding/toolkit/path.ts'
import { SHIPPER_HOST } from './envelope-fixtures.ts'
import { mappingModes } from './shapes.ts'

/** What diagnostics-otel puts in the place of a text that is not of this form. */
const LOW_CARDINALITY = /^[A-Za-z0-9_.:-]{1,120}$/
const severityTexts: Readonly<Record<string, string>> = { critical: 'FATAL', high: 'ERROR', medium: 'WARN' }
const BODY = 'openclaw.security.event'
/** The only list. */
export const SCOPES = 'actor.scopes'

/** Parts of an event by their names as attributes. */
const attributePaths: readonly (readonly [name: string, path: readonly string[]])[] = [
  ['event_id', ['eventId']],
  ['category', ['category']],
  ['action', ['action']],
  ['outcome', ['outcome']],
  ['severity', ['severity']],
  ['reason', ['reason']],
  ['actor.kind', ['actor', 'kind']],
  ['actor.id_hash', ['actor', 'idHash']],
  ['actor.device_id_hash', ['actor', 'deviceIdHash']],
  ['actor.channel', ['actor', 'channel']],
  ['actor.role', ['actor', 'role']],
  [SCOPES, ['actor', 'scopes']],
  ['target.kind', ['target', 'kind']],
  ['target.id_hash', ['target', 'idHash']],
  ['target.name', ['target', 'name']],
  ['target.owner', ['target', 'owner']],
  ['policy.id', ['policy', 'id']],
  ['policy.decision', ['policy', 'decision']],
  ['policy.reason', ['policy', 'reason']],
  ['control.id', ['control', 'id']],
  ['control.family', ['control', 'family']],
]

const at = (event: Fields, path: readonly string[]) =>
  path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), event)

/** Scopes are one text, and words with spaces are replaced, but for the name of a target. */
export function exported(name: string, value: unknown): unknown {
  if (name === SCOPES && Array.isArray(value) && value.every(scope => typeof scope === 'string')) {
    return value.map(scope => exported('', scope)).join(',')
  }
  if (typeof value !== 'string' || name.startsWith('target.name')) return value
  return LOW_CARDINALITY.test(value) ? value : 'unknown'
}

/** The attributes of the log record that diagnostics-otel makes of an event. */
export function attributesOf(event: Fields): Fields {
  const own = isObject(event.attributes) ? event.attributes : {}
  const parts = [
    ...attributePaths.map(([name, path]) => [name, at(event, path)] as const),
    ...Object.entries(own).map(([name, value]) => [`attribute.${name}`, value] as const),
  ]
  const given = parts.filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [`openclaw.security.${name}`, exported(name, value)]))
}

const times = (event: Fields) => {
  const time = Number(event.ts)
  return { iso: new Date(time).toISOString(), epoch: `${time}.000000` }
}
const severityOf = (event: Fields) => severityTexts[String(event.severity)] ?? 'INFO'
const idsOf = (event: Fields, trace: string, span: string) => ({
  ...(isObject(event.trace) && { [trace]: event.trace.traceId, [span]: event.trace.spanId }),
})

/** Beside the attributes, by mapping mode. */
const idNames: Readonly<Record<string, readonly [trace: string, span: string]>> = {
  raw: ['TraceId', 'SpanId'],
  none: ['TraceId', 'SpanId'],
  otel: ['trace_id', 'span_id'],
}
const ecsIdNames = ['trace.id', 'span.id'] as const

function inMode(mode: string, layOut: (attributes: Fields, text: string) => Fields): (event: Fields) => Fields {
  return event => {
    const ids = idsOf(event, ...(idNames[mode] ?? ecsIdNames))
    return {
      ...layOut(attributesOf(event), BODY),
      '@timestamp': mode === 'otel' ? times(event).epoch : times(event).iso,
      ...(mode === 'ecs, nested' ? nested(ids) : ids),
    }
  }
}

/**
 * The forms in which an event of OpenClaw travels. The first is after the source of diagnostics-otel, the others after
 * the published format of the Collector's Elasticsearch exporter, by its mapping mode: none of them was captured.
 */
export const securityEventForms: Readonly<Record<string, (event: Fields) => Fields>> = {
  'stdout exporter': event => ({
    ts: times(event).iso,
    signal: 'openclaw.diagnostic.log',
    'service.name': 'openclaw-gateway',
    severityText: severityOf(event),
    severityNumber: 13,
    body: BODY,
    attributes: attributesOf(event),
    ...idsOf(event, 'trace_id', 'span_id'),
    trace_flags: '01',
  }),
  ...Object.fromEntries(
    Object.entries(mappingModes).map(([mode, layOut]) => [`mapping mode ${mode}`, inMode(mode, layOut)]),
  ),
  'mapping mode otel, attributes as objects': event => ({
    ...inMode('otel', (attributes, text) => ({ attributes: nested(attributes), body: { text } }))(event),
    severity_text: severityOf(event),
    resource: { attributes: nested({ 'service.name': 'openclaw-gateway', 'host.name': SHIPPER_HOST }) },
  }),
}
