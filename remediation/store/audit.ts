import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { isObject } from '../../core/json.ts'
import { MAX_NUMBER, soundNumber } from '../../service/sqlite/sound-number.ts'
import { DAMAGED, storedJson } from './stored-json.ts'

/** What stands before the first record. */
const GENESIS = '0'.repeat(64)

interface AuditRow {
  readonly sequence: number
  readonly record: string
  readonly hash: string
}

/** What a verification found. */
export type AuditState =
  | { readonly ok: true; readonly records: number; readonly head: string }
  | { readonly ok: false; readonly records: number; readonly sentence: string }

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
    const hash = chain(last?.hash ?? GENESIS, record)
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
  conclude({ records, hash }: ChainCheck): AuditState {
    const row = this.#headOf.get() as { value: string } | undefined
    const head = row === undefined ? { sequence: 0, hash: GENESIS } : storedJson(row.value, isObject)
    if (head === undefined) return { ok: false, records, sentence: 'the note of the newest record is damaged' }
    if (head.sequence === records && head.hash === hash) return { ok: true, records, head: hash }
    const sentence = `the trail ends with record ${records}, but record ${head.sequence} was written`
    return { ok: false, records, sentence }
  }
}

/** Follows the chain page by page. */
export class ChainCheck {
  records = 0
  hash = GENESIS

  /** What is wrong with the first wrong record of these, or undefined. */
  take(rows: readonly AuditRow[]): string | undefined {
    for (const { sequence, record, hash } of rows) {
      if (sequence !== this.records + 1) return `record ${this.records + 1} is missing`
      const expected = chain(this.hash, record)
      if (hash !== expected) return `record ${sequence} was changed after it was written`
      this.records = sequence
      this.hash = expected
    }
    return undefined
  }
}

function chain(before: string, record: string): string {
  return createHash('sha256').update(`${before}\n${record}`).digest('hex')
}
