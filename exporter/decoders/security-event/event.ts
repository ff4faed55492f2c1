import type { EpochMs } from '../../../core/clock.ts'
import { type Fields, isObject } from '../body.ts'
import { readTime } from '../time.ts'

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
  readonly service: unknown
  readonly serviceInstance: unknown
  readonly host: unknown
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
    service: undefined,
    serviceInstance: undefined,
    host: undefined,
  }
}

/** As an OpenTelemetry log record: its attributes under `attributes`, `Attributes` or at the root, dotted or nested. */
function fromAttributes(fields: Fields): SecurityEventRecord | undefined {
  const holder = [fields.attributes, fields.Attributes, fields].find(
    candidate => isObject(candidate) && atPath(candidate, `${PREFIX}action`) !== undefined,
  )
  if (!isObject(holder)) return hasBody(fields) ? EMPTY : undefined
  const read = (name: string) => atPath(holder, PREFIX + name)
  const resource = (name: string) => atPath(fields, name) ?? atPath(fields, `resource.attributes.${name}`)
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
    time: readTime(fields.ts) ?? readTime(fields['@timestamp']),
    service: resource('service.name'),
    serviceInstance: resource('service.instance.id'),
    host: resource('host.name'),
  }
}

function hasBody({ body, Body }: Fields): boolean {
  return body === BODY || Body === BODY || (isObject(body) && body.text === BODY)
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
  service: undefined,
  serviceInstance: undefined,
  host: undefined,
}

/** The value of a dotted name, whether the dots are part of one key or lead through nested objects. */
export function atPath(fields: Fields, path: string): unknown {
  if (Object.hasOwn(fields, path)) return fields[path]
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot)
    const inner = Object.hasOwn(fields, head) ? fields[head] : undefined
    const value = isObject(inner) ? atPath(inner, path.slice(dot + 1)) : undefined
    if (value !== undefined) return value
  }
  return undefined
}
