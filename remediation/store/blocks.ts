import type { DatabaseSync } from 'node:sqlite'
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import { isHost, overlaps, parseTarget, type Target, widen } from '../../core/net/target.ts'
import { isBeyondTime, MAX_NUMBER, soundNumber } from '../../service/sqlite/sound-number.ts'
import { type Block, noOffences, type Offences } from '../domain/block.ts'
import { type ActionCounts, countedNetwork } from '../domain/limits.ts'
import { DAMAGED } from './stored-json.ts'

/** The shortest prefixes that `remediation.limits` allows to block. */
const SHORTEST_PREFIX = { 4: 8, 6: 16 } as const

const COLUMNS = `target, incident, state, ${soundNumber('since')} AS since, ${soundNumber('expires_at')} AS expiresAt,
  ${soundNumber('length')} AS length`

/** The blocks in force, and what later decisions must know of earlier ones. */
export class Blocks {
  readonly #statements

  constructor(database: DatabaseSync) {
    this.#statements = prepare(database)
  }

  /** Counts the blocks, where the count that triggers keep may be damaged. For the one service that owns the ledger. */
  recount(): void {
    this.#statements.recount.run()
  }

  create(block: Omit<Block, 'state' | 'damaged'>, offences: Offences): void {
    const { target, incident, since, expiresAt, length } = block
    // A trigger that counts up from a text would make it a wrong number.
    this.#statements.mendCount.run()
    this.#statements.create.run(target, incident, since, expiresAt, length)
    this.countStart(target, since)
    this.#statements.offend.run(target, offences.count, offences.last)
  }

  confirm(target: string): void {
    this.#statements.confirm.run(target)
  }

  /** Gives a block another end, where the clock that the old one was measured with is not to be believed. */
  reschedule(target: string, expiresAt: EpochMs): void {
    this.#statements.reschedule.run(expiresAt, target)
  }

  /** @param hasExpired its end is kept: see `lastExpiry` */
  end(target: string, hasExpired = false): void {
    if (hasExpired) this.#statements.expire.run(target)
    this.#statements.mendCount.run()
    this.#statements.end.run(target)
  }

