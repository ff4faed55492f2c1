import type { EpochMs } from '../../../core/clock.ts'
import { isObject } from '../../../core/json.ts'
import { attributeFields, attributeName, findAttributes } from '../../toolkit/attributes.ts'
import type { Fields } from '../../toolkit/fields.ts'
import { NO_ORIGIN, originOf } from '../../toolkit/origin.ts'
import { hasDottedKey, pathReader } from '../../toolkit/path.ts'
import type { Origin } from '../../toolkit/record.ts'
import { readStoredTime, readTime } from '../../toolkit/time.ts'
import { firstOf, recordTraceFields, recordTraceNames } from '../../toolkit/trace.ts'

/** One `security.event` in any of its forms. Values come from outside: their types are not known. */
export interface SecurityEventRecord {
  readonly read: (field: SecurityEventField) => unknown
  readonly time: () => EpochMs | undefined
  readonly origin: () => Origin
}

const BODY = 'openclaw.security.event'
const SECURITY = 'openclaw.security'

/** Each field by its path in an event as it was dispatched, and by its name as an attribute of a log record. */
const names = {
  eventId: ['eventId', `${SECURITY}.event_id`],
  category: ['category', `${SECURITY}.category`],
  action: ['action', `${SECURITY}.action`],
  outcome: ['outcome', `${SECURITY}.outcome`],
  severity: ['severity', `${SECURITY}.severity`],
  reason: ['reason', `${SECURITY}.reason`],
  actorKind: ['actor.kind', `${SECURITY}.actor.kind`],
  actorIdHash: ['actor.idHash', `${SECURITY}.actor.id_hash`],
  actorDeviceIdHash: ['actor.deviceIdHash', `${SECURITY}.actor.device_id_hash`],
  actorChannel: ['actor.channel', `${SECURITY}.actor.channel`],
  actorRole: ['actor.role', `${SECURITY}.actor.role`],
  actorScopes: ['actor.scopes', `${SECURITY}.actor.scopes`],
  targetKind: ['target.kind', `${SECURITY}.target.kind`],
  targetIdHash: ['target.idHash', `${SECURITY}.target.id_hash`],
  targetName: ['target.name', `${SECURITY}.target.name`],
  targetOwner: ['target.owner', `${SECURITY}.target.owner`],
  policyId: ['policy.id', `${SECURITY}.policy.id`],
  policyDecision: ['policy.decision', `${SECURITY}.policy.decision`],
  policyReason: ['policy.reason', `${SECURITY}.policy.reason`],
  controlId: ['control.id', `${SECURITY}.control.id`],
  controlFamily: ['control.family', `${SECURITY}.control.family`],
  authProvided: ['attributes.auth_provided', `${SECURITY}.attribute.auth_provided`],
  authMode: ['attributes.auth_mode', `${SECURITY}.attribute.auth_mode`],
  authMethod: ['attributes.auth_method', `${SECURITY}.attribute.auth_method`],
  ask: ['attributes.ask', `${SECURITY}.attribute.ask`],
  decision: ['attributes.decision', `${SECURITY}.attribute.decision`],
} as const

/** A field of an event that is read here; the last five are the event's own attributes. */
type EventField = keyof typeof names
export type SecurityEventField = EventField | keyof typeof traceNames

/** The trace in an event as it was dispatched; of a log record it is beside the attributes. */
const traceNames = { traceId: 'trace.traceId', spanId: 'trace.spanId' } as const

const isTrace = (field: SecurityEventField): field is keyof typeof traceNames => field in traceNames

const readersOf = <Key extends string, Reader>(keys: readonly Key[], make: (key: Key) => Reader) =>
  Object.fromEntries(keys.map(key => [key, make(key)])) as Record<Key, Reader>

const fieldNames = Object.keys(names) as EventField[]
const traceFields = Object.keys(traceNames) as (keyof typeof traceNames)[]

const inEvent = readersOf<SecurityEventField, (event: Fields) => unknown>([...fieldNames, ...traceFields], field =>
  pathReader(isTrace(field) ? traceNames[field] : names[field][0]),
)
const inRecord = readersOf(fieldNames, field => attributeName(names[field][1]))
const prefix = attributeName(SECURITY)
/** Where the attributes are objects, in that of all security attributes. */
const inObject = readersOf(fieldNames, field => pathReader(names[field][1].slice(SECURITY.length + 1)))
const besideRecord = readersOf(traceFields, field => firstOf(recordTraceNames[field]))

const PROBES = [inRecord.action]

/** Fields of a document in which an event may be, bare, wrapped, or as the attributes and body of a log record. */
export const securityEventFields = [
  'event',
  'type',
  'eventId',
  'category',
  'action',
  'outcome',
  'severity',
  'reason',
  'policy',
  'actor',
  'target',
  'control',
  'ts',
  '@timestamp',
  ...attributeFields('openclaw'),
  'body',
  'Body',
  'message',
  ...recordTraceFields,
]

/** True for each form of a `security.event`. */
export function isSecurityEvent(fields: Fields): boolean {
  const event = isObject(fields.event) ? fields.event : fields
  if (event.type === 'security.event' || findAttributes(fields, PROBES) !== undefined) return true
  // With dotted keys the attributes are found when they are unfolded.
  return hasBody(fields) && !hasDottedKey(fields)
}

/** Reads an event in any of its forms. */
export function readSecurityEvent(fields: Fields): SecurityEventRecord {
  const event = isObject(fields.event) ? fields.event : fields
  return event.type === 'security.event' ? fromEvent(event) : fromAttributes(fields)
}

/** As dispatched inside the gateway, bare or wrapped in `{event, meta}`. */
function fromEvent(event: Fields): SecurityEventRecord {
  return { read: field => inEvent[field](event), time: () => readTime(event.ts), origin: () => NO_ORIGIN }
}

/** As an OpenTelemetry log record, in the forms of `Attributes`. */
function fromAttributes(fields: Fields): SecurityEventRecord {
  const attributes = findAttributes(fields, PROBES)
  if (attributes === undefined) return EMPTY
  const object = attributes.objectAt(prefix)
  const read: SecurityEventRecord['read'] =
    object === undefined
      ? field => (isTrace(field) ? besideRecord[field](fields) : attributes.read(inRecord[field]))
      : field => (isTrace(field) ? besideRecord[field](fields) : inObject[field](object))
  return {
    read,
    time: () => readStoredTime(fields),
    origin: () => originOf(fields),
  }
}

function hasBody({ body, Body, message }: Fields): boolean {
  return body === BODY || Body === BODY || message === BODY || (isObject(body) && body.text === BODY)
}

/**
 * A record that is marked as a security event but contains none: without an action, so it matches no known template.
 */
const EMPTY: SecurityEventRecord = {
  read: () => undefined,
  time: () => undefined,
  origin: () => NO_ORIGIN,
}
