import type { EpochMs } from '../../../core/clock.ts'
import { type Attributes, findAttributes } from '../attributes.ts'
import { type Fields, isObject } from '../body.ts'
import type { Origin } from '../decoder.ts'
import { originOf } from '../origin.ts'
import { atPath } from '../path.ts'
import { readStoredTime, readTime } from '../time.ts'

/** One `security.event`, whatever form it travelled in. Values are the outside world's: of unknown type. */
export interface SecurityEventRecord {
  readonly action: unknown
  readonly outcome: unknown
  readonly severity: unknown
  readonly reason: unknown
  readonly policyId: unknown
  readonly actorIdHash: unknown
  readonly actorDeviceIdHash: unknown
  readonly targetIdHash: unknown
  /** One of the event's own attributes (`auth_provided`, `role`, …). */
  readonly attribute: (name: string) => unknown
  readonly time: EpochMs | undefined
  readonly origin: Origin
}

const BODY = 'openclaw.security.event'
const PREFIX = 'openclaw.security.'

/** Reads the forms of `security.event`; undefined when the record is none. */
export function readSecurityEvent(fields: Fields): SecurityEventRecord | undefined {
  const event = isObject(fields.event) ? fields.event : fields
  return event.type === 'security.event' ? fromEvent(event) : fromAttributes(fields)
}

/** As dispatched inside the gateway, bare or wrapped in `{event, meta}`. */
function fromEvent(event: Fields): SecurityEventRecord {
  const read = (path: string) => atPath(event, path)
  return {
    action: event.action,
    outcome: event.outcome,
    severity: event.severity,
    reason: event.reason,
    policyId: read('policy.id'),
    actorIdHash: read('actor.idHash'),
    actorDeviceIdHash: read('actor.deviceIdHash'),
    targetIdHash: read('target.idHash'),
    attribute: name => read(`attributes.${name}`),
    time: readTime(event.ts),
    origin: {},
  }
}

/** As an OpenTelemetry log record, in the forms of `Attributes`. */
function fromAttributes(fields: Fields): SecurityEventRecord | undefined {
  const attributes = findAttributes(fields, `${PREFIX}action`)
  if (attributes === undefined) return hasBody(fields) ? EMPTY : undefined
  return { ...fromHolder(attributes), time: readStoredTime(fields), origin: originOf(fields) }
}

function fromHolder(attributes: Attributes): Omit<SecurityEventRecord, 'time' | 'origin'> {
  const read = (name: string) => attributes.read(PREFIX + name)
  return {
    action: read('action'),
    outcome: read('outcome'),
    severity: read('severity'),
    reason: read('reason'),
    policyId: read('policy.id'),
    actorIdHash: read('actor.id_hash'),
    actorDeviceIdHash: read('actor.device_id_hash'),
    targetIdHash: read('target.id_hash'),
    attribute: name => read(`attribute.${name}`),
  }
}

function hasBody({ body, Body, message }: Fields): boolean {
  return body === BODY || Body === BODY || message === BODY || (isObject(body) && body.text === BODY)
}

/** A record that names itself a security event and carries none: without an action, so of no known template. */
const EMPTY: SecurityEventRecord = {
  action: undefined,
  outcome: undefined,
  severity: undefined,
  reason: undefined,
  policyId: undefined,
  actorIdHash: undefined,
  actorDeviceIdHash: undefined,
  targetIdHash: undefined,
  attribute: () => undefined,
  time: undefined,
  origin: {},
}
