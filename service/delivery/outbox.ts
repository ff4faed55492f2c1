import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../core/clock.ts'
import { isBeyondTime, soundNumber } from '../sqlite/sound-number.ts'

/** A request that is sent once: a message, a ticket, a hook. */
export interface Delivery {
  /** `subject/destination`: the key by which a receiver can recognise a repeated request. */
  readonly id: string
  /** The id of what it reports. */
  readonly subject: string
  readonly destination: string
  readonly state: 'waiting' | 'sent' | 'dead'
  /** The values for the template, as JSON. */
  readonly body: string
  readonly attempts: number
  readonly createdAt: EpochMs
  readonly nextAt: EpochMs
  readonly giveUpAt: EpochMs
  readonly lastError: string
  /** The receiver's response, truncated; it contains the number of a ticket. */
  readonly answer: string
}

export type NewDelivery = Pick<Delivery, 'subject' | 'destination' | 'body' | 'createdAt' | 'giveUpAt'>

const numbers = { attempts: 'attempts', created_at: 'createdAt', next_at: 'nextAt', give_up_at: 'giveUpAt' }
const COLUMNS = `id, incident AS subject, destination, state, body, last_error AS lastError, answer,
  ${Object.entries(numbers)
    .map(([column, name]) => `${soundNumber(column)} AS ${name}`)
    .join(', ')}`

/** Databases of the first version have no such index. */
export const OUTBOX_BY_AGE = 'CREATE INDEX IF NOT EXISTS outbox_by_age ON outbox (state, created_at);'

/** The outbox's table, for the schema of the database that contains it. The column `incident` contains the subject. */
export const OUTBOX = `
  CREATE TABLE outbox (id TEXT PRIMARY KEY, incident TEXT NOT NULL, destination TEXT NOT NULL, state TEXT NOT NULL,
    body TEXT NOT NULL, attempts INTEGER NOT NULL, created_at INTEGER NOT NULL, next_at INTEGER NOT NULL,
    give_up_at INTEGER NOT NULL, last_error TEXT NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX outbox_due ON outbox (state, destination, next_at);
  ${OUTBOX_BY_AGE}
  CREATE INDEX outbox_by_incident ON outbox (incident);`

type Row = Readonly<Record<string, unknown>>

const isText = (value: unknown): value is string => typeof value === 'string'
const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** A delivery of which a text cannot be read has no body, which makes it a dead letter. Times that cannot be read have passed. */
function deliveryOf(row: Row): Delivery {
  const texts = [row.id, row.subject, row.destination, row.body, row.lastError, row.answer]
  const areSound = texts.every(isText) && Object.values(numbers).every(name => typeof row[name] === 'number')
  return {
    // As it is in the key of the row, so that its state can be changed.
    id: row.id as string,
    subject: String(row.subject),
    destination: row.destination as string,
    state: row.state as Delivery['state'],
    body: texts.every(isText) ? String(row.body) : '',
    attempts: number(row.attempts),
    createdAt: number(row.createdAt),
    nextAt: number(row.nextAt),
    giveUpAt: number(row.giveUpAt),
    lastError: areSound ? String(row.lastError) : 'its row in the outbox is damaged',
    answer: String(row.answer),
  }
}

/** Deliveries, in the same database as what they report. */
export class Outbox {
  readonly #statements

