import type { DatabaseSync } from 'node:sqlite'
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import { eventsOf } from '../domain/alert.ts'
import type { Incident } from '../domain/incident.ts'
import { type Ahead, countedNetwork, NETWORK_SHARE, noneAhead } from '../domain/limits.ts'

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
 * Networks that take no further place, by what there is room for: those that have one, and those that have had their share
 * of the actions of an hour.
 */
const placed = {
  action: `SELECT network FROM starts WHERE second >= :hour GROUP BY network
    HAVING max(second) >= :minute OR sum(count) >= :share`,
  approval: 'SELECT network FROM proposals',
} as const

/** What there is room for, and for how many networks: no more are counted. */
export interface Room {
  readonly of: keyof typeof placed
  readonly limit: number
}

/**
 * Who has precedence where there is room for few: whose proposals expired least often, then who has most events, then who
 * waits longest. Targets in one network count as one (see `countedNetwork`), and not if the network has its place already.
 * A row goes with its incident, or when that is decided otherwise.
 */
export class WaitingList {
  readonly #add
  readonly #pass
  readonly #remove
  readonly #beside
  readonly #networksAhead
  readonly #ownAhead

  constructor(database: DatabaseSync) {
    this.#add = database.prepare(
      `INSERT INTO waiting (incident, lapses, events, since, seen_at, network) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (incident) DO UPDATE SET events = excluded.events, seen_at = excluded.seen_at, network = excluded.network`,
    )
    this.#pass = database.prepare('UPDATE waiting SET incident = ? WHERE incident = ?')
    this.#remove = database.prepare('DELETE FROM waiting WHERE incident = ?')
    this.#beside = database.prepare(
      `SELECT count(*) AS count FROM (SELECT 1 FROM incidents
         WHERE state = 'received' AND id NOT IN (SELECT incident FROM waiting) LIMIT ?)`,
    )
    this.#networksAhead = { action: networksAhead(database, 'action'), approval: networksAhead(database, 'approval') }
    this.#ownAhead = database.prepare(
      `SELECT count(*) AS count FROM (SELECT 1 FROM waiting WHERE ${IS_AHEAD} AND network = :network LIMIT ${NETWORK_SHARE})`,
    )
  }

  /** Notes that an incident waits, or that the alert of one that waits was delivered again. */
  add(incident: Incident, now: EpochMs): void {
    const { lapses, events, since } = rankOf(incident)
    this.#add.run(incident.id, lapses, events, since, now, countedNetwork(incident.target))
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
    return limit <= 0 ? 0 : countOf(this.#beside.get(limit))
  }

  /** Who was delivered lately and has precedence over an incident. */
  ahead(incident: Incident, now: EpochMs, { of, limit }: Room): Ahead {
    if (limit <= 0) return noneAhead
    const { lapses, events, since } = rankOf(incident)
    const network = countedNetwork(incident.target)
    const rank = { fresh: now - FRESH_MS, lapses, few: -events, since, incident: incident.id, network }
    const begun = { minute: secondOf(now - MINUTE_MS), hour: secondOf(now - HOUR_MS), share: NETWORK_SHARE }
    return {
      networks: countOf(this.#networksAhead[of].get({ ...rank, ...(of === 'action' ? begun : {}), limit })),
      own: network === '' ? 0 : countOf(this.#ownAhead.get(rank)),
    }
  }
}

/** Delivered lately, with precedence. */
const IS_AHEAD = 'seen_at >= :fresh AND (lapses, -events, since, incident) < (:lapses, :few, :since, :incident)'

/** Counts networks; a target whose network is not known counts for itself. */
const networksAhead = (database: DatabaseSync, of: Room['of']) =>
  database.prepare(
    `SELECT count(*) AS count FROM (SELECT DISTINCT iif(network = '', incident, network) FROM waiting
       WHERE ${IS_AHEAD} AND (network = '' OR network <> :network AND network NOT IN (${placed[of]})) LIMIT :limit)`,
  )

const countOf = (row: unknown): number => (row as { count: number }).count

const rankOf = ({ id, alert, facts, createdAt }: Incident): Rank => ({
  incident: id,
  lapses: facts.lapses ?? 0,
  events: eventsOf(alert),
  since: facts.since ?? createdAt,
})

const secondOf = (time: EpochMs): number => Math.floor(time / 1_000)
