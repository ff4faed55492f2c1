import { textOf } from '../../toolkit/fields.ts'
import type { ClaimedActor, Decoding } from '../../toolkit/record.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { actions } from './actions.ts'
import { isSecurityEvent, readSecurityEvent, type SecurityEventRecord, securityEventFields } from './event.ts'

/** OpenClaw's `security.event` stream, in the forms of a line and of a document. */
export const securityEventDialect: JsonLineDialect = {
  name: 'security-event',
  format: 'json-line',
  // The type of the event, or the end of the body of its log record.
  prefilter: ['security.event'],
  sourceFields: securityEventFields,
  signals: ['auth_failures', 'auth_lockouts', 'auth_successes', 'posture_drifts', 'policy_decisions', 'approvals'],
  recognises: isSecurityEvent,
  decode: fields => decodeEvent(readSecurityEvent(fields)),
  documentation: {
    reads:
      'the `security.event` stream: OpenTelemetry log records as stdout JSON lines or as documents, with dotted or nested attributes; the event itself, bare or wrapped in `{event, meta}`',
    rules: [],
    samples: { kind: 'captured', from: 'events inside OpenClaw 2026.9.6' },
    sections: [
      {
        title: 'Actions of the security.event stream',
        text: [...actions.keys()].map(action => `\`${action}\``).join(', '),
      },
    ],
  },
}

function decodeEvent(event: SecurityEventRecord): Decoding {
  const { time } = event
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const draft = actions.get(event.action)?.(event)
  if (draft === undefined) return { kind: 'undecoded', time, reason: 'unknown_template' }
  if (draft === 'no_signal') return { kind: 'no_signal', time, template: String(event.action) }
  return {
    kind: 'claim',
    time,
    claim: { ...draft, time, count: 1, stream: 'security-event', origin: event.origin, actor: actorOf(event) },
  }
}

/** The stream contains only hashes of identities and devices. An administered device is the target. */
function actorOf(event: SecurityEventRecord): ClaimedActor {
  const identity = textOf(event.actorIdHash)
  const device = textOf(event.actorDeviceIdHash) ?? textOf(event.targetIdHash)
  return { ...(identity !== undefined && { identity }), ...(device !== undefined && { device }) }
}
