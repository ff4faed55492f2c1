import { createHash } from 'node:crypto'

/** UTF-16 units that one label value may have, its hash suffix included. */
export const LABEL_VALUE_LIMIT = 1_024

/** Every label of an overflow series has this value; a real value never has it (see `boundLabelValue`). */
export const OVERFLOW_LABEL_VALUE = '__overflow__'

const HASH_DIGITS = 32
const SUFFIX = new RegExp(`~[0-9a-f]{${HASH_DIGITS}}$`)

/**
 * The label value under which a text is keyed and exposed: well-formed Unicode, at most `LABEL_VALUE_LIMIT` long. A
 * text that has to be changed for that gets a suffix, `~` and half of its SHA-256; so does a text that looks as if it
 * had one, or that reads as the overflow marker. Hence different texts have different label values, whatever an
 * attacker writes.
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
