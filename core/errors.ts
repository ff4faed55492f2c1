import type { ErrorCode } from './error-catalogue.ts'

export interface ErrorDetails {
  readonly cause?: unknown
  /** True if a retry may succeed. Default: false. */
  readonly recoverable?: boolean
}

/**
 * The only error class. `message` is a sentence for the user: what is wrong, where, what to do. `code` is stable and
 * documented in docs/errors.md.
 */
export class ClawtrustError extends Error {
  readonly code: ErrorCode
  readonly recoverable: boolean

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.name = 'ClawtrustError'
    this.code = code
    this.recoverable = details.recoverable ?? false
  }
}
