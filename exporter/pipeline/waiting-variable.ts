import type { EpochMs } from '../../core/clock.ts'
import type { Actor, SecurityEvent, TraceReference } from '../../core/event.ts'
import type { DeviceCompliance } from '../../core/labels/authentication.ts'

/** What many events share, in their template. */
export type Shared = 'signal' | 'labels' | 'outcome' | 'severity' | 'gateway' | 'trustZone'

/** What every event has besides. */
type Common = 'eventTime' | 'count' | 'record' | 'actor' | 'ingestTime' | 'trace'

/** What some events have besides: of a flow its ends, by which a candidate policy decides on it. */
const extras = {
  flow: true,
  access: true,
  account: true,
  approval: true,
  change: true,
  code: true,
  details: true,
} as const satisfies Record<Exclude<keyof SecurityEvent, Common | Shared>, true>
type Extras = Partial<Pick<SecurityEvent, keyof typeof extras>>
const extraKeys = Object.keys(extras) as (keyof typeof extras)[]

/** What of a waiting event others do not share, as one text; its time is kept beside it. JSON has no undefined. */
type Variable = [
  count: number,
  id: string,
  address: string | null,
  identity: string | null,
  device: string | null,
  ingestTime: EpochMs | null,
  /**
   * What some events have besides, then the trace: its id and that of the span, if there is one. Neither is written where
   * there is none.
   */
  ...more: (SavedExtras | string)[],
]
type SavedExtras = Extras & { readonly deviceCompliance?: DeviceCompliance }

export interface WaitingVariable extends Extras, Pick<SecurityEvent, 'count' | 'ingestTime' | 'trace'> {
  /** Of the record. */
  readonly id: string
  readonly actor: Pick<Actor, 'address' | 'identity' | 'device' | 'deviceCompliance'>
}

export function writeVariable(event: SecurityEvent): string {
  const { count, record, actor, ingestTime, trace } = event
  const { address = null, identity = null, device = null, deviceCompliance } = actor
  const variable: Variable = [count, record.id, address, identity, device, ingestTime ?? null]
  const present = extraKeys.filter(key => event[key] !== undefined)
  if (present.length > 0 || deviceCompliance !== undefined) {
    variable.push({
      ...Object.fromEntries(present.map(key => [key, event[key]])),
      ...(deviceCompliance !== undefined && { deviceCompliance }),
    })
  }
  if (trace !== undefined) variable.push(trace.traceId + (trace.spanId ?? ''))
  return JSON.stringify(variable)
}

export function readVariable(text: string): WaitingVariable {
  const [count, id, address, identity, device, ingestTime, more] = JSON.parse(text) as Variable
  const { deviceCompliance, ...rest } = typeof more === 'object' ? more : ({} as SavedExtras)
  const trace = traceIn(text)
  return {
    count,
    id,
    ...(ingestTime !== null && { ingestTime }),
    actor: {
      ...(identity !== null && { identity }),
      ...(device !== null && { device }),
      ...(address !== null && { address }),
      ...(deviceCompliance !== undefined && { deviceCompliance }),
    },
    ...rest,
    ...(trace !== undefined && { trace }),
  }
}

/**
 * The trace of a variable, read without the rest of it: the last value of one without a trace is a number, `null` or an
 * object.
 */
export function traceIn(text = ''): TraceReference | undefined {
  if (!text.endsWith('"]')) return undefined
  const ids = text.slice(text.lastIndexOf('"', text.length - 3) + 1, -2)
  const traceId = ids.slice(0, TRACE_ID_LENGTH)
  return ids.length === TRACE_ID_LENGTH ? { traceId } : { traceId, spanId: ids.slice(TRACE_ID_LENGTH) }
}

const TRACE_ID_LENGTH = 32
