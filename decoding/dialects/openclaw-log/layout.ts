import type { Building } from '../../../core/building.ts'
import { isObject, parseJson } from '../../../core/json.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { readTime } from '../../toolkit/time.ts'
import { type LogLine, withoutColours } from './templates/log-line.ts'

const VERBOSE = ' verbose'
const MAX_ARGUMENTS = 8
const CUT = '...(truncated)'
/** Nearly every line has this name; comparing it avoids a second parse. */
const PLAIN_SUBSYSTEM = /^\{"subsystem":"[\w./ -]{1,128}"\}$/
const BEFORE_SUBSYSTEM = '{"subsystem":"'.length
const BEHIND_SUBSYSTEM = '"}'.length

/** Fields of a document with a record in this layout. The rest of `_meta` is a fifth of a document and is not read. */
export const fileLayoutFields = [
  '0',
  '1',
  '2',
  '3',
  '_meta.name',
  '_meta.date',
  '_meta.hostname',
  '_meta.logLevelName',
  '_meta.runtimeVersion',
  'time',
  'hostname',
  'message',
  'dropped',
  'traceId',
  'spanId',
]

export const isFileLayout = (fields: Fields): boolean => isObject(fields._meta)

/**
 * Reads the layout of the file log: JSON with `_meta` and the logger's arguments under the keys `0`, `1`, `2`, …, whose
 * types change with the call. Also the layouts of older releases, without `message` and `hostname`.
 * Undefined when the record has no `_meta`.
 */
export function readFileLayout(fields: Fields): LogLine | undefined {
  const meta = fields._meta
  if (!isObject(meta)) return undefined
  const text = messageOf(fields)
  if (text === undefined) return undefined
  const verbose = fields['1'] === 'verbose' && isObject(fields['0']) && text.endsWith(VERBOSE)
  const line: Building<LogLine> = {
    subsystem: subsystemOf(meta.name),
    text: withoutColours(verbose ? text.slice(0, -VERBOSE.length) : text),
    meta: firstObjectAfterZero(fields),
    fields,
    time: readTime(fields.time) ?? readTime(meta.date),
    host: textOf(fields.hostname) ?? textOf(meta.hostname),
  }
  if (typeof meta.runtimeVersion === 'string') line.runtimeVersion = meta.runtimeVersion
  return line
}

/** `message`; the last string among the arguments if it is missing, or if only `message` was truncated. */
function messageOf(fields: Fields): string | undefined {
  const { message } = fields
  if (typeof message === 'string' && !message.endsWith(CUT)) return message
  const argument = lastTextArgument(fields)
  if (typeof message !== 'string') return argument
  return argument !== undefined && argument.length > message.length ? argument : message
}

function lastTextArgument(fields: Fields): string | undefined {
  let last: string | undefined
  for (let position = 0; position < MAX_ARGUMENTS && position in fields; position++) {
    const argument = fields[position]
    if (typeof argument === 'string') last = argument
  }
  const zero = fields['0']
  if (last === 'verbose' && isObject(zero)) return typeof zero.message === 'string' ? zero.message + VERBOSE : undefined
  return last
}

/** An object under `0` is the message of a verbose line, never meta. */
function firstObjectAfterZero(fields: Fields): Fields | undefined {
  for (let position = 1; position < MAX_ARGUMENTS; position++) {
    const argument = fields[position]
    if (isObject(argument)) return argument
    if (argument === undefined) return undefined
  }
  return undefined
}

/** `_meta.name` is plain `openclaw` for the root logger, else JSON in a string: `{"subsystem":"gateway/ws"}`. */
function subsystemOf(name: unknown): string {
  if (typeof name !== 'string' || !name.startsWith('{')) return ''
  if (PLAIN_SUBSYSTEM.test(name)) return name.slice(BEFORE_SUBSYSTEM, -BEHIND_SUBSYSTEM)
  const parsed = parseJson(name)
  if (!isObject(parsed)) return ''
  return textOf(parsed.subsystem) ?? textOf(parsed.module) ?? textOf(parsed.plugin) ?? ''
}
