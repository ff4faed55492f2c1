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

/** The trace of a variable, read without the rest of it: the last value of one without a trace is a number or `null`. */
export function traceIn(text = ''): TraceReference | undefined {
  if (!text.endsWith('"]')) return undefined
  const ids = text.slice(text.lastIndexOf('"', text.length - 3) + 1, -2)
  const traceId = ids.slice(0, TRACE_ID_LENGTH)
  return ids.length === TRACE_ID_LENGTH ? { traceId } : { traceId, spanId: ids.slice(TRACE_ID_LENGTH) }
}

const TRACE_ID_LENGTH = 32
