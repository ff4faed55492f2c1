import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../core/clock.ts'
import { isObject, parseJson } from '../../core/json.ts'
import { type AuditRow, ChainCheck } from '../audit/hash-chain.ts'
import { type SnapshotFormat, SqliteSnapshot } from '../sqlite/snapshot.ts'
import { MAX_NUMBER, soundNumber } from '../sqlite/sound-number.ts'
import { type AuditRecord, readAuditRecord } from './audit-record.ts'
import type { LedgerAction, LedgerChain, LedgerIncident, LedgerPeriod, LedgerView } from './ledger-view.ts'

/**
 * A ledger as it is known here: nothing of remediation's own code is used, and nothing is selected but the columns below.
 * The documents hold the key of approval links; only the note of the newest audit record is read of them.
 */
export const LEDGER_SNAPSHOT: SnapshotFormat = {
  applicationId: 0x4354524c,
  name: 'a ledger of clawtrust',
  version: 5,
}

/**
 * Opens the ledger of a service, which may run, to read it.
 *
 * @throws Fault in own words, which names the file
 */
export function openLedgerView(path: string): LedgerView {
  const snapshot = new SqliteSnapshot(path, LEDGER_SNAPSHOT)
  // A snapshot does not change, and a report asks for its period many times.
  let latest: { readonly key: string; readonly period: LedgerPeriod } | undefined
  return {
    path,
    period: (start, end) => {
      const key = `${start} ${end}`
      if (latest?.key !== key) latest = { key, period: snapshot.read(database => readPeriod(database, start, end)) }
      return latest.period
    },
    close: () => snapshot.close(),
  }
}

function readPeriod(database: DatabaseSync, start: EpochMs, end: EpochMs): LedgerPeriod {
  const trail = readTrail(database, start, end)
  const held = heldIncidents(database, start, end)
  const undated = new Set(held.undated)
  const others = [...trail.decisions].filter(([id]) => undated.has(id) || !isHeld(database, id))
  const bounds = incidentBounds(database, end)
  return {
    since: least(trail.since, bounds.since),
    newest: greatest(trail.newest, bounds.newest),
    incidents: [...mentionedIncidents(database, others, start), ...held.incidents],
    actions: trail.actions,
    damaged: { incidents: held.undated.length, records: trail.damaged },
    chain: trail.chain,
  }
}

interface Trail {
  readonly since: EpochMs | null
  readonly newest: EpochMs | null
  readonly actions: readonly LedgerAction[]
  /** The first decision of the period on each incident. */
  readonly decisions: ReadonlyMap<string, AuditRecord>
  readonly damaged: number
  readonly chain: LedgerChain
}

/** Follows the whole trail: its chain is verified to its end, whatever the period. */
function readTrail(database: DatabaseSync, start: EpochMs, end: EpochMs): Trail {
  const rows = database
    .prepare(`SELECT ${soundNumber('sequence')} AS sequence, record, hash FROM audit ORDER BY audit.sequence`)
    .iterate() as Iterable<Record<keyof AuditRow, unknown>>
  const check = new ChainCheck()
  let fault: string | undefined
  let since: EpochMs | null = null
  let newest: EpochMs | null = null
  let last = { records: 0, head: check.hash }
  let damaged = 0
  const actions: LedgerAction[] = []
  const decisions = new Map<string, AuditRecord>()
  for (const { sequence, record: text, hash } of rows) {
    fault ??= check.take([{ sequence: Number(sequence), record: String(text), hash: String(hash) }])
    const record = readAuditRecord(text)
    if (record === undefined) {
      damaged++
      continue
    }
    const { time, action } = record
    if (time >= end) continue
    since = least(since, time)
    newest = greatest(newest, time)
    if (fault === undefined) last = { records: check.records, head: check.hash }
    if (time < start || action === undefined) continue
    actions.push(action)
    if (record.playbook !== undefined && !decisions.has(action.incident)) decisions.set(action.incident, record)
  }
  const note = database.prepare("SELECT value FROM documents WHERE name = 'audit_head'").get()?.value
  const state = fault === undefined ? check.conclude(note) : { ok: false, sentence: fault }
  const chain = { verified: state.ok, detail: 'sentence' in state ? state.sentence : '', ...last }
  return { since, newest, actions, decisions, damaged, chain }
}

