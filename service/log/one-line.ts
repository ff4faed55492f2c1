/**
 * Characters that a terminal, an editor or a log viewer may interpret instead of showing: C0 and C1 controls, DEL, the
 * line and paragraph separators, and bidirectional marks (which can make a line read differently).
 */
const OBEYED = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

const escapeCharacter = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * Makes one line of JSON safe to print: interpreted characters that JSON leaves raw are replaced by their `\uXXXX`
 * escapes. A JSON parser reads the same value, because such characters only occur in strings.
 */
export function escapeJsonLine(line: string): string {
  return `${line.replace(/\n$/, '').replace(OBEYED, escapeCharacter)}\n`
}

/** A value as JSON on several lines, safe to print. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2)
    .split('\n')
    .map(line => escapeJsonLine(line))
    .join('')

/** A sentence for a terminal, on one line: names of files and indices may hold anything. */
export const printable = (sentence: string): string => sentence.replace(OBEYED, escapeCharacter)

/** A logfmt value: bare if it is unambiguous, else a JSON string on one line. */
export function logfmtValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return /^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(text).replace(OBEYED, escapeCharacter)
}
