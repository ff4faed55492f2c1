import type { ErrorCode } from './error-catalogue.ts'

export interface ErrorDetails {
  readonly cause?: unknown
  /** True if a retry may succeed. Default: false. */
  readonly recoverable?: boolean
  /** The key of the configuration that causes it, such as `exporter.sources[0].api_key`, to find its line. */
  readonly key?: string
}

/** A failure in words of our own: `message` may be shown and stored. Without a full stop, to be part of a sentence. */
export class Fault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Fault'
  }
}

/**
 * The error class of everything that users see. `message` is a sentence for the user: what is wrong, where, what to do.
 * `code` is stable and documented in docs/errors.md.
 */
export class ClawtrustError extends Fault {
  readonly code: ErrorCode
  readonly recoverable: boolean
  readonly key: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.name = 'ClawtrustError'
    this.code = code
    this.recoverable = details.recoverable ?? false
    this.key = details.key
  }
}

/** Codes of Node, OpenSSL, undici and SQLite: `ENOENT`, `ERR_INVALID_URL`, `UND_ERR_SOCKET`. */
const STABLE_CODE = /^[A-Z][A-Z0-9_]{1,63}$/
const ERROR_NAME = /^[A-Z][A-Za-z]{1,40}$/
const MAX_CAUSES = 4

/**
 * Why something failed, in words that may be shown and stored. The message of a foreign error is none of them: it may
 * quote what was read or sent, a secret included. Its code stands instead, else that of its cause, else its name.
 */
export function failureReason(error: unknown): string {
  if (error instanceof Fault) return error.message
  return failureCode(error) ?? `unexpected ${errorName(error)}`
}

/** The stable code of a foreign error or of what caused it. */
export function failureCode(error: unknown): string | undefined {
  let at = error
  for (let depth = 0; depth < MAX_CAUSES && typeof at === 'object' && at !== null; depth++) {
    const { code, name, cause } = at as { code?: unknown; name?: unknown; cause?: unknown }
    if (typeof code === 'string' && STABLE_CODE.test(code)) return code
    if (name === 'TimeoutError') return 'timeout'
    if (name === 'AbortError') return 'aborted'
    at = cause
  }
  return undefined
}

/** The class of an error, for instance `TypeError`. */
export function errorName(error: unknown): string {
  const name = error instanceof Error ? error.name : undefined
  return name !== undefined && ERROR_NAME.test(name) ? name : 'error'
}

/** A frame as V8 writes it, with the place of a module or of Node: `    at read (file:///app/core/x.js:3:7)`. */
const FRAME = /^ {4}at (?:[\w$.#<>[\] ]{1,200} \()?(?:file:\/\/|node:|\/)[^\s()]{1,500}:\d+:\d+\)?$/

/** Where an error was thrown: the frames of its stack, without its message. */
export function stackFrames(error: Error): string {
  const message = String(error.message)
  const lines = String(error.stack ?? '').split('\n')
  const frames = lines.slice(message.split('\n').length)
  return frames.filter(line => FRAME.test(line)).join('\n')
}
