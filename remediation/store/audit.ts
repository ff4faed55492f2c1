import type { DatabaseSync } from 'node:sqlite'
import { isObject } from '../../core/json.ts'
import { type AuditRow, type AuditState, ChainCheck, chainedHash, GENESIS } from '../../service/audit/hash-chain.ts'
import { MAX_NUMBER, soundNumber } from '../../service/sqlite/sound-number.ts'
import { DAMAGED, storedJson } from './stored-json.ts'

/**
 * The append-only trail. Each record's hash is SHA-256 over the hash before it, a line feed and the record's exact
 * text, so that no record can be changed, taken out or put in without all later hashes being wrong. The newest hash
 * also stands in the documents: cutting off the end shows too, unless both are rewritten; note the head elsewhere to
 * see that.
 */
export class AuditTrail {
  readonly #last
  readonly #insert
  readonly #head
  readonly #headOf
  readonly #page
  readonly #byIncident
  readonly #byHash

  constructor(database: DatabaseSync) {
    // A number that was damaged must not be counted on from.
    this.#last = database.prepare(
      `SELECT sequence, hash FROM audit WHERE sequence < ${MAX_NUMBER} ORDER BY sequence DESC LIMIT 1`,
    )
    this.#insert = database.prepare('INSERT INTO audit (sequence, record, hash) VALUES (?, ?, ?)')
    this.#head = database.prepare(
      "INSERT INTO documents (name, value) VALUES ('audit_head', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    this.#headOf = database.prepare("SELECT value FROM documents WHERE name = 'audit_head'")
    this.#page = database.prepare(
      `SELECT ${soundNumber('sequence')} AS sequence, record, hash FROM audit
       WHERE sequence > ? ORDER BY audit.sequence LIMIT ?`,
    )
    this.#byHash = database.prepare('SELECT 1 FROM audit WHERE hash = ?')
    this.#byIncident = database.prepare(
      "SELECT record FROM audit WHERE json_extract(record, '$.command_uid') = ? ORDER BY sequence",
    )
  }

  /** Appends the record that is made for its sequence number. */
  append(make: (sequence: number) => Readonly<Record<string, unknown>>): void {
    const last = this.#last.get() as Pick<AuditRow, 'sequence' | 'hash'> | undefined
    const sequence = (last?.sequence ?? 0) + 1
    const record = JSON.stringify(make(sequence))
    const hash = chainedHash(last?.hash ?? GENESIS, record)
    this.#insert.run(sequence, record, hash)
    this.#head.run(JSON.stringify({ sequence, hash }))
  }

  /** The records of one incident, oldest first. */
  of(incident: string): readonly Readonly<Record<string, unknown>>[] {
    return (this.#byIncident.all(incident) as { record: string }[]).map(
      ({ record }) => storedJson(record, isObject) ?? { message: DAMAGED },
    )
  }

  /** Records after a sequence number, at most `limit`. */
  page(after: number, limit: number): readonly AuditRow[] {
    return this.#page.all(after, limit) as unknown as AuditRow[]
  }

  /** True where a record has this hash. */
  holds(hash: string): boolean {
    return this.#byHash.get(hash) !== undefined
  }

  verify(): AuditState {
    const check = new ChainCheck()
    for (let page = this.page(0, 1_000); page.length > 0; page = this.page(check.records, 1_000)) {
      const fault = check.take(page)
      if (fault !== undefined) return { ok: false, records: check.records, sentence: fault }
    }
    return this.conclude(check)
  }

  /** Whether a chain that was followed to its end ends where the ledger says it does. */
  conclude(check: ChainCheck): AuditState {
    return check.conclude(this.#headOf.get()?.value)
  }
}
