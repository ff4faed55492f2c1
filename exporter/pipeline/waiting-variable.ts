import type { EpochMs } from '../../core/clock.ts'
import type { Actor, SecurityEvent, TraceReference } from '../../core/event.ts'

/** What of a waiting event others do not share, as one text; its time is kept beside it. JSON has no undefined. */
type Variable = [
  count: number,
  id: string,
  address: string | null,
  identity: string | null,
  device: string | null,
  ingestTime: EpochMs | null,
  /** The trace id, then the span id if there is one; not written where there is no trace. */
  trace?: string,
]

export interface WaitingVariable extends Pick<SecurityEvent, 'count' | 'ingestTime' | 'trace'> {
  /** Of the record. */
  readonly id: string
  readonly actor: Pick<Actor, 'address' | 'identity' | 'device'>
}

export function writeVariable({ count, record, actor, ingestTime, trace }: SecurityEvent): string {
  const { address = null, identity = null, device = null } = actor
  const variable: Variable = [count, record.id, address, identity, device, ingestTime ?? null]
  if (trace !== undefined) variable.push(trace.traceId + (trace.spanId ?? ''))
  return JSON.stringify(variable)
}

export function readVariable(text: string): WaitingVariable {
  const [count, id, address, identity, device, ingestTime] = JSON.parse(text) as Variable
  const trace = traceIn(text)
  return {
    count,
    id,
    ...(ingestTime !== null && { ingestTime }),
    actor: {
      ...(identity !== null && { identity }),
      ...(device !== null && { device }),
      ...(address !== null && { address }),
    },
    ...(trace !== undefined && { trace }),
  }
}

/** The last value of a variable; of one without a trace that is a number or `null`. */
const TRACE = /^"([0-9a-f]{32})([0-9a-f]{16})?"\]$/

/** The trace of a variable, read without the rest of it. */
export function traceIn(text = ''): TraceReference | undefined {
  const [, traceId, spanId] = TRACE.exec(text.slice(text.lastIndexOf(',') + 1)) ?? []
  if (traceId === undefined) return undefined
  return spanId === undefined ? { traceId } : { traceId, spanId }
}
