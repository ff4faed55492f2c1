import { createHash } from 'node:crypto'

/** Maximum length of a label value in UTF-16 units, including its hash suffix. */
export const LABEL_VALUE_LIMIT = 1_024

/** Every label of an overflow series has this value; a real value never has it (see `boundLabelValue`). */
export const OVERFLOW_LABEL_VALUE = '__overflow__'

const HASH_DIGITS = 32
const SUFFIX = new RegExp(`~[0-9a-f]{${HASH_DIGITS}}$`)

/**
 * The label value for a text, as a key and in the exposition: well-formed Unicode, at most `LABEL_VALUE_LIMIT` long. A
 * text that has to be changed gets a suffix, `~` and half of its SHA-256; so does a text that already ends like such a
 * suffix, or that equals the overflow marker. Different texts therefore have different label values, even if an
 * attacker writes them.
 */
export function boundLabelValue(text: string): string {
  if (standsAsItIs(text)) return text
  const hash = createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex').slice(0, HASH_DIGITS)
  return `${text.slice(0, LABEL_VALUE_LIMIT - HASH_DIGITS - 1).toWellFormed()}~${hash}`
}

function standsAsItIs(text: string): boolean {
  return (
    text.length <= LABEL_VALUE_LIMIT &&
    text.isWellFormed() &&
    text !== OVERFLOW_LABEL_VALUE &&
    !(text.length > HASH_DIGITS && SUFFIX.test(text))
  )
}
