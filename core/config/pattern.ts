const MAX_PATTERN_LENGTH = 500

/**
 * A regular expression from the configuration, anchored at both ends as Prometheus anchors its own; undefined where it
 * is none, longer than 500 characters, or could take exponential time on a text that an attacker wrote.
 */
export function parsePattern(text: string): RegExp | undefined {
  if (text === '' || text.length > MAX_PATTERN_LENGTH || repeatsAmbiguity(text)) return undefined
  try {
    return new RegExp(`^(?:${text})$`, 'u')
  } catch {
    return undefined
  }
}

/** Escapes and classes as one piece; groups, quantifiers and alternation as what they are. */
const PIECES = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\)|[*+?{|]/gsu

/**
 * True where a repeated group holds a repetition, an option or a choice, as `(a+)+`, `(a?b?)*` and `(a|ab)*` do: only
 * then can the ways to match the same text multiply with each repetition.
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
