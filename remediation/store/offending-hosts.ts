import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../core/clock.ts'
import { BITS, isHost, parseTarget, type Target } from '../../core/net/target.ts'
import { isBeyondTime, MAX_NUMBER } from '../../service/sqlite/sound-number.ts'

/** Hosts that are remembered; beyond it, those that offended longest ago are forgotten. */
const CAPACITY = 100_000

/**
 * Hosts against which a playbook with a block decided to act, or would have: a network of which several offended is blocked
 * whole, also where they did so one after another. Rows are in the order of the addresses, so that those of a network are a
 * range.
 */
export class OffendingHosts {
  readonly #note
  readonly #others
  readonly #forget
  readonly #prune
  readonly #shrink

  constructor(database: DatabaseSync) {
    this.#note = database.prepare(
      'INSERT INTO offending_hosts (address, last) VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET last = excluded.last',
    )
    this.#others = database.prepare(
      `SELECT last FROM offending_hosts WHERE address BETWEEN ? AND ? AND address <> ? AND last BETWEEN 0 AND ${MAX_NUMBER}
       ORDER BY last DESC LIMIT ?`,
    )
    this.#forget = database.prepare('DELETE FROM offending_hosts WHERE address BETWEEN ? AND ?')
    this.#prune = database.prepare(`DELETE FROM offending_hosts WHERE last <= ? OR ${isBeyondTime('last')}`)
    this.#shrink = database.prepare(
      `DELETE FROM offending_hosts WHERE address IN (SELECT address FROM offending_hosts ORDER BY last DESC LIMIT -1 OFFSET ${CAPACITY})`,
    )
  }

  /** A host offended; a network that did is nothing that a host is remembered by. */
  note(target: Target, now: EpochMs): void {
    if (isHost(target)) this.#note.run(keyOf(target), now)
  }

  /** When the hosts of a network beside this one offended last, the latest first. */
  others(host: Target, network: Target, limit: number): readonly EpochMs[] {
    const rows = this.#others.all(...rangeOf(network), keyOf(host), limit) as { last: number }[]
    return rows.map(({ last }) => last)
  }

  /** A person decided that a host, or a network, is no offender. */
  forget(target: Target): void {
    this.#forget.run(...rangeOf(target))
  }

  prune(before: EpochMs): void {
    this.#prune.run(before)
    this.#shrink.run()
  }
}

export const OFFENDING_HOSTS = `
  CREATE TABLE offending_hosts (address TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX offending_hosts_by_age ON offending_hosts (last);`

/** Version 5 remembers offending hosts: first those that were blocked before. */
export function addOffendingHosts(database: DatabaseSync): void {
  database.exec(OFFENDING_HOSTS)
  const hosts = new OffendingHosts(database)
  const rows = database.prepare(`SELECT target, last FROM offences WHERE last BETWEEN 0 AND ${MAX_NUMBER}`)
  for (const { target, last } of rows.all() as { target: unknown; last: number }[]) {
    const host = parseTarget(String(target))
    if (host !== undefined) hosts.note(host, last)
  }
}

/** The first and the last address of a network. */
function rangeOf({ family, value, prefix }: Target): readonly [string, string] {
  const size = 1n << BigInt(BITS[family] - prefix)
  return [keyOf({ family, value }), keyOf({ family, value: value + size - 1n })]
}

/** A text that is in the order of the addresses. */
const keyOf = ({ family, value }: Pick<Target, 'family' | 'value'>): string =>
  `${family}:${value.toString(16).padStart(BITS[family] / 4, '0')}`
