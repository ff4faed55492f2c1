import { ChainCheck } from '../../service/audit/hash-chain.ts'
import type { Ledger } from './ledger.ts'

/** Records that are followed before others have their turn. */
const PAGE = 500

/** Follows the audit trail's chain while the service runs, a page at a time; what was checked once is not read again. */
export class AuditVerifier {
  readonly #ledger: Ledger
  readonly #check = new ChainCheck()
  #fault: string | undefined

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** What is wrong with the trail, as far as it was followed. */
  get fault(): string | undefined {
    return this.#fault
  }

  /** Follows the trail by one page; true where its end was reached. */
  step(): boolean {
    if (this.#fault !== undefined) return true
    const { audit } = this.#ledger
    const page = audit.page(this.#check.records, PAGE)
    this.#fault = this.#check.take(page)
    if (this.#fault !== undefined || page.length === PAGE) return this.#fault !== undefined
    const state = audit.conclude(this.#check)
    if (!state.ok) this.#fault = state.sentence
    return true
  }
}
