import { type Fields, textOf } from '../../toolkit/fields.ts'
import { readTime } from '../../toolkit/time.ts'
import { type LogLine, withoutColours } from './log-line.ts'

const LEVELS = new Set<unknown>(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])

/**
 * Reads the layout of `logging.consoleStyle: json` (journald, docker): one flat object in which the meta values stand
 * beside `time`, `level` in lower case, `subsystem` and `message`. Undefined for every other object.
 */
export function readConsoleLayout(fields: Fields): LogLine | undefined {
  const { message, subsystem } = fields
  if ('_meta' in fields || !LEVELS.has(fields.level)) return undefined
  if (typeof message !== 'string' || typeof subsystem !== 'string') return undefined
  return {
    subsystem: subsystem === 'openclaw' ? '' : subsystem,
    text: withoutColours(message),
    meta: fields,
    fields,
    time: readTime(fields.time),
    host: textOf(fields.hostname),
  }
}