  constructor(database: DatabaseSync) {
    this.#statements = {
      add: database.prepare(
        `INSERT INTO outbox (id, incident, destination, state, body, attempts, created_at, next_at, give_up_at, last_error, answer)
         VALUES (?, ?, ?, 'waiting', ?, 0, ?, ?, ?, '', '') ON CONFLICT DO NOTHING`,
      ),
      due: database.prepare(
        `SELECT ${COLUMNS} FROM outbox WHERE state = 'waiting' AND destination = ?1 AND ${isBeyondTime('next_at')}
         UNION ALL SELECT * FROM (SELECT ${COLUMNS} FROM outbox WHERE state = 'waiting' AND destination = ?1 AND next_at <= ?2
           ORDER BY outbox.next_at, id LIMIT ?3) LIMIT ?3`,
      ),
      destinations: database.prepare(
        `SELECT DISTINCT destination FROM outbox WHERE state = 'waiting' AND (next_at <= ? OR ${isBeyondTime('next_at')}) ORDER BY destination`,
      ),
      sent: database.prepare("UPDATE outbox SET state = 'sent', attempts = attempts + 1, answer = ? WHERE id = ?"),
      failed: database.prepare(
        'UPDATE outbox SET state = ?, attempts = attempts + 1, next_at = ?, last_error = ? WHERE id = ?',
      ),
      postpone: database.prepare('UPDATE outbox SET next_at = ? WHERE id = ?'),
      count: database.prepare('SELECT count(*) AS count FROM outbox WHERE state = ?'),
      oldest: database.prepare(
        `SELECT ${soundNumber('created_at')} AS since FROM outbox WHERE state = ? ORDER BY created_at LIMIT 1`,
      ),
      list: database.prepare(`SELECT ${COLUMNS} FROM outbox WHERE state = ? ORDER BY created_at, id LIMIT ?`),
      get: database.prepare(`SELECT ${COLUMNS} FROM outbox WHERE id = ?`),
      of: database.prepare(`SELECT ${COLUMNS} FROM outbox WHERE incident = ? ORDER BY destination`),
      replay: database.prepare(
        "UPDATE outbox SET state = 'waiting', next_at = ?1, give_up_at = ?1 + (give_up_at - created_at) WHERE state = 'dead' AND (?2 = 'all' OR id = ?2)",
      ),
      prune: database.prepare("DELETE FROM outbox WHERE state <> 'waiting' AND created_at < ?"),
    }
  }

  /** Adds a delivery; an existing one is not sent again. */
  add({ subject, destination, body, createdAt, giveUpAt }: NewDelivery): void {
    this.#statements.add.run(`${subject}/${destination}`, subject, destination, body, createdAt, createdAt, giveUpAt)
  }

  /** Destinations with deliveries that are due. */
  destinationsDue(now: EpochMs): readonly string[] {
    return (this.#statements.destinations.all(now) as { destination: string }[]).map(({ destination }) => destination)
  }

  due(destination: string, now: EpochMs, limit: number): readonly Delivery[] {
    return (this.#statements.due.all(destination, now, limit) as Row[]).map(deliveryOf)
  }

  sent(id: string, answer: string): void {
    this.#statements.sent.run(answer, id)
  }

  retry(id: string, at: EpochMs, error: string): void {
    this.#statements.failed.run('waiting', at, error, id)
  }

  /** Moves the next attempt to another time; it counts as none. */
  postpone(id: string, at: EpochMs): void {
    this.#statements.postpone.run(at, id)
  }

  giveUp(id: string, at: EpochMs, error: string): void {
    this.#statements.failed.run('dead', at, error, id)
  }

  /** Queues one dead letter, or all, again; returns their number. */
  replay(id: string, now: EpochMs): number {
    return Number(this.#statements.replay.run(now, id).changes)
  }

  count(state: Delivery['state']): number {
    return (this.#statements.count.get(state) as { count: number }).count
  }

  /** When the oldest delivery in this state was created; undefined if there is none. */
  oldest(state: Delivery['state']): EpochMs | undefined {
    const { since } = (this.#statements.oldest.get(state) ?? {}) as { since?: unknown }
    return typeof since === 'number' ? since : undefined
  }

  list(state: Delivery['state'], limit: number): readonly Delivery[] {
    return (this.#statements.list.all(state, limit) as Row[]).map(deliveryOf)
  }

  get(subject: string, destination: string): Delivery | undefined {
    const row = this.#statements.get.get(`${subject}/${destination}`) as Row | undefined
    return row === undefined ? undefined : deliveryOf(row)
  }

  of(subject: string): readonly Delivery[] {
    return (this.#statements.of.all(subject) as Row[]).map(deliveryOf)
  }

  prune(before: EpochMs): void {
    this.#statements.prune.run(before)
  }
}
