import type { EpochMs } from '../../core/clock.ts'
import type { Documents } from '../ledger/documents.ts'

const NAME = 'breaker'

interface BreakerState {
  readonly openedAt: EpochMs
  readonly cap: string
}

/** Open after a cap by time was met: a person approves what would be enforced. It outlives a restart. */
export class Breaker {
  readonly #documents: Documents
  readonly #reset: number

  /** @param reset milliseconds that it stays open */
  constructor(documents: Documents, reset: number) {
    this.#documents = documents
    this.#reset = reset
  }

  /** The cap that opened it, while it is open. */
  openedBy(now: EpochMs): string | undefined {
    const state = this.#documents.get(NAME) as BreakerState | null | undefined
    return state && now - state.openedAt < this.#reset ? state.cap : undefined
  }

  /** Belongs inside `Ledger.write`. */
  open(cap: string, now: EpochMs): void {
    this.#documents.set(NAME, { openedAt: now, cap } satisfies BreakerState)
  }
}
