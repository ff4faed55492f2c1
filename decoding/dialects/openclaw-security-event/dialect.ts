import type { Building } from '../../../core/building.ts'
import type { EventDetails } from '../../../core/event.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { templateOfFields } from '../../toolkit/log-template.ts'
import type { Claim, ClaimedActor, Decoding, Origin } from '../../toolkit/record.ts'
import { traceOf } from '../../toolkit/trace.ts'
import { reasonsOfFormat, type VersionReport } from '../../toolkit/version-report.ts'
import type { JsonLineDialect, MissingField } from '../dialect.ts'
import { diagnosticsFootprint, diagnosticsSetup } from '../openclaw/setup.ts'
import { actions } from './actions.ts'
import {
  isSecurityEvent,
  readSecurityEvent,
  type SecurityEventField,
  type SecurityEventRecord,
  securityEventFields,
} from './event.ts'

/** OpenClaw's `security.event` stream, in the forms of a line and of a document. */
export const securityEventDialect: JsonLineDialect = {
  name: 'security-event',
  format: 'json-line',
  // The type of the event, or the end of the body of its log record.
  prefilter: ['security.event'],
  sourceFields: securityEventFields,
  signals: ['auth_failures', 'auth_lockouts', 'auth_successes', 'posture_drifts', 'policy_decisions', 'approvals'],
  observer: 'diagnostics',
  footprint: diagnosticsFootprint,
  recognises: isSecurityEvent,
  lacks: (fields, decoding) => (hasEventId(fields, decoding) ? undefined : withoutEventId),
  decode: fields => decodeEvent(readSecurityEvent(fields)),
  versions: { product: 'openclaw', report: versionReport },
  documentation: {
    reads:
      'the `security.event` stream: OpenTelemetry log records as stdout JSON lines or as documents, with dotted or nested attributes; the event itself, bare or wrapped in `{event, meta}`',
    rules: [
      'An event of the `security.event` stream counts once by its `event_id`: retries of OTLP and copies in a second document are dropped over the horizon of the source, also after a restart. An event without an `event_id` counts each time that it is read, and the source says so.',
      'Exec approvals: `granted` is a decision of a person (`allow-once`, `allow-always`). `automatic` is a grant without one: a standing grant, an automatic review, or the fallback after a request without an answer. `denied` is any other denial: by a person, by an automatic review, or because no approver could be asked. `expired` is a request without an answer within 30 minutes (`approval-timeout`). The exporter of OpenTelemetry replaces reasons with spaces by `unknown`; a denial with that reason and without a decision has expired, unless `ask` is `off`. A run that is aborted while it waits reports no end, so asked may exceed the sum of the answers.',
      'Exec approvals have no id of the request and none of the approver in OpenClaw 2026.9.6. A request and its answer are joined by trace and span, which both have; without a trace, an answer ends the oldest request of the gateway. The only approval whose approver can be compared with its requester is `device.pairing.approved`: the device of the actor is the device that is approved.',
      'The trace of an event is kept: `trace.traceId` and `trace.spanId` of the event itself; of a log record `trace_id` and `span_id`, or in the other mapping modes of the Collector `trace.id` or `TraceId`. In every dialect, an id of a trace is one of W3C Trace Context or none: 32 lower-case hexadecimal digits (a span 16), not all 0. **A client that sends `traceparent` chooses it**: it is shown and linked, and decides nothing.',
      'Fields of an event that are shown with it and never become a label: category, policy, control, kind, role, scopes and channel of the actor, kind, name and owner of the target.',
    ],
    samples: {
      kind: 'captured',
      from: 'events inside OpenClaw 2026.9.6; the documents of the Collector after its published format',
    },
    setup: diagnosticsSetup,
    sections: [
      {
        title: 'Actions of the security.event stream',
        text: [...actions.keys()].map(action => `\`${action}\``).join(', '),
      },
    ],
  },
}

const withoutEventId: MissingField = {
  field: 'event_id',
  consequence: 'an event that is delivered twice counts twice',
  advice: 'let the shipper keep the attribute openclaw.security.event_id',
}

