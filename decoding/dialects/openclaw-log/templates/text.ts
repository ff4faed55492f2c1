/**
 * Extraction of message texts. Much of a text is written by the caller (display name, headers), so nothing here
 * searches with a regular expression that can backtrack, and every reader documents on which side of the caller's words
 * it searches.
 */

const MAX_WORD_LENGTH = 256

/** The word from `start` to the next space, or undefined when it is empty or longer than 256 characters. */
export function wordAt(text: string, start: number): string | undefined {
  const window = text.slice(start, start + MAX_WORD_LENGTH + 1)
  const space = window.indexOf(' ')
  const word = space === -1 ? window : window.slice(0, space)
  return word.length > 0 && word.length <= MAX_WORD_LENGTH ? word : undefined
}

/** The word after the first ` name=`: right for names that the gateway writes before any of the caller's words. */
export function firstField(text: string, name: string): string | undefined {
  const at = text.indexOf(` ${name}=`)
  return at === -1 ? undefined : wordAt(text, at + name.length + 2)
}

/** The word after the last ` name=`: right for names that the gateway writes after all of the caller's words. */
export function lastField(text: string, name: string): string | undefined {
  const at = text.lastIndexOf(` ${name}=`)
  return at === -1 ? undefined : wordAt(text, at + name.length + 2)
}

const DIGIT_OR_LETTER_OR_HYPHEN = Uint8Array.from({ length: 128 }, (_, code) =>
  /[0-9A-Za-z-]/.test(String.fromCharCode(code)) ? 1 : 0,
)

/** A connection id as the gateway writes it in full (8 to 64 digits, letters and hyphens), else undefined. */
export function connectionId(word: string | undefined): string | undefined {
  if (word === undefined || word.length < 8 || word.length > 64) return undefined
  for (let at = 0; at < word.length; at++) if (DIGIT_OR_LETTER_OR_HYPHEN[word.charCodeAt(at)] !== 1) return undefined
  return word
}

/**
 * Maximum number of repeats that one line may claim: far above ten times the highest number that a gateway was observed
 * to report in the limiter's 30 seconds.
 */
const MAX_REPEATS = 100_000
const DIGITS = /^\d{1,9}$/

/** The number of repeats that the gateway reports as suppressed, capped; 0 if the text is not a number. */
export function repeats(digits: string | undefined): number {
  return digits !== undefined && DIGITS.test(digits) ? Math.min(Number(digits), MAX_REPEATS) : 0
}

/** Splits ` name=<digits>` off the end of a text: the text before it, and the digits if it was there. */
export function splitTrailing(text: string, name: string): { readonly before: string; readonly digits?: string } {
  // Most lines do not end in a digit and need no search.
  if (!endsInDigit(text)) return { before: text }
  const mark = ` ${name}=`
  const at = text.lastIndexOf(mark)
  if (at === -1) return { before: text }
  const digits = text.slice(at + mark.length)
  return DIGITS.test(digits) ? { before: text.slice(0, at), digits } : { before: text }
}

function endsInDigit(text: string): boolean {
  const last = text.charCodeAt(text.length - 1)
  return last >= 48 && last <= 57
}

const MAX_PORT_DIGITS = 5

/** The gateway's port from `peer=` (`<client>:<port>-><gateway>:<port>`). */
export function gatewayPort(peer: string | undefined): number | undefined {
  if (peer === undefined || !endsInDigit(peer)) return undefined
  const colon = peer.lastIndexOf(':')
  const digits = peer.slice(colon + 1)
  if (colon === -1 || digits.length > MAX_PORT_DIGITS || !DIGITS.test(digits)) return undefined
  return peer.includes('->') ? Number(digits) : undefined
}
