import type { ClaimedActor, Decoding } from '../../record.ts'
import { readBody, textOf } from '../../toolkit/fields.ts'
import type { Decoder } from '../dialect.ts'
import { actions } from './actions.ts'
import { readSecurityEvent, type SecurityEventRecord } from './event.ts'

/** Stands raw in every line: as the event's type, or in the body of the log record. */
const wanted = ['security.event'] as const

/** The decoder of OpenClaw's `security.event` stream, in the forms of a line and of a document. */
export function createSecurityEventDecoder(): Decoder {
  return {
    name: 'security-event',
    wanted,
    decode: record => {
      const fields = readBody(record.body)
      if (typeof fields === 'string') return undefined
      const event = readSecurityEvent(fields)
      return event === undefined ? undefined : decodeEvent(event)
    },
  }
}

function decodeEvent(event: SecurityEventRecord): Decoding {
  const { time } = event
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const told = actions.get(event.action)?.(event)
  if (told === undefined) return { kind: 'undecoded', time, reason: 'unknown_template' }
  if (told === 'no_signal') return { kind: 'no_signal', time, template: String(event.action) }
  return {
    kind: 'claim',
    time,
    claim: { ...told, time, count: 1, stream: 'security-event', origin: event.origin, actor: actorOf(event) },
  }
}

/** The stream names people and devices by hash only. A device that was administered stands as the target. */
function actorOf(event: SecurityEventRecord): ClaimedActor {
  const identity = textOf(event.actorIdHash)
  const device = textOf(event.actorDeviceIdHash) ?? textOf(event.targetIdHash)
  return { ...(identity !== undefined && { identity }), ...(device !== undefined && { device }) }
}
