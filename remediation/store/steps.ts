import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../core/clock.ts'
import { soundNumber } from '../../service/sqlite/sound-number.ts'
import { modes } from '../domain/playbook.ts'
import { type StepRecord, type StepState, stepStates } from '../domain/step.ts'
import { DAMAGED, storedJson } from './stored-json.ts'

export type NewStep = Omit<StepRecord, 'incident' | 'attempts'>

export interface StepChange {
  readonly state: StepState
  readonly detail: string
  readonly at: EpochMs
  /** Counts one more failed attempt. */
  readonly failed?: boolean
  readonly dueAt?: EpochMs
}

type Row = Record<string, string | number | null>

/** The steps of incidents, one row each. */
export class Steps {
  readonly #statements

  constructor(database: DatabaseSync) {
    this.#statements = prepare(database)
  }

  /** Replaces the steps of an incident: what was proposed is planned again when it is approved. */
  replace(incident: string, steps: readonly NewStep[], at: EpochMs): void {
    this.#statements.clear.run(incident)
    this.add(incident, steps, at)
  }

  add(incident: string, steps: readonly NewStep[], at: EpochMs): void {
    for (const { position, type, state, mode, plan, detail, dueAt } of steps) {
      this.#statements.add.run(
        incident,
        position,
        type,
        state,
        mode,
        JSON.stringify(plan),
        detail,
        dueAt ?? null,
        at,
        at,
      )
    }
  }

  change(incident: string, position: number, { state, detail, at, failed = false, dueAt }: StepChange): void {
    this.#statements.change.run(state, detail, Number(failed), dueAt ?? null, at, incident, position)
  }

  /** Undefined also where the row is damaged: it cannot be executed. */
  get(incident: string, position: number): StepRecord | undefined {
    const row = this.#statements.get.get(incident, position) as Row | undefined
    return row === undefined ? undefined : executable([row])[0]
  }

  /** In the order of the playbook, with damaged ones. */
  of(incident: string): readonly StepRecord[] {
    return (this.#statements.of.all(incident) as Row[]).map(stepOf)
  }

  /** Steps of these kinds for which the world has to be changed, those that wait longest first. */
  due(types: readonly string[], now: EpochMs, limit: number): readonly StepRecord[] {
    return executable(this.#statements.due.all(JSON.stringify(types), now, limit) as Row[])
  }

  /** Steps of a kind whose effect the ledger has ended and the world may still have. */
  undoing(type: string): readonly StepRecord[] {
    return executable(this.#statements.undoing.all(type) as Row[])
  }

  /** Pending steps of a kind of incidents that were decided on and have no other work left. */
  queued(type: string): readonly StepRecord[] {
    return executable(this.#statements.queued.all(type) as Row[])
  }
}

const numbers = ['position', 'attempts', 'due_at']
const COLUMNS = `incident, type, state, mode, plan, detail, ${numbers.map(column => `${soundNumber(column)} AS ${column}`).join(', ')}`

function prepare(database: DatabaseSync) {
  return {
    clear: database.prepare('DELETE FROM steps WHERE incident = ?'),
    add: database.prepare(
      `INSERT INTO steps (incident, position, type, state, mode, plan, detail, attempts, due_at, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
    ),
    change: database.prepare(
      `UPDATE steps SET state = ?, detail = ?, attempts = attempts + ?, due_at = ?, updated_at = ?
       WHERE incident = ? AND position = ?`,
    ),
    get: database.prepare(`SELECT ${COLUMNS} FROM steps WHERE incident = ? AND position = ?`),
    of: database.prepare(`SELECT ${COLUMNS} FROM steps WHERE incident = ? ORDER BY steps.position`),
    due: database.prepare(
      `SELECT ${COLUMNS} FROM steps WHERE due_at <= ?2 AND type IN (SELECT value FROM json_each(?1))
       ORDER BY steps.due_at LIMIT ?3`,
    ),
    undoing: database.prepare(
      `SELECT ${COLUMNS} FROM steps WHERE due_at IS NOT NULL AND state = 'undone' AND type = ?`,
    ),
    queued: database.prepare(
      `SELECT ${COLUMNS} FROM steps WHERE state = 'pending' AND due_at IS NULL AND type = ?
         AND incident NOT IN (SELECT id FROM incidents WHERE state = 'proposed')
         AND incident NOT IN (SELECT incident FROM steps WHERE due_at IS NOT NULL)`,
    ),
  }
}

const executable = (rows: readonly Row[]): readonly StepRecord[] =>
  rows.map(stepOf).filter(({ damaged }) => damaged !== true)

const isPlan = (value: unknown): value is object | null => typeof value === 'object'

/** Every column is checked: one row that holds something else must not fail the work with all others. */
function stepOf(row: Row): StepRecord {
  const plan = storedJson(row.plan, isPlan)
  const state = stepStates.find(known => known === row.state)
  const mode = modes.find(known => known === row.mode)
  const [position, attempts, dueAt] = [row.position, row.attempts, row.due_at ?? 0].map(Number)
  const areNumbers = [position, attempts, dueAt].every(Number.isFinite)
  const isDamaged = plan === undefined || state === undefined || mode === undefined || !areNumbers
  return {
    incident: String(row.incident),
    position: Number.isFinite(position) ? Number(position) : 0,
    type: String(row.type),
    state: state ?? 'failed',
    mode: mode ?? 'observe',
    ...(isDamaged ? { plan: null, detail: DAMAGED, damaged: true } : { plan, detail: String(row.detail) }),
    attempts: Number.isFinite(attempts) ? Number(attempts) : 0,
    ...(row.due_at === null || !Number.isFinite(dueAt) ? {} : { dueAt: Number(dueAt) }),
  }
}
