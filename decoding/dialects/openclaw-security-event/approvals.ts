import type { ApprovalStep } from '../../../core/event.ts'
import type { ApprovalDecision } from '../../../core/labels/policy.ts'
import { textOf } from '../../toolkit/fields.ts'
import type { SecurityEventRecord } from './event.ts'

/** Decisions of a person. Those of a program have other words, the fallback where nobody answers has none. */
const byPerson = new Set<unknown>(['allow-once', 'allow-always'])

/** Decisions of a program, for which nobody was asked before. */
const byProgram = new Set<unknown>(['auto-review', 'standing-grant'])

/** Actors that can approve. An agent is whom the approval is for. */
const approvers = new Set<unknown>(['operator', 'channel_sender', 'node'])

/** Reason of a request without an answer, alone or with what was then missing: `approval-timeout: allowlist-miss`. */
const TIMEOUT = /^approval-timeout(?:$|:)/

/** What the exporter of OpenTelemetry puts in the place of a word with spaces. */
const REPLACED = 'unknown'

/** A grant is a person's where the record says so, and automatic otherwise. */
export function granted({ read }: SecurityEventRecord): ApprovalDecision {
  return byPerson.has(read('decision')) ? 'granted' : 'automatic'
}

/**
 * A request without an answer has expired. Its reason may have been replaced: of the denials without a decision, only
 * one that was never asked for (`ask` is `off`) has another reason with spaces.
 */
export function denied({ read }: SecurityEventRecord): ApprovalDecision {
  const reason = read('reason')
  if (read('decision') !== undefined || typeof reason !== 'string') return 'denied'
  const isReplaced = reason === REPLACED && read('ask') !== 'off'
  return isReplaced || TIMEOUT.test(reason) ? 'expired' : 'denied'
}

/**
 * Where the event is in the course of one approval; undefined where nobody was asked. The stream has no id of a
 * request. A request and its answer are reported within one call of a tool, hence with the same trace and span.
 */
export function stepOf({ read }: SecurityEventRecord, decision: ApprovalDecision): ApprovalStep | undefined {
  if (byProgram.has(read('decision')) || (decision === 'denied' && read('ask') === 'off')) return undefined
  const trace = textOf(read('traceId'), MAX_ID)
  const span = textOf(read('spanId'), MAX_ID) ?? ''
  const identity = textOf(read('actorIdHash'))
  const isRequest = decision === 'asked'
  return {
    kind: isRequest ? 'request' : 'answer',
    ...(trace !== undefined && { request: `${trace} ${span}` }),
    ...(identity !== undefined && (isRequest || approvers.has(read('actorKind'))) && { by: identity }),
  }
}

/** Longer than any id of a trace (32) or a span (16). */
const MAX_ID = 64

/** True where a device approved its own request for a pairing, or for more scopes. */
export function isOwnRequest({ read }: SecurityEventRecord): boolean {
  const approver = textOf(read('actorDeviceIdHash'))
  return approver !== undefined && approver !== REPLACED && approver === textOf(read('targetIdHash'))
}
