import type { TraceReference } from '../../core/event.ts'
import { type Fields, textOf } from './fields.ts'
import { pathReader } from './path.ts'

const TRACE_ID_LENGTH = 32
const SPAN_ID_LENGTH = 16
const [ZERO, NINE, A, F] = [0x30, 0x39, 0x61, 0x66]

/** Ids of W3C Trace Context, level 1: lower-case hexadecimal, and not zeros alone. Nearly every line has two. */
function isId(value: unknown, length: number): value is string {
  if (typeof value !== 'string' || value.length !== length) return false
  let hasOther = false
  for (let at = 0; at < length; at++) {
    const unit = value.charCodeAt(at)
    if (unit < ZERO || unit > F || (unit > NINE && unit < A)) return false
    hasOther ||= unit !== ZERO
  }
  return hasOther
}

/**
 * The trace that two values of a record name; undefined where the first is no trace id. A client may have chosen both: they
 * are shown, and never decide anything.
 */
export function traceOf(traceId: unknown, spanId?: unknown): TraceReference | undefined {
  if (!isId(traceId, TRACE_ID_LENGTH)) return undefined
  return isId(spanId, SPAN_ID_LENGTH) ? { traceId, spanId } : { traceId }
}

/** `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`; later versions may have more at the end, and none is `ff`. */
const TRACEPARENT = /^(?!ff)(?!00.{53}.)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:$|-)/

/** What is read of a header: a client may send any length, and a part of a text keeps all of it in memory. */
const MAX_TRACEPARENT = 56

/** The trace of a header `traceparent`; the span is that of its sender. */
export function traceOfHeader(header: unknown): TraceReference | undefined {
  const [, traceId, spanId] = TRACEPARENT.exec(textOf(header, MAX_TRACEPARENT) ?? '') ?? []
  const trace = traceOf(traceId, spanId)
  return trace?.spanId === undefined ? undefined : trace
}

/** Where log records have their trace: of OpenTelemetry's stdout exporter, of ECS, and of the Collector's other mapping modes. */
export const recordTraceNames = {
  traceId: ['trace_id', 'trace.id', 'TraceId'],
  spanId: ['span_id', 'span.id', 'SpanId'],
} as const

/** Fields of a document with the trace of a log record. */
export const recordTraceFields: readonly string[] = [
  ...['trace', ...recordTraceNames.traceId],
  ...['span', ...recordTraceNames.spanId],
]

const readTraceId = firstOf(recordTraceNames.traceId)
const readSpanId = firstOf(recordTraceNames.spanId)

/** The trace of a log record. */
export const traceOfRecord = (fields: Fields): TraceReference | undefined =>
  traceOf(readTraceId(fields), readSpanId(fields))

/** A reader of the first of some names that a record has. */
export function firstOf(names: readonly string[]): (fields: Fields) => unknown {
  const readers = names.map(pathReader)
  return fields => {
    for (let index = 0; index < readers.length; index++) {
      const value = readers[index]?.(fields)
      if (value !== undefined) return value
    }
    return undefined
  }
}
