import pino from 'pino'
import { ClawtrustError, errorName, Fault, failureCode, stackFrames } from '../../core/errors.ts'
import { logfmtLine } from './logfmt.ts'
import { escapeJsonLine } from './one-line.ts'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export const logFormats = ['logfmt', 'json'] as const
export type LogFormat = (typeof logFormats)[number]

/** What stands beside the message; an `error` may be anything that was thrown. */
export type LogFields = Readonly<Record<string, unknown>>

/**
 * One entry is one line, whatever the message and the fields hold. Secrets print as their type prints them
 * (`<secret>`): a field is written as JSON would write it.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger whose every entry also has these fields, for instance `{ component: 'http' }`. */
  with(fields: LogFields): Logger
}

export interface LoggerOptions {
  /** Entries below it are not written. Default: info. */
  readonly level?: LogLevel
  /** Default: logfmt. */
  readonly format?: LogFormat
  /** Where lines go. Default: standard error. */
  readonly destination?: { write(line: string): unknown }
}

/** A logger in the habit of Prometheus: `time`, `level`, `msg`, then the fields, as logfmt or JSON. */
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
  // The message is always handed over as an argument of its own, with nothing after it: pino expands no %s in it.
  return {
    debug: (message, fields = {}) => target.debug(fields, message),
    info: (message, fields = {}) => target.info(fields, message),
    warn: (message, fields = {}) => target.warn(fields, message),
    error: (message, fields = {}) => target.error(fields, message),
    with: fields => adapt(target.child(fields)),
  }
}

/**
 * Our own errors are sentences for the user. Of others, code, class and place are written and never the message, which may
 * quote a secret.
 */
function describeError(error: unknown): unknown {
  if (error instanceof ClawtrustError) return { code: error.code, message: error.message }
  if (error instanceof Fault) return { message: error.message }
  const code = failureCode(error)
  const described = { name: errorName(error), ...(code === undefined ? {} : { code }) }
  return error instanceof Error ? { ...described, stack: stackFrames(error) } : described
}
