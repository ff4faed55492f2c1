/**
 * Control, format, private-use and lone surrogate characters, unusual separators, and characters that fonts render as
 * nothing.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu
/** Combining marks beyond the third on one letter: stacked, they overlap the neighbouring lines. */
const stackedMarks = /(?<=\p{M}{3})\p{M}+/gu

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' }

/** The same text with every character that is invisible, or that would reorder others, written as an escape. */
export function visible(text: string): string {
  return text
    .replace(invisible, character => named[character] ?? escapeOf(character))
    .replace(stackedMarks, marks => Array.from(marks, escapeOf).join(''))
}

/** The same for a text of JSON, which stays JSON: what is written as an escape means the same to its reader. */
export function visibleJson(json: string): string {
  const units = (text: string) => Array.from({ length: text.length }, (_, at) => unitOf(text, at)).join('')
  return json.replace(invisible, units).replace(stackedMarks, units)
}

const unitOf = (text: string, at: number): string => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`

function escapeOf(character: string): string {
  const code = character.codePointAt(0) as number
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`
}