function decodeEvent(event: SecurityEventRecord): Decoding {
  const time = event.time()
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const action = event.read('action')
  const draft = actions.get(action)?.(event)
  if (draft === undefined) return { kind: 'undecoded', time, reason: 'unknown_template' }
  if (draft === 'no_signal') return { kind: 'no_signal', time, template: String(action) }
  const { signal, labels, outcome, severity, approval, isSelfApproval } = draft
  const [origin, actor] = [originOf(event), actorOf(event)]
  // Written out: objects that are spread into others take a tenth of the time of an event.
  const claim: Building<Claim> = { signal, labels, outcome, severity, time, count: 1, stream, origin, actor }
  if (approval !== undefined) claim.approval = approval
  if (isSelfApproval !== undefined) claim.isSelfApproval = isSelfApproval
  const id = eventIdOf(event)
  if (id !== undefined) claim.pair = { key: id, role: 'leading' }
  claim.details = detailsOf(event)
  const trace = traceOf(event.read('traceId'), event.read('spanId'))
  if (trace !== undefined) claim.trace = trace
  return { kind: 'claim', time, claim }
}

const stream = 'security-event'

function versionReport(fields: Fields, decoding: Decoding): VersionReport | undefined {
  if (decoding.kind === 'claim') return undefined
  const event = readSecurityEvent(fields)
  const origin = event.origin()
  if (decoding.kind !== 'undecoded' || !reasonsOfFormat.has(decoding.reason)) return { origin }
  const [category, action, target] = [event.read('category'), event.read('action'), event.read('targetKind')]
  const template = templateOfFields({ category, action, target }, ['category', 'action', 'target'])
  return { origin, template: `security.event ${decoding.reason}: ${template}` }
}

const eventIdOf = ({ read }: SecurityEventRecord): string | undefined => textOf(read('eventId'))

/** A claim is paired by it. */
const hasEventId = (fields: Fields, decoding: Decoding): boolean =>
  decoding.kind === 'claim' ? decoding.claim.pair !== undefined : eventIdOf(readSecurityEvent(fields)) !== undefined

/** The stream contains only hashes of identities and devices. An administered device is the target. */
function actorOf({ read }: SecurityEventRecord): ClaimedActor {
  const identity = textOf(read('actorIdHash'))
  const device = textOf(read('actorDeviceIdHash')) ?? textOf(read('targetIdHash'))
  if (identity === undefined) return device === undefined ? NOBODY : { device }
  return device === undefined ? { identity } : { identity, device }
}

const NOBODY: ClaimedActor = {}

/** The subsystem whose control it is, so that rules of trust zones place it as they place the lines of the file log. */
const subsystemByControl = new Map<unknown, string>([
  ['gateway.ws.connect', 'gateway/ws'],
  ['device.pair.approve', 'gateway'],
  ['device.pair.reject', 'gateway'],
  ['device.pair.rename', 'gateway'],
  ['device.pair.remove', 'gateway'],
  ['device.token.rotate', 'gateway'],
  ['device.token.revoke', 'gateway'],
  ['node.pair.approve', 'gateway'],
  ['node.pair.reject', 'gateway'],
  ['node.pair.remove', 'gateway'],
  ['node.rename', 'gateway'],
])

function originOf(event: SecurityEventRecord): Origin {
  const origin = event.origin()
  const subsystem = subsystemByControl.get(event.read('controlId'))
  return subsystem === undefined ? origin : { ...origin, subsystem }
}

/** What is shown with an event, by its name there. */
const shown = Object.entries({
  category: 'category',
  policy: 'policyId',
  'policy decision': 'policyDecision',
  'policy reason': 'policyReason',
  control: 'controlId',
  'control family': 'controlFamily',
  'actor kind': 'actorKind',
  role: 'actorRole',
  scopes: 'actorScopes',
  channel: 'actorChannel',
  'target kind': 'targetKind',
  target: 'targetName',
  'target owner': 'targetOwner',
} as const satisfies Record<string, SecurityEventField>)

/** Scopes are a list in an event and one text in a log record. */
function detailsOf({ read }: SecurityEventRecord): EventDetails {
  const details: Record<string, string> = {}
  for (const [name, field] of shown) {
    const value = read(field)
    const text = textOf(Array.isArray(value) ? value.filter(each => typeof each === 'string').join(', ') : value)
    if (text !== undefined) details[name] = text
  }
  return details
}
