import { type Fields, textOf } from '../../toolkit/fields.ts'
import { readTime } from '../../toolkit/time.ts'
import { type LogLine, metaNames, withoutColours } from './templates/log-line.ts'

const LEVELS = new Set<unknown>(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])

/** Fields of a document with a record in this layout; the meta values that templates read are at its root. */
export const consoleLayoutFields = ['time', 'level', 'subsystem', 'message', 'hostname', ...metaNames, 'dropped']

/** True for a flat object with a level in lower case, a subsystem and a message. */
export function isConsoleLayout(fields: Fields): boolean {
  if ('_meta' in fields || !LEVELS.has(fields.level)) return false
  return typeof fields.message === 'string' && typeof fields.subsystem === 'string'
}

/**
 * Reads the layout of `logging.consoleStyle: json` (journald, docker): one flat object in which the meta values are
 * next to `time`, `level` in lower case, `subsystem` and `message`. Undefined for every other object.
 */
export function readConsoleLayout(fields: Fields): LogLine | undefined {
  const { message, subsystem } = fields
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
