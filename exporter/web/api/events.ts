import type { SecurityEvent, TraceReference } from '../../../core/event.ts'
import { reasonOf } from '../../../core/signals.ts'
import type { HttpServiceOptions } from '../../../service/http/http-service.ts'
import type { PipelineView } from '../../pipeline/view.ts'
import { traceUrlOf } from '../trace-url.ts'

/** One event in the answer of `/api/v1/events`. */
export interface EventAnswer {
  /** Seconds since 1970. */
  readonly time: number
  readonly signal: string
  readonly labels: Readonly<Record<string, string>>
  readonly severity: string
  readonly outcome: string
  readonly reason: string
  readonly count: number
  readonly gateway: string
  readonly trust_zone: string
  readonly address: string | null
  readonly address_trusted: boolean
  readonly identity: string | null
  readonly device: string | null
  readonly trace_id: string | null
  readonly span_id: string | null
  /** By `exporter.trace_url`. */
  readonly trace_url: string | null
  /** Where the record is: its source, and its id there. */
  readonly record: { readonly source: string; readonly id: string }
}

export interface EventRoutesOptions {
  readonly view: () => Pick<PipelineView, 'recentEvents'>
  /** `exporter.trace_url`. */
  readonly traceUrl: () => string | undefined
}

/** `GET /api/v1/events`: the last 200 events that were read, the newest first. */
export function eventRoutes({ view, traceUrl }: EventRoutesOptions): NonNullable<HttpServiceOptions['routes']> {
  return app => {
    app.get('/api/v1/events', (_request, reply) => {
      const template = traceUrl()
      const events = view().recentEvents()
      return reply.type('application/json').send({ events: events.map(event => answerOf(event, template)) })
    })
  }
}

function answerOf(event: SecurityEvent, template: string | undefined): EventAnswer {
  const { eventTime, signal, labels, severity, outcome, count, gateway, trustZone, actor, trace, record } = event
  return {
    time: eventTime / 1_000,
    signal,
    labels,
    severity,
    outcome,
    reason: reasonOf(event),
    count,
    gateway,
    trust_zone: trustZone,
    address: actor.address ?? null,
    address_trusted: actor.addressTrusted,
    identity: actor.identity ?? null,
    device: actor.device ?? null,
    ...traceIn(trace, template),
    record,
  }
}

const traceIn = (trace: TraceReference | undefined, template: string | undefined) => ({
  trace_id: trace?.traceId ?? null,
  span_id: trace?.spanId ?? null,
  trace_url: trace === undefined || template === undefined ? null : traceUrlOf(template, trace),
})
