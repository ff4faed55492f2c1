import type { DatabaseSync } from 'node:sqlite'
import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import { eventsOf } from '../domain/alert.ts'
import type { Incident } from '../domain/incident.ts'

/** A place in the order. */
interface Rank {
  readonly incident: string
  /** Proposals about the target that expired without an answer. */
  readonly lapses: number
  /** Events that its alert counts. */
  readonly events: number
  /** When the target was refused first. */
  readonly since: EpochMs
}

/** Three repetitions of the shipped Alertmanager configuration: who was not delivered since then is not waited for. */
const FRESH_MS = 15 * MINUTE_MS

/**
 * Who has precedence where approvals have room for few: whose proposals expired least often, then who has most events,
 * then who waits longest. A row goes with its
 * incident, or when that is decided otherwise.
 */
export class WaitingList {
  readonly #add
  readonly #pass
  readonly #remove
  readonly #ahead
  readonly #beside

  constructor(database: DatabaseSync) {
    this.#add = database.prepare(
      `INSERT INTO waiting (incident, lapses, events, since, seen_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (incident) DO UPDATE SET events = excluded.events, seen_at = excluded.seen_at`,
    )
    this.#pass = database.prepare('UPDATE waiting SET incident = ? WHERE incident = ?')
    this.#remove = database.prepare('DELETE FROM waiting WHERE incident = ?')
    this.#beside = database.prepare(
      `SELECT count(*) AS count FROM (SELECT 1 FROM incidents
         WHERE state = 'received' AND id NOT IN (SELECT incident FROM waiting) LIMIT ?)`,
    )
    this.#ahead = database.prepare(
      `SELECT count(*) AS count FROM (SELECT 1 FROM waiting
         WHERE seen_at >= ? AND (lapses, -events, since, incident) < (?, ?, ?, ?) LIMIT ?)`,
    )
  }

  /** Notes that an incident waits, or that the alert of one that waits was delivered again. */
  add(incident: Incident, now: EpochMs): void {
    const { lapses, events, since } = rankOf(incident)
    this.#add.run(incident.id, lapses, events, since, now)
  }

  /** The incident is followed by another one, which keeps its place until it is decided. */
  pass(incident: string, following: string): void {
    this.#pass.run(following, incident)
  }

  remove(incident: string): void {
    this.#remove.run(incident)
  }

  /** Incidents that are not decided yet and have no place in the order; counted up to a limit. */
  undecidedBeside(limit: number): number {
    return limit <= 0 ? 0 : (this.#beside.get(limit) as { count: number }).count
  }

  /** How many that were delivered lately have precedence over an incident; counted up to a limit. */
  ahead(incident: Incident, now: EpochMs, limit: number): number {
    if (limit <= 0) return 0
    const { lapses, events, since } = rankOf(incident)
    const found = this.#ahead.get(now - FRESH_MS, lapses, -events, since, incident.id, limit)
    return (found as { count: number }).count
  }
}

const rankOf = ({ id, alert, facts, createdAt }: Incident): Rank => ({
  incident: id,
  lapses: facts.lapses ?? 0,
  events: eventsOf(alert),
  since: facts.since ?? createdAt,
})
