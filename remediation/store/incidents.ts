import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../core/clock.ts'
import { isObject } from '../../core/json.ts'
import { contains, parseTarget, type Target } from '../../core/net/target.ts'
import { isBeyondTime, soundNumber } from '../../service/sqlite/sound-number.ts'
import { type Alert, alertKey } from '../domain/alert.ts'
import { unasked } from '../domain/evidence.ts'
import { type Incident, type IncidentFacts, type IncidentState, incidentStates } from '../domain/incident.ts'
import { countedNetwork } from '../domain/limits.ts'
import { modes } from '../domain/playbook.ts'
import { DAMAGED, storedJson } from './stored-json.ts'

export interface IncidentChange {
  readonly state: IncidentState
  readonly at: EpochMs
  readonly facts?: Partial<IncidentFacts>
  readonly closesAt?: EpochMs
}

type Row = Record<string, string | number | null>

const numbers = ['created_at', 'updated_at', 'closes_at', 'alerts']
const COLUMNS = `id, playbook, target, state, ${numbers.map(column => `${soundNumber(column)} AS ${column}`).join(', ')}, alert, facts`

export class Incidents {
  readonly #database: DatabaseSync
  readonly #insert
  readonly #attach
  readonly #update
  readonly #get
  readonly #count
  readonly #oldest
  readonly #byKey
  readonly #latest
  readonly #rejectedNetworks
  readonly #ids
  readonly #since
  readonly #close
  readonly #closeDamaged
  readonly #supersede
  readonly #propose
  readonly #due
  readonly #overdue
  readonly #prune

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#insert = database.prepare(
      `INSERT INTO incidents (id, playbook, target, state, open_key, created_at, updated_at, alerts, alert, facts)
       VALUES (?, ?, ?, 'received', ?, ?, ?, 1, ?, ?)`,
    )
    this.#latest = database.prepare(
      `SELECT ${COLUMNS} FROM incidents WHERE playbook = ? AND target = ? ORDER BY incidents.created_at DESC LIMIT 1`,
    )
    // By state, of which a person makes few; a playbook may have any number of incidents.
    this.#rejectedNetworks = database.prepare(
      `SELECT iif(json_valid(facts), coalesce(json_extract(facts, '$.network'), target), target) AS target
       FROM incidents INDEXED BY incidents_by_state WHERE state = 'rejected' AND playbook = ? AND closes_at > ?`,
    )
    this.#supersede = database.prepare('UPDATE incidents SET open_key = NULL WHERE id = ?')
    this.#propose = database.prepare('INSERT INTO proposals (incident, network) VALUES (?, ?) ON CONFLICT DO NOTHING')
    this.#attach = database.prepare('UPDATE incidents SET alerts = alerts + 1 WHERE id = ?')
    this.#update = database.prepare(
      'UPDATE incidents SET state = ?, updated_at = ?, facts = coalesce(?, facts), closes_at = ? WHERE id = ?',
    )
    this.#get = database.prepare(`SELECT ${COLUMNS} FROM incidents WHERE id = ?`)
    this.#count = database.prepare('SELECT count(*) AS count FROM incidents WHERE state = ?')
    this.#oldest = database.prepare(
      `SELECT ${soundNumber('created_at')} AS since FROM incidents WHERE state = ? ORDER BY incidents.created_at LIMIT 1`,
    )
    this.#since = database.prepare('SELECT count(*) AS count FROM incidents WHERE state = ? AND created_at >= ?')
    this.#ids = database.prepare('SELECT id FROM incidents WHERE state = ? ORDER BY created_at, id LIMIT ?')
    this.#byKey = database.prepare(`SELECT ${COLUMNS} FROM incidents WHERE open_key = ?`)
    this.#due = database.prepare(
      `SELECT 1 FROM incidents WHERE open_key IS NOT NULL AND closes_at <= ?1
       UNION ALL SELECT 1 FROM incidents WHERE open_key IS NOT NULL AND ${isBeyondTime('closes_at')} LIMIT 1`,
    )
    // A proposal whose end cannot be read has ended.
    this.#overdue = database.prepare(
      `SELECT id FROM incidents WHERE state = 'proposed' AND iif(json_valid(facts),
         iif(json_type(facts, '$.expiresAt') IN ('integer', 'real'), json_extract(facts, '$.expiresAt'), 0), 0) <= ?
       ORDER BY created_at LIMIT ?`,
    )
    this.#close = database.prepare('UPDATE incidents SET open_key = NULL WHERE open_key IS NOT NULL AND closes_at <= ?')
    this.#closeDamaged = database.prepare(
      `UPDATE incidents SET open_key = NULL WHERE open_key IS NOT NULL AND ${isBeyondTime('closes_at')}`,
    )
    this.#prune = database.prepare('DELETE FROM incidents WHERE open_key IS NULL AND updated_at < ?')
  }

  /** The incident of this playbook and target that is still open. */
  open(playbook: string, target: string): Incident | undefined {
    const row = this.#byKey.get(openKey(playbook, target)) as Row | undefined
    return row === undefined ? undefined : incidentOf(row)
  }

  /** The incident of this playbook and target that is open, or the one that was closed last. */
  latest(playbook: string, target: string): Incident | undefined {
    const open = this.open(playbook, target)
    if (open !== undefined) return open
    const row = this.#latest.get(playbook, target) as Row | undefined
    return row === undefined ? undefined : incidentOf(row)
  }

  /** True while a proposal of the playbook to block a wider network that contains the target is rejected by a person. */
  isInRejectedNetwork(playbook: string, target: Target, now: EpochMs): boolean {
    const rows = this.#rejectedNetworks.all(playbook, now) as Row[]
    return rows.some(row => {
      const network = parseTarget(String(row.target))
      return network !== undefined && network.prefix < target.prefix && contains(network, target)
    })
  }

  /**
   * Begins an incident, and closes the one that it follows.
   *
   * @param following the incident of the same playbook and target before it, and what the new one keeps of it
   */
  create(playbook: string, target: string, alert: Alert, now: EpochMs, following: Partial<IncidentFacts> = {}): string {
    const { previous } = following
    if (previous !== undefined) this.#supersede.run(previous)
    const identity = [playbook, target, alertKey(alert), ...(previous === undefined ? [] : [previous])]
    const id = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16)
    const facts: IncidentFacts = { evidence: unasked, ...following }
    this.#insert.run(
      id,
      playbook,
      target,
      openKey(playbook, target),
      now,
      now,
      JSON.stringify(alert),
      JSON.stringify(facts),
    )
    return id
  }

  /** Counts a proposal that waits among those of its network, until its state changes. */
  countProposal({ id, target }: Incident): void {
    this.#propose.run(id, countedNetwork(target))
  }

  /** Counts one more delivery. */
  attach(id: string): void {
    this.#attach.run(id)
  }

  change(incident: Incident, { state, at, facts, closesAt }: IncidentChange): Incident {
    const merged = { ...incident.facts, ...facts }
    const closes = closesAt ?? incident.closesAt
    // What is left of a damaged row is kept for whoever examines it.
    const text = incident.damaged === true ? null : JSON.stringify(merged)
    this.#update.run(state, at, text, closes ?? null, incident.id)
    return { ...incident, state, updatedAt: at, facts: merged, ...(closes === undefined ? {} : { closesAt: closes }) }
  }

  get(id: string): Incident | undefined {
    const row = this.#get.get(id) as Row | undefined
    return row === undefined ? undefined : incidentOf(row)
  }

  /** Incidents in one of these states, oldest first; all states where none is named. */
  list(states: readonly IncidentState[], limit: number, newestFirst = false): readonly Incident[] {
    const places = states.map(() => '?').join(', ')
    const where = states.length === 0 ? '' : `WHERE state IN (${places})`
    const order = newestFirst ? 'incidents.created_at DESC, id' : 'incidents.created_at, id'
    const rows = this.#database
      .prepare(`SELECT ${COLUMNS} FROM incidents ${where} ORDER BY ${order} LIMIT ?`)
      .all(...states, limit)
    return (rows as Row[]).map(incidentOf)
  }

  idsOf(state: IncidentState, limit: number): readonly string[] {
    return (this.#ids.all(state, limit) as { id: string }[]).map(({ id }) => id)
  }

  count(state: IncidentState): number {
    return (this.#count.get(state) as { count: number }).count
  }

  /** When the oldest of them began; undefined where there is none. */
  oldest(state: IncidentState): EpochMs | undefined {
    const { since } = (this.#oldest.get(state) ?? {}) as { since?: unknown }
    return isNumber(since) ? since : undefined
  }

  /** Incidents that began since then, by state. */
  countsSince(since: EpochMs): Readonly<Partial<Record<IncidentState, number>>> {
    const counted = incidentStates.map(state => [state, (this.#since.get(state, since) as { count: number }).count])
    return Object.fromEntries(counted.filter(([, count]) => count !== 0))
  }

  /** Proposals whose time is over, without reading the alerts of all others. */
  overdue(now: EpochMs, limit: number): readonly string[] {
    return (this.#overdue.all(now, limit) as { id: string }[]).map(({ id }) => id)
  }

  /** True where `closeDue` would close one. */
  hasDue(now: EpochMs): boolean {
    return this.#due.get(now) !== undefined
  }

  /** Closes those whose time has come, or cannot be read. */
  closeDue(now: EpochMs): void {
    this.#close.run(now)
    this.#closeDamaged.run()
  }

  prune(before: EpochMs): void {
    this.#prune.run(before)
  }
}

const openKey = (playbook: string, target: string): string => JSON.stringify([playbook, target])

/** Every column is checked: one row that holds something else must not fail the work with all others. */
function incidentOf(row: Row): Incident {
  const alert = storedJson(row.alert, isAlert)
  const facts = storedJson(row.facts, isFacts)
  const state = incidentStates.find(known => known === row.state)
  const { created_at: createdAt, updated_at: updatedAt, closes_at: closesAt, alerts } = row
  const areNumbers = [createdAt, updatedAt, alerts, closesAt ?? 0].every(isNumber)
  return {
    id: String(row.id),
    playbook: String(row.playbook),
    target: String(row.target),
    // An incident without a known state is not carried out, and its target is decided on again.
    state: state ?? 'refused',
    createdAt: isNumber(createdAt) ? createdAt : 0,
    updatedAt: isNumber(updatedAt) ? updatedAt : 0,
    ...(isNumber(closesAt) ? { closesAt } : {}),
    alerts: isNumber(alerts) ? alerts : 0,
    ...(alert === undefined || facts === undefined || state === undefined || !areNumbers ? damaged : { alert, facts }),
  }
}

const damaged = {
  damaged: true,
  alert: { status: 'firing', fingerprint: '', startsAt: '', labels: {}, annotations: {} },
  facts: { evidence: unasked, detail: DAMAGED },
} as const satisfies Partial<Incident>

const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => Number.isFinite(value)
const areTexts = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText)

const isAlert = (value: unknown): value is Alert =>
  isObject(value) &&
  [value.fingerprint, value.startsAt, value.generatorURL ?? ''].every(isText) &&
  areTexts(value.labels) &&
  areTexts(value.annotations)

/** What a fact holds, where it is there. */
const factForms: Readonly<Record<Exclude<keyof IncidentFacts, 'evidence'>, (value: unknown) => boolean>> = {
  mode: value => modes.some(mode => mode === value),
  detail: isText,
  reason: isText,
  length: isNumber,
  expiresAt: isNumber,
  network: isText,
  approvedBy: isText,
  resolvedAt: isNumber,
  previous: isText,
  because: isText,
  since: isNumber,
  lapses: isNumber,
  thread: isText,
}
const factEntries = Object.entries(factForms)

const isFacts = (value: unknown): value is IncidentFacts =>
  isObject(value) &&
  isEvidence(value.evidence) &&
  factEntries.every(([fact, holds]) => value[fact] === undefined || holds(value[fact]))

/** The country is judged by who shows it: earlier versions stored what a database said. */
const isEvidence = (value: unknown): boolean =>
  isObject(value) &&
  isText(value.verdict) &&
  isNumber(value.validFor ?? 0) &&
  Array.isArray(value.findings) &&
  value.findings.every(one => isObject(one) && [one.source, one.verdict, one.detail].every(isText))