/** Incidents whose rows are still there; and the ids of those, of any period, whose time cannot be read. */
function heldIncidents(database: DatabaseSync, start: EpochMs, end: EpochMs) {
  const createdAt = soundNumber('created_at')
  const rows = database
    .prepare(
      `SELECT id, playbook, target, ${createdAt} AS created_at, alert, facts FROM incidents
       WHERE (incidents.created_at >= ? AND incidents.created_at < ?) OR typeof(${createdAt}) NOT IN ('integer', 'real')`,
    )
    .iterate(start, end) as Iterable<Record<string, unknown>>
  const incidents: LedgerIncident[] = []
  const undated: string[] = []
  for (const { id, playbook, target, created_at: receivedAt, alert: text, facts } of rows) {
    if (typeof receivedAt !== 'number' || typeof id !== 'string') {
      undated.push(String(id))
      continue
    }
    const alert = parseJson(String(text))
    const isDamaged = !isObject(alert) || !isObject(parseJson(String(facts)))
    const times = timesOf(alert)
    incidents.push({ id, playbook: String(playbook), target: String(target), receivedAt, ...times, damaged: isDamaged })
  }
  return { incidents: incidents.sort(byTime), undated }
}

const isHeld = (database: DatabaseSync, id: string): boolean =>
  database.prepare('SELECT 1 FROM incidents WHERE id = ?').get(id) !== undefined

/**
 * Incidents of which only the audit trail tells, because their rows are pruned by now or have no time: those that it
 * mentions for the first time within the period.
 */
function mentionedIncidents(
  database: DatabaseSync,
  decisions: readonly (readonly [id: string, decision: AuditRecord])[],
  start: EpochMs,
): readonly LedgerIncident[] {
  const first = database.prepare(
    "SELECT record FROM audit WHERE json_extract(record, '$.command_uid') = ? ORDER BY sequence LIMIT 1",
  )
  return decisions.flatMap(([id, { action, playbook = '', alert }]) => {
    const begun = readAuditRecord(first.get(id)?.record)?.time
    if (begun !== undefined && begun < start) return []
    return [{ id, playbook, target: action?.target ?? '', receivedAt: null, ...timesOf(alert), damaged: false }]
  })
}

/** Of all incidents that were received before the end of the period. */
function incidentBounds(database: DatabaseSync, end: EpochMs) {
  const row = database
    .prepare(
      'SELECT min(created_at) AS since, max(created_at) AS newest FROM incidents WHERE created_at BETWEEN ? AND ?',
    )
    .get(-MAX_NUMBER, end - 1)
  const timeOf = (value: unknown) => (typeof value === 'number' ? value : null)
  return { since: timeOf(row?.since), newest: timeOf(row?.newest) }
}

/** The annotation in which a rule may name the first event that its alert counts, RFC 3339. */
const FIRST_EVENT_ANNOTATION = 'first_event'

function timesOf(alert: unknown): Pick<LedgerIncident, 'firedAt' | 'firstEvent'> {
  const { startsAt, annotations } = isObject(alert) ? alert : {}
  return {
    firedAt: timeIn(startsAt),
    firstEvent: timeIn(isObject(annotations) ? annotations[FIRST_EVENT_ANNOTATION] : undefined),
  }
}

function timeIn(text: unknown): EpochMs | null {
  const time = typeof text === 'string' && /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isFinite(time) ? time : null
}

const byTime = (one: LedgerIncident, other: LedgerIncident): number =>
  (one.receivedAt ?? 0) - (other.receivedAt ?? 0) || (one.id < other.id ? -1 : 1)

const least = (one: EpochMs | null, other: EpochMs | null): EpochMs | null =>
  one === null ? other : other === null ? one : Math.min(one, other)

const greatest = (one: EpochMs | null, other: EpochMs | null): EpochMs | null =>
  one === null ? other : other === null ? one : Math.max(one, other)
