import type { Fields } from '../../../decoding/toolkit/fields.ts'
import type { RecordGroup } from './request.ts'
import { hexadecimal, milliseconds, numberIn, plainAttributes, plainValue, textIn } from './values.ts'

/** What the documents of one group have in common. */
export interface SharedFields {
  readonly resource: Fields
  readonly scope: Fields
}

/** @throws TypeError where the resource or the scope is malformed */
export function sharedFields({ resource, scope }: RecordGroup): SharedFields {
  return {
    resource: { attributes: plainAttributes(resource?.attributes) },
    scope: { name: textIn(scope?.name), version: textIn(scope?.version) },
  }
}

/**
 * The document of a log record: laid out as the Collector's Elasticsearch exporter does in its mapping mode `otel`, so
 * that a record is decoded alike whether it was received or read from an index, and the same envelopes open it.
 *
 * @throws TypeError where a field has another type than in opentelemetry-proto, logs/v1/logs.proto
 */
export function documentOf(record: Fields, { resource, scope }: SharedFields): Fields {
  const observed = milliseconds(record.observedTimeUnixNano)
  const time = milliseconds(record.timeUnixNano) ?? observed
  return {
    ...(time !== undefined && { '@timestamp': time }),
    ...(observed !== undefined && { observed_timestamp: observed }),
    severity_number: numberIn(record.severityNumber),
    severity_text: textIn(record.severityText),
    event_name: textIn(record.eventName),
    trace_id: hexadecimal(record.traceId),
    span_id: hexadecimal(record.spanId),
    attributes: plainAttributes(record.attributes),
    body: bodyOf(record.body),
    resource,
    scope,
  }
}

function bodyOf(body: unknown): Fields | undefined {
  const value = plainValue(body)
  if (value === undefined) return undefined
  return typeof value === 'object' ? { structured: value } : { text: String(value) }
}
