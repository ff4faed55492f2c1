import type { DatabaseSync } from 'node:sqlite'
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import { isHost, overlaps, parseTarget, type Target, widen } from '../../core/net/target.ts'
import { type Block, noOffences, type Offences } from '../domain/block.ts'
import { type ActionCounts, countedNetwork } from '../domain/limits.ts'

/** The shortest prefixes that `remediation.limits` allows to block. */
const SHORTEST_PREFIX = { 4: 8, 6: 16 } as const

const COLUMNS = 'target, incident, state, since, expires_at AS expiresAt, length'

/** The blocks in force, and what later decisions must know of earlier ones. */
export class Blocks {
  readonly #statements

  constructor(database: DatabaseSync) {
    this.#statements = prepare(database)
  }

  create(block: Omit<Block, 'state'>, offences: Offences): void {
    const { target, incident, since, expiresAt, length } = block
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
    return this.#statements.get.get(target) as Block | undefined
  }

  all(): readonly Block[] {
    return (this.#statements.all.all() as unknown as Block[]).filter(hasTarget)
  }

  expired(now: EpochMs): readonly Block[] {
    return (this.#statements.expired.all(now) as unknown as Block[]).filter(hasTarget)
  }

  count(): number {
    return (this.#statements.active.get() as { value: number }).value
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
    return (this.#statements.offences.get(target) as Offences | undefined) ?? noOffences
  }

  startGracePeriod(target: string, until: EpochMs): void {
    this.#statements.startGracePeriod.run(target, until)
  }

  /** The latest end of the grace periods of networks that share an address with the target. */
  gracePeriodUntil(target: Target, now: EpochMs): EpochMs | undefined {
    const rows = this.#statements.gracePeriods.all(now) as { target: string; until: EpochMs }[]
    const ends = rows.flatMap(row => {
      const allowed = parseTarget(String(row.target))
      return allowed !== undefined && overlaps(allowed, target) ? row.until : []
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

/** False where the row is damaged: SQLite gives bytes for a column that holds them. */
const hasTarget = ({ target }: { readonly target: unknown }): boolean => typeof target === 'string'

/** The target, and the networks that contain it and may be blocked; the narrowest first. */
function coveringTexts(target: Target): readonly string[] {
  const count = Math.max(0, target.prefix - SHORTEST_PREFIX[target.family] + 1)
  return Array.from({ length: count }, (_, index) => widen(target, target.prefix - index).text)
}

/** Seconds that are begun count whole: a cap is never exceeded for being rounded. */
const secondOf = (time: EpochMs): number => Math.floor(time / 1_000)

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
      'SELECT max(ended) AS ended FROM offences WHERE target IN (SELECT value FROM json_each(?)) AND ended > ?',
    ),
    expiredNetworks: database.prepare(
      "SELECT target, ended FROM offences WHERE ended > ? AND target LIKE '%/%' ORDER BY ended DESC",
    ),
    end: database.prepare('DELETE FROM blocks WHERE target = ?'),
    get: database.prepare(`SELECT ${COLUMNS} FROM blocks WHERE target = ?`),
    networks: database.prepare("SELECT target FROM blocks WHERE target LIKE '%/%'"),
    all: database.prepare(`SELECT ${COLUMNS} FROM blocks`),
    expired: database.prepare(`SELECT ${COLUMNS} FROM blocks WHERE expires_at <= ?`),
    active: database.prepare("SELECT value FROM tally WHERE name = 'active'"),
    started: database.prepare(
      `SELECT count(DISTINCT iif(network IN ('', ?1), NULL, network)) + coalesce(sum(iif(network = '', count, 0)), 0) AS others,
         coalesce(sum(iif(network = ?1 AND network <> '', count, 0)), 0) AS own
       FROM starts WHERE second >= ?2`,
    ),
    proposed: database.prepare(
      `SELECT count(DISTINCT iif(network IN ('', ?1), NULL, network)) + coalesce(sum(network = ''), 0) AS others,
         coalesce(sum(network = ?1 AND network <> ''), 0) AS own
       FROM proposals`,
    ),
    offences: database.prepare('SELECT count, last FROM offences WHERE target = ?'),
    startGracePeriod: database.prepare(
      'INSERT INTO soft_allows (target, until) VALUES (?, ?) ON CONFLICT (target) DO UPDATE SET until = excluded.until',
    ),
    gracePeriods: database.prepare('SELECT target, until FROM soft_allows WHERE until > ?'),
    pruneStarts: database.prepare('DELETE FROM starts WHERE second < ?'),
    pruneGracePeriods: database.prepare('DELETE FROM soft_allows WHERE until <= ?'),
    pruneOffences: database.prepare('DELETE FROM offences WHERE last <= ?'),
  }
}
