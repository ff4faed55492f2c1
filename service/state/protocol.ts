import type { ErrorCode } from '../../core/error-catalogue.ts'
import { ClawtrustError } from '../../core/errors.ts'
import type { SavedState, StateTransaction } from './state.ts'

/** A request to the state thread. The response has the same id; requests are handled in order. */
export type Question =
  | { readonly id: number; readonly kind: 'open' }
  | { readonly id: number; readonly kind: 'begin' }
  | { readonly id: number; readonly kind: 'commit'; readonly transaction: StateTransaction }
  | { readonly id: number; readonly kind: 'prune'; readonly before: number }
  | { readonly id: number; readonly kind: 'usage' }
  | { readonly id: number; readonly kind: 'close' }

export type Answer =
  | { readonly id: number; readonly kind: 'opened'; readonly isNew: boolean }
  | { readonly id: number; readonly kind: 'used'; readonly bytes: number }
  | { readonly id: number; readonly kind: 'done' }
  | { readonly id: number; readonly kind: 'failed'; readonly failure: Failure }

/** The result of the loading thread. */
export type Loaded = { readonly saved: SavedState } | { readonly failure: Failure }

/** An error as plain data: a message between threads keeps no class. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly recoverable: boolean
}

/** @param otherwise the error for what is no ClawtrustError */
export function failureOf(error: unknown, otherwise: (cause: unknown) => ClawtrustError): Failure {
  const { code, message, recoverable } = error instanceof ClawtrustError ? error : otherwise(error)
  return { code, message, recoverable }
}

export const errorOf = ({ code, message, recoverable }: Failure): ClawtrustError =>
  new ClawtrustError(code, message, { recoverable })
