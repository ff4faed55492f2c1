import type { EpochMs } from '../../core/clock.ts'
import { isObject } from '../../core/json.ts'
import { type Cap, caps } from '../domain/limits.ts'
import type { Documents } from './documents.ts'

const NAME = 'breaker'

/** While the breaker is open a person approves what would be enforced. */
export interface OpenBreaker {
  /** The cap that was met. */
  readonly cap: Cap
  readonly openedAt: EpochMs
  /** When it closes by itself. */
  readonly closesAt: EpochMs
}

interface BreakerState {
  readonly open?: OpenBreaker
  /** When an operator reset it: the caps by time count from then on. */
  readonly resetAt?: EpochMs
}

/** Opens when a cap is met, closes by time or by an operator's word, and outlives a restart. */
export class Breaker {
  readonly #documents: Documents
  readonly #stays: number

  /** @param stays milliseconds that it stays open */
  constructor(documents: Documents, stays: number) {
    this.#documents = documents
    this.#stays = stays
  }

  /** Undefined while it is closed. */
  state(now: EpochMs): OpenBreaker | undefined {
    return openBreaker(this.#documents, now)
  }

  /** What was begun before then counts for no cap by time: an operator has answered for it. */
  get countsFrom(): EpochMs {
    return kept(this.#documents).resetAt ?? 0
  }

  /** Belongs inside `Ledger.write`. */
  open(cap: Cap, now: EpochMs): void {
    this.#documents.set(NAME, { ...kept(this.#documents), open: { cap, openedAt: now, closesAt: now + this.#stays } })
  }

  /** Belongs inside `Ledger.write`. */
  reset(now: EpochMs): void {
    this.#documents.set(NAME, { resetAt: now } satisfies BreakerState)
  }
}

/** The breaker's state in the ledger; undefined while it is closed. */
export function openBreaker(documents: Documents, now: EpochMs): OpenBreaker | undefined {
  const { open } = kept(documents)
  return open !== undefined && now < open.closesAt ? open : undefined
}

/** What cannot be read is as if it were not there: the caps themselves are counted elsewhere. */
function kept(documents: Documents): BreakerState {
  const stored = documents.get(NAME)
  if (!isObject(stored)) return {}
  const { open, resetAt } = stored
  return {
    ...(isOpenBreaker(open) ? { open } : {}),
    ...(Number.isFinite(resetAt) ? { resetAt: resetAt as EpochMs } : {}),
  }
}

const isOpenBreaker = (value: unknown): value is OpenBreaker =>
  isObject(value) && caps.some(cap => cap === value.cap) && [value.openedAt, value.closesAt].every(Number.isFinite)
