import type { EpochMs } from '../../core/clock.ts'
import { isObject, parseJson, valueAt } from '../../core/json.ts'
import { isTime } from '../sqlite/sound-number.ts'
import type { LedgerAction, LedgerActionKind } from './ledger-view.ts'

/** A record of the audit trail, as far as views read it. The forms are those of remediation/store/ocsf.ts. */
export interface AuditRecord {
  readonly time: EpochMs
  /** Undefined where the record is about the service itself, or about a message. */
  readonly action?: LedgerAction
  /** Of a decision. */
  readonly playbook?: string
  /** The alert on which a decision rests, as it was delivered. */
  readonly alert?: unknown
}

/** OCSF: activities of D3FEND tactics, and the status of success. */
const ISOLATE = 1
const RESTORE = 3
const SUCCESS = 1

/** State of the incident after a decision; any other one begins a step that acts. */
const decisions: Readonly<Record<string, LedgerActionKind>> = {
  proposed: 'proposed',
  observed: 'observed',
  refused: 'refused',
  rejected: 'rejected',
  lapsed: 'lapsed',
}

/** How the message of the end of a block begins; see remediation/steps/block/step.ts. */
const BLOCK_END = /^\S{1,64} is (expired|unblocked): /
const blockEnds: Readonly<Record<string, LedgerActionKind>> = { expired: 'expired', unblocked: 'released' }

/** The service itself, in the place of an actor. */
const SERVICE = 'clawtrust'

/** Undefined where the text is no record. */
export function readAuditRecord(text: unknown): AuditRecord | undefined {
  const record = parseJson(String(text))
  if (!isObject(record) || !isTime(record.time)) return undefined
  const { time } = record
  const { playbook, alert } = isObject(record.unmapped) ? record.unmapped : {}
  const kind = kindOf(record)
  if (kind === undefined || typeof record.command_uid !== 'string') return { time }
  const action = { kind, time, incident: record.command_uid, target: targetOf(record), actor: actorOf(record) }
  return typeof playbook === 'string' ? { time, action, playbook, alert } : { time, action }
}

function kindOf({
  activity_id: activity,
  status_id: status,
  message,
  unmapped,
}: Readonly<Record<string, unknown>>): LedgerActionKind | undefined {
  const { playbook, state, step, mode } = isObject(unmapped) ? unmapped : {}
  if (typeof playbook === 'string' && typeof state === 'string') return decisions[state] ?? 'decided'
  if (activity === RESTORE) return blockEnds[BLOCK_END.exec(String(message))?.[1] ?? ''] ?? 'undone'
  // Only a step that acts has a mode; records of version 1 name no step.
  const acts = activity === ISOLATE || (typeof step === 'string' && typeof mode === 'string')
  if (!acts) return undefined
  return status === SUCCESS ? 'enforced' : 'failed'
}

function targetOf(record: Readonly<Record<string, unknown>>): string {
  const target = valueAt(record, 'observables', '0', 'value')
  return typeof target === 'string' ? target : ''
}

function actorOf({ unmapped }: Readonly<Record<string, unknown>>): string {
  const { actor, approvedBy } = isObject(unmapped) ? unmapped : {}
  const named = [actor, approvedBy].find(one => typeof one === 'string')
  return named === undefined || named === SERVICE ? '' : String(named)
}
