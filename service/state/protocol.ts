import type { EpochMs } from '../../core/clock.ts'
import type { ErrorCode } from '../../core/error-catalogue.ts'
import type { StateTransaction } from './state.ts'

/** The input of the state thread. */
export interface ThreadStart {
  readonly folder: string
  readonly now: EpochMs
}

/** A request to the state thread. The response has the same id; requests are handled in order. */
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

/** An error as plain data: a message between threads keeps no class. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly recoverable: boolean
}
