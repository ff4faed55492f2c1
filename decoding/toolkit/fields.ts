import { isNestedDeeper, isObject, parseJson } from '../../core/json.ts'
import { ownText } from '../../core/own-text.ts'

/** A record's content as named values. Values are the outside world's: of unknown type. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * Longest line that is parsed, in UTF-16 units. A gateway's own line stays far below it (a message is cut at 4,096
 * characters, the headers of one request at 16 KiB), and parsing one of this size stays within the decoder's millisecond.
 */
export const MAX_LINE_LENGTH = 131_072

/** Longest text that is kept about an actor or an origin, in UTF-16 units. */
const MAX_TEXT_LENGTH = 256

/** Levels of lists and objects of a record. No program nests more than some ten. */
export const MAX_LEVELS = 100
/** A shorter text has too few characters for levels that are too many for the stack: most lines are not looked at. */
const MAY_BE_DEEP_LENGTH = 4_096

/** A line as an object, or the reason why it is none. */
export function readFields(
  line: string,
  maxLength = MAX_LINE_LENGTH,
): Fields | 'line_too_long' | 'not_json' | 'not_an_object' | 'malformed_record' {
  if (line.length > maxLength) return 'line_too_long'
  if (isNoJson(line)) return 'not_json'
  const value = parseJson(line)
  if (value === undefined) return 'not_json'
  if (line.length > MAY_BE_DEEP_LENGTH && isNestedDeeper(line, MAX_LEVELS)) return 'malformed_record'
  return isObject(value) ? value : 'not_an_object'
}

/** No character that begins JSON, or what begins like a number and is none: the time or the address before a line of text. */
const NO_JSON = /^(?!true|false|null)(?:[^\s{["\d-]|\d.{0,32}?[^\d.eE+\s-])/

/** True of most lines of text: to let the parser fail takes longer than to decode them. */
const isNoJson = (line: string): boolean => line.charCodeAt(0) !== OPEN_OBJECT && NO_JSON.test(line)

const OPEN_OBJECT = 123

/** A value as text worth keeping about an actor: a string that is not empty, truncated to 256 characters by default. */
export function textOf(value: unknown, maxLength = MAX_TEXT_LENGTH): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  return value.length <= maxLength ? value : ownText(value.slice(0, maxLength))
}

const CODE = /^[\w.:-]{1,64}$/

/** A word or code of a record that names a reason: shown as it is, so that it is short and without other characters. */
export function codeOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && CODE.test(text) ? text : undefined
}
