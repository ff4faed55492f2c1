import pino from 'pino'
import { ClawtrustError, errorName, Fault, failureCode, stackFrames } from '../../core/errors.ts'
import { logfmtLine } from './logfmt.ts'
import { escapeJsonLine } from './one-line.ts'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export const logFormats = ['logfmt', 'json'] as const
export type LogFormat = (typeof logFormats)[number]

/** The fields of the entry; an `error` may be anything that was thrown. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * Writes one entry on one line, whatever the message and the fields contain. Fields are serialised as in JSON, so that
 * secrets print as `<secret>`.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger that adds these fields to every entry, for instance `{ component: 'http' }`. */
  with(fields: LogFields): Logger
}

export interface LoggerOptions {
  /** Entries below this level are not written. Default: info. */
  readonly level?: LogLevel
  /** Default: logfmt. */
  readonly format?: LogFormat
  /** The destination of the lines. Default: standard error. */
  readonly destination?: { write(line: string): unknown }
}

/** A logger in Prometheus's format: `time`, `level`, `msg`, then the fields, as logfmt or JSON. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', format = 'logfmt', destination = process.stderr } = options
  const write = {
    logfmt: (line: string) => destination.write(logfmtLine(JSON.parse(line))),
    json: (line: string) => destination.write(escapeJsonLine(line)),
  }[format]
  const root = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
      serializers: { error: describeError },
    },
    { write },
  )
  return adapt(root)
}

function adapt(target: pino.Logger): Logger {
  // The message is always a separate, last argument, so that pino does not expand a %s in it.
  return {
    debug: (message, fields = {}) => target.debug(fields, message),
    info: (message, fields = {}) => target.info(fields, message),
    warn: (message, fields = {}) => target.warn(fields, message),
    error: (message, fields = {}) => target.error(fields, message),
    with: fields => adapt(target.child(fields)),
  }
}

/**
 * Our own errors are sentences for the user. Of other errors, the code, the class and the stack are written, but never the
 * message, which may quote a secret.
 */
function describeError(error: unknown): unknown {
  if (error instanceof ClawtrustError) return { code: error.code, message: error.message }
  if (error instanceof Fault) return { message: error.message }
  const code = failureCode(error)
  const described = { name: errorName(error), ...(code === undefined ? {} : { code }) }
  return error instanceof Error ? { ...described, stack: stackFrames(error) } : described
}
