import type { EpochMs } from '../../../core/clock.ts'
import { isObject } from '../../../core/json.ts'
import { type Attributes, attributeFields, attributeName, findAttributes } from '../../toolkit/attributes.ts'
import type { Fields } from '../../toolkit/fields.ts'
import { originOf } from '../../toolkit/origin.ts'
import { pathReader } from '../../toolkit/path.ts'
import type { Origin } from '../../toolkit/record.ts'
import { readStoredTime, readTime } from '../../toolkit/time.ts'

/** One `security.event` in any of its forms. Values come from outside: their types are not known. */
export interface SecurityEventRecord {
  readonly action: unknown
  readonly outcome: unknown
  readonly severity: unknown
  readonly reason: unknown
  readonly policyId: unknown
  readonly actorIdHash: unknown
  readonly actorDeviceIdHash: unknown
  readonly targetIdHash: unknown
  /** One of the event's own attributes. */
  readonly attribute: (name: EventAttribute) => unknown
  readonly time: EpochMs | undefined
  readonly origin: Origin
}

/** The event's own attributes that are read here. */
export type EventAttribute = 'auth_provided' | 'auth_mode' | 'auth_method' | 'ask' | 'decision'

const BODY = 'openclaw.security.event'

/** Paths in an event as it was dispatched. */
const inEvent = {
  policyId: pathReader('policy.id'),
  actorIdHash: pathReader('actor.idHash'),
  actorDeviceIdHash: pathReader('actor.deviceIdHash'),
  targetIdHash: pathReader('target.idHash'),
  auth_provided: pathReader('attributes.auth_provided'),
  auth_mode: pathReader('attributes.auth_mode'),
  auth_method: pathReader('attributes.auth_method'),
  ask: pathReader('attributes.ask'),
  decision: pathReader('attributes.decision'),
}

/** Names of the attributes of a log record. */
const inRecord = {
  action: attributeName('openclaw.security.action'),
  outcome: attributeName('openclaw.security.outcome'),
  severity: attributeName('openclaw.security.severity'),
  reason: attributeName('openclaw.security.reason'),
  policyId: attributeName('openclaw.security.policy.id'),
  actorIdHash: attributeName('openclaw.security.actor.id_hash'),
  actorDeviceIdHash: attributeName('openclaw.security.actor.device_id_hash'),
  targetIdHash: attributeName('openclaw.security.target.id_hash'),
  auth_provided: attributeName('openclaw.security.attribute.auth_provided'),
  auth_mode: attributeName('openclaw.security.attribute.auth_mode'),
  auth_method: attributeName('openclaw.security.attribute.auth_method'),
  ask: attributeName('openclaw.security.attribute.ask'),
  decision: attributeName('openclaw.security.attribute.decision'),
}

const PROBES = [inRecord.action]

/** Fields of a document in which an event may be, bare, wrapped, or as the attributes and body of a log record. */
export const securityEventFields = [
  'event',
  'type',
  'action',
  'outcome',
  'severity',
  'reason',
  'policy',
  'actor',
  'target',
  'ts',
  '@timestamp',
  ...attributeFields('openclaw'),
  'body',
  'Body',
  'message',
]

/** True for each form of a `security.event`. */
export function isSecurityEvent(fields: Fields): boolean {
  const event = isObject(fields.event) ? fields.event : fields
  return event.type === 'security.event' || findAttributes(fields, PROBES) !== undefined || hasBody(fields)
}

/** Reads an event in any of its forms. */
export function readSecurityEvent(fields: Fields): SecurityEventRecord {
  const event = isObject(fields.event) ? fields.event : fields
  return event.type === 'security.event' ? fromEvent(event) : fromAttributes(fields)
}

/** As dispatched inside the gateway, bare or wrapped in `{event, meta}`. */
function fromEvent(event: Fields): SecurityEventRecord {
  return {
    action: event.action,
    outcome: event.outcome,
    severity: event.severity,
    reason: event.reason,
    policyId: inEvent.policyId(event),
    actorIdHash: inEvent.actorIdHash(event),
    actorDeviceIdHash: inEvent.actorDeviceIdHash(event),
    targetIdHash: inEvent.targetIdHash(event),
    attribute: name => inEvent[name](event),
    time: readTime(event.ts),
    origin: {},
  }
}

/** As an OpenTelemetry log record, in the forms of `Attributes`. */
function fromAttributes(fields: Fields): SecurityEventRecord {
  const attributes = findAttributes(fields, PROBES)
  if (attributes === undefined) return EMPTY
  return { ...fromHolder(attributes), time: readStoredTime(fields), origin: originOf(fields) }
}

function fromHolder(attributes: Attributes): Omit<SecurityEventRecord, 'time' | 'origin'> {
  return {
    action: attributes.read(inRecord.action),
    outcome: attributes.read(inRecord.outcome),
    severity: attributes.read(inRecord.severity),
    reason: attributes.read(inRecord.reason),
    policyId: attributes.read(inRecord.policyId),
    actorIdHash: attributes.read(inRecord.actorIdHash),
    actorDeviceIdHash: attributes.read(inRecord.actorDeviceIdHash),
    targetIdHash: attributes.read(inRecord.targetIdHash),
    attribute: name => attributes.read(inRecord[name]),
  }
}

function hasBody({ body, Body, message }: Fields): boolean {
  return body === BODY || Body === BODY || message === BODY || (isObject(body) && body.text === BODY)
}

/**
 * A record that is marked as a security event but contains none: without an action, so it matches no known template.
 */
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
