import type { TraceReference } from '../../../core/event.ts'
import type { Fields } from '../../toolkit/fields.ts'
import { traceOf, traceOfHeader } from '../../toolkit/trace.ts'

/** Fields of formats that the user writes: those of the proxy's own tracer, then the header of the request. */
export const requestTraceFields = ['trace_id', 'span_id', 'traceparent'] as const

/**
 * The trace of a request. Ids of requests (nginx's `$request_id`, Envoy's `x-request-id`) are none of traces, also where
 * they look like one.
 */
export const traceOfRequest = ({
  trace_id: traceId,
  span_id: spanId,
  traceparent,
}: Fields): TraceReference | undefined => traceOf(traceId, spanId) ?? traceOfHeader(traceparent)