  /**
   * The latest end after `since` of an expired block for which the target could not have been blocked; see
   * `overlapping`. A block that was ended early has not expired.
   */
  lastExpiry(target: Target, since: EpochMs): EpochMs | undefined {
    if (isHost(target)) {
      const covering = JSON.stringify(coveringTexts(target))
      return (this.#statements.expiryOf.get(covering, since) as { ended: EpochMs | null }).ended ?? undefined
    }
    const rows = this.#statements.expiredNetworks.all(since) as { target: string; ended: EpochMs }[]
    return rows.find(row => {
      const network = parseTarget(String(row.target))
      return network !== undefined && overlaps(network, target)
    })?.ended
  }

  get(target: string): Block | undefined {
    const row = this.#statements.get.get(target) as Row | undefined
    return row === undefined ? undefined : blockOf(row)
  }

  /** With damaged ones. */
  all(): readonly Block[] {
    return (this.#statements.all.all() as Row[]).map(blockOf)
  }

  expired(now: EpochMs): readonly Block[] {
    const rows = this.#statements.expired.all(now) as Row[]
    return rows
      .filter(({ target }) => typeof target === 'string')
      .map(blockOf)
      .filter(({ expiresAt }) => expiresAt <= now)
  }

  count(): number {
    const { value } = (this.#statements.active.get() ?? this.#statements.counted.get()) as { value: number }
    return value
  }

  /** Those of them that the kernel has not confirmed. */
  countPending(): number {
    return (this.#statements.pending.get() as { value: number }).value
  }

  /** The block of the target, or of a network that holds it. */
  covering(target: Target): Block | undefined {
    for (const text of coveringTexts(target)) {
      const block = this.get(text)
      if (block !== undefined) return block
    }
    return undefined
  }

  /**
   * A block for which the target cannot be blocked: one that covers it, or of a network in it, because networks of the
   * firewall's sets must not overlap. Hosts in it may be blocked: they have sets of their own.
   *
   * @param ranges whether blocks of networks of its family are allowed
   */
  overlapping(target: Target, ranges: boolean): string | undefined {
    if (!ranges) return this.get(target.text)?.target
    const covering = this.covering(target)
    if (covering !== undefined || isHost(target)) return covering?.target
    const networks = this.#statements.networks.all() as { target: string }[]
    return networks.find(({ target: other }) => {
      const parsed = parseTarget(String(other))
      return parsed !== undefined && overlaps(parsed, target)
    })?.target
  }

  /** Counts an action that is begun; a block is counted by `create`. */
  countStart(target: string, now: EpochMs): void {
    this.#statements.start.run(secondOf(now), countedNetwork(target))
  }

  /** What counts for one more action against a target, by whole seconds; what was begun before `from` does not count. */
  counts(target: string, now: EpochMs, from: EpochMs): ActionCounts {
    const network = countedNetwork(target)
    const since = (start: EpochMs) =>
      this.#statements.started.get(network, secondOf(Math.max(start, from))) as { others: number; own: number }
    const minute = since(now - MINUTE_MS)
    const hour = since(now - HOUR_MS)
    const proposed = this.#statements.proposed.get(network) as { others: number; own: number }
    return {
      minute: minute.others,
      hour: hour.others,
      active: this.count(),
      proposed: proposed.others,
      own: { minute: minute.own, hour: hour.own, proposed: proposed.own },
    }
  }

  offences(target: string): Offences {
    const { count, last } = (this.#statements.offences.get(target) ?? noOffences) as Row
    return isNumber(count) && isNumber(last) ? { count, last } : noOffences
  }

  startGracePeriod(target: string, until: EpochMs): void {
    this.#statements.startGracePeriod.run(target, until)
  }

  /** The latest end of the grace periods of networks that share an address with the target. */
  gracePeriodUntil(target: Target, now: EpochMs): EpochMs | undefined {
    const rows = this.#statements.gracePeriods.all(now) as Row[]
    const ends = rows.flatMap(({ target: text, until }) => {
      const allowed = parseTarget(String(text))
      // Where the end cannot be read, what a person unblocked stays unblocked until the row is pruned, within the hour.
      const end = isNumber(until) ? until : now + HOUR_MS
      return allowed !== undefined && overlaps(allowed, target) ? end : []
    })
    return ends.length === 0 ? undefined : Math.max(...ends)
  }

  /** Forgets what no decision can need any more. */
  prune(now: EpochMs, offencesBefore: EpochMs): void {
    this.#statements.pruneStarts.run(secondOf(now - HOUR_MS))
    this.#statements.pruneGracePeriods.run(now)
    this.#statements.pruneOffences.run(offencesBefore)
  }
}

type Row = Readonly<Record<string, unknown>>

const isNumber = (value: unknown): value is number => Number.isFinite(value)

/** What of start, length and end cannot be read follows from the others; the kernel ends a block in any case. */
function blockOf(row: Row): Block {
  const [since, expiresAt, length] = [row.since, row.expiresAt, row.length].map(value =>
    isNumber(value) ? value : undefined,
  )
  const state = row.state === 'wanted' ? 'wanted' : 'applied'
  const isSound = [since, expiresAt, length].every(isNumber) && [row.target, row.incident].every(isText)
  const begun = since ?? (expiresAt ?? 0) - (length ?? 0)
  const end = expiresAt ?? begun + (length ?? 0)
  return {
    target: isText(row.target) ? row.target : DAMAGED,
    incident: isText(row.incident) ? row.incident : '',
    state,
    since: begun,
    expiresAt: end,
    length: length ?? end - begun,
    ...(isSound && row.state === state ? {} : { damaged: true }),
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** The target, and the networks that contain it and may be blocked; the narrowest first. */
function coveringTexts(target: Target): readonly string[] {
  const count = Math.max(0, target.prefix - SHORTEST_PREFIX[target.family] + 1)
  return Array.from({ length: count }, (_, index) => widen(target, target.prefix - index).text)
}

/** Seconds that are begun count whole: a cap is never exceeded for being rounded. */
const secondOf = (time: EpochMs): number => Math.floor(time / 1_000)

/** More actions are not begun in a second: another count is damaged. */
const MAX_STARTS = 1_000_000

/** The count of blocks in force, unless it is damaged. */
const SOUND_COUNT = `name = 'active' AND typeof(value) = 'integer' AND value BETWEEN 0 AND ${MAX_NUMBER}`
const RECOUNT = "INSERT INTO tally (name, value) SELECT 'active', (SELECT count(*) FROM blocks)"
const REPLACE = 'ON CONFLICT (name) DO UPDATE SET value = excluded.value'

function prepare(database: DatabaseSync) {
  return {
    create: database.prepare(
      "INSERT INTO blocks (target, incident, state, since, expires_at, length) VALUES (?, ?, 'wanted', ?, ?, ?)",
    ),
    start: database.prepare(
      'INSERT INTO starts (second, network, count) VALUES (?, ?, 1) ON CONFLICT (second, network) DO UPDATE SET count = count + 1',
    ),
    offend: database.prepare(
      `INSERT INTO offences (target, count, last) VALUES (?, ?, ?)
       ON CONFLICT (target) DO UPDATE SET count = excluded.count, last = excluded.last`,
    ),
    confirm: database.prepare("UPDATE blocks SET state = 'applied' WHERE target = ?"),
    reschedule: database.prepare('UPDATE blocks SET expires_at = ? WHERE target = ?'),
    expire: database.prepare(
      'UPDATE offences SET ended = blocks.expires_at FROM blocks WHERE blocks.target = ? AND offences.target = blocks.target',
    ),
    expiryOf: database.prepare(
      `SELECT max(ended) AS ended FROM offences WHERE target IN (SELECT value FROM json_each(?)) AND ended > ? AND ended < ${MAX_NUMBER}`,
    ),
    expiredNetworks: database.prepare(
      `SELECT target, ended FROM offences WHERE ended > ? AND ended < ${MAX_NUMBER} AND target LIKE '%/%' ORDER BY ended DESC`,
    ),
    end: database.prepare('DELETE FROM blocks WHERE target = ?'),
    get: database.prepare(`SELECT ${COLUMNS} FROM blocks WHERE target = ?`),
    networks: database.prepare("SELECT target FROM blocks WHERE target LIKE '%/%'"),
    all: database.prepare(`SELECT ${COLUMNS} FROM blocks`),
    expired: database.prepare(
      `SELECT ${COLUMNS} FROM blocks WHERE expires_at <= ?
       UNION ALL SELECT ${COLUMNS} FROM blocks WHERE ${isBeyondTime('expires_at')}`,
    ),
    active: database.prepare(`SELECT value FROM tally WHERE ${SOUND_COUNT}`),
    counted: database.prepare('SELECT count(*) AS value FROM blocks'),
    pending: database.prepare("SELECT count(*) AS value FROM blocks WHERE state = 'wanted'"),
    mendCount: database.prepare(`${RECOUNT} WHERE NOT EXISTS (SELECT 1 FROM tally WHERE ${SOUND_COUNT}) ${REPLACE}`),
    recount: database.prepare(`${RECOUNT} WHERE true ${REPLACE}`),
    started: database.prepare(
      `SELECT count(DISTINCT iif(network IN ('', ?1), NULL, network)) + coalesce(sum(iif(network = '', begun, 0)), 0) AS others,
         coalesce(sum(iif(network = ?1 AND network <> '', begun, 0)), 0) AS own
       FROM (SELECT network, iif(count BETWEEN 1 AND ${MAX_STARTS}, count, 1) AS begun
         FROM starts WHERE second BETWEEN ?2 AND ${MAX_NUMBER})`,
    ),
    proposed: database.prepare(
      `SELECT count(DISTINCT iif(network IN ('', ?1), NULL, network)) + coalesce(sum(network = ''), 0) AS others,
         coalesce(sum(network = ?1 AND network <> ''), 0) AS own
       FROM proposals`,
    ),
    offences: database.prepare(
      `SELECT ${soundNumber('count')} AS count, ${soundNumber('last')} AS last FROM offences WHERE target = ?`,
    ),
    startGracePeriod: database.prepare(
      'INSERT INTO soft_allows (target, until) VALUES (?, ?) ON CONFLICT (target) DO UPDATE SET until = excluded.until',
    ),
    gracePeriods: database.prepare(`SELECT target, ${soundNumber('until')} AS until FROM soft_allows WHERE until > ?`),
    pruneStarts: database.prepare(`DELETE FROM starts WHERE second < ? OR ${isBeyondTime('second')}`),
    pruneGracePeriods: database.prepare(`DELETE FROM soft_allows WHERE until <= ? OR ${isBeyondTime('until')}`),
    pruneOffences: database.prepare(`DELETE FROM offences WHERE last <= ? OR ${isBeyondTime('last')}`),
  }
}
