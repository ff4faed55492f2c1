import { createHash } from 'node:crypto'
import { isObject, parseJson } from '../../core/json.ts'

/** What stands before the first record. */
export const GENESIS = '0'.repeat(64)

/** One record of the audit trail as it is stored. */
export interface AuditRow {
  readonly sequence: number
  readonly record: string
  readonly hash: string
}

/** What a verification found. */
export type AuditState =
  | { readonly ok: true; readonly records: number; readonly head: string }
  | { readonly ok: false; readonly records: number; readonly sentence: string }

/** SHA-256 over the hash before, a line feed and the exact text of a record; hexadecimal. */
export function chainedHash(before: string, record: string): string {
  return createHash('sha256').update(`${before}\n${record}`).digest('hex')
}

/** Follows the chain of the audit trail, page by page. */
export class ChainCheck {
  records = 0
  hash = GENESIS

  /** What is wrong with the first wrong record of these, or undefined. */
  take(rows: Iterable<AuditRow>): string | undefined {
    for (const { sequence, record, hash } of rows) {
      if (sequence !== this.records + 1) return `record ${this.records + 1} is missing`
      const expected = chainedHash(this.hash, record)
      if (hash !== expected) return `record ${sequence} was changed after it was written`
      this.records = sequence
      this.hash = expected
    }
    return undefined
  }

  /**
   * Whether a chain that was followed to its end ends where the ledger says it does.
   *
   * @param note the text of the note of the newest record; undefined where there is none
   */
  conclude(note: unknown): AuditState {
    const { records, hash } = this
    const head = note === undefined ? { sequence: 0, hash: GENESIS } : parseJson(String(note))
    if (!isObject(head)) return { ok: false, records, sentence: 'the note of the newest record is damaged' }
    if (head.sequence === records && head.hash === hash) return { ok: true, records, head: hash }
    const sentence = `the trail ends with record ${records}, but record ${Number(head.sequence)} was written`
    return { ok: false, records, sentence }
  }
}
