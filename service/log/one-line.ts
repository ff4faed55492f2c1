/**
 * Characters that a terminal, an editor or a log reader may obey instead of showing: C0 and C1 controls, DEL, the line
 * and paragraph separators, and the marks that turn the direction of text (with which a line can be made to read
 * otherwise than it is).
 */
const OBEYED = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

const escapeCharacter = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * Makes one line of JSON safe to show: what JSON itself leaves raw is written as its `\uXXXX` escape, which means the
 * same to a JSON parser, since such characters stand nowhere but in strings.
 */
export function escapeJsonLine(line: string): string {
  return `${line.replace(/\n$/, '').replace(OBEYED, escapeCharacter)}\n`
}

/** A logfmt value: bare where it cannot be misread, else a JSON string on one line. */
export function logfmtValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return /^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(text).replace(OBEYED, escapeCharacter)
}
