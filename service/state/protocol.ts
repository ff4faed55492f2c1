import type { EpochMs } from '../../core/clock.ts'
import type { ErrorCode } from '../../core/error-catalogue.ts'
import type { StateTransaction } from './state.ts'

/** What the state thread is given when it starts. */
export interface ThreadStart {
  readonly folder: string
  readonly now: EpochMs
}

/** A question to the state thread. Its answer carries the same id; questions are answered in order. */
export type Question =
  | { readonly id: number; readonly kind: 'open' }
  | { readonly id: number; readonly kind: 'commit'; readonly transaction: StateTransaction }
  | { readonly id: number; readonly kind: 'prune'; readonly before: number }
  | { readonly id: number; readonly kind: 'usage' }
  | { readonly id: number; readonly kind: 'close' }

export type Answer =
  | { readonly id: number; readonly kind: 'opened'; readonly setAside?: string }
  | { readonly id: number; readonly kind: 'used'; readonly bytes: number }
  | { readonly id: number; readonly kind: 'done' }
  | { readonly id: number; readonly kind: 'failed'; readonly failure: Failure }

/** An error as plain data: a thread's message keeps no class. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly recoverable: boolean
}
