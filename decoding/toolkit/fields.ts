import { isObject, parseJson } from '../../core/json.ts'
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

/** A line as an object, or the reason why it is none. */
export function readFields(
  line: string,
  maxLength = MAX_LINE_LENGTH,
): Fields | 'line_too_long' | 'not_json' | 'not_an_object' {
  if (line.length > maxLength) return 'line_too_long'
  if (!mayBeJson(line)) return 'not_json'
  const value = parseJson(line)
  if (value === undefined) return 'not_json'
  return isObject(value) ? value : 'not_an_object'
}

const DATED = /^\d{1,4}[-/:]\d\d/
const BEGINS_WITH_WORD = /^[A-Za-z]/
const MAY_BE_LITERAL = /^(?:true|false|null)/

/** False of most lines of text: the parser would make an error of them, which takes ten times as long as a test. */
const mayBeJson = (line: string): boolean =>
  line.startsWith('{') || !(DATED.test(line) || (BEGINS_WITH_WORD.test(line) && !MAY_BE_LITERAL.test(line)))

/** A value as text worth keeping about an actor: a string that is not empty, truncated to 256 characters by default. */
export function textOf(value: unknown, maxLength = MAX_TEXT_LENGTH): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  return value.length <= maxLength ? value : ownText(value.slice(0, maxLength))
}
