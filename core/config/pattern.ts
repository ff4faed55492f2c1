const MAX_PATTERN_LENGTH = 500

/**
 * A regular expression from the configuration, anchored at both ends like Prometheus's; undefined if it is invalid,
 * longer than 500 characters, or could take exponential time on a text that an attacker wrote.
 */
export function parsePattern(text: string): RegExp | undefined {
  if (text === '' || text.length > MAX_PATTERN_LENGTH || repeatsAmbiguity(text)) return undefined
  try {
    return new RegExp(`^(?:${text})$`, 'u')
  } catch {
    return undefined
  }
}

/** Tokens: an escape or a class is one; groups, quantifiers and alternation are separate. */
const PIECES = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\)|[*+?{|]/gsu

/**
 * True if a repeated group contains a repetition, an option or a choice, as in `(a+)+`, `(a?b?)*` and `(a|ab)*`: only
 * then can the number of ways to match the same text multiply with each repetition.
 */
function repeatsAmbiguity(text: string): boolean {
  const ambiguous = [false]
  for (const { 0: piece, index } of text.matchAll(PIECES)) {
    if (piece.startsWith('(')) ambiguous.push(false)
    else if (piece === ')') {
      const inside = ambiguous.pop() === true
      if (inside && /[*+{]/.test(text.charAt(index + 1))) return true
      if (inside) ambiguous[ambiguous.length - 1] = true
    } else if (/^[*+?{|]/.test(piece)) ambiguous[ambiguous.length - 1] = true
  }
  return false
}
