/** Characters that mean something in a regular expression. */
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g

/** Longest expression of clawtrust.yml. */
const MAX_EXPRESSION = 500

/**
 * A name or the beginning of names (`hunter-*`) as a matcher of clawtrust.yml: a text to be equal to, or `~` and a regular
 * expression. Undefined where it would be too long.
 */
export function matcherText(pattern: string): string | undefined {
  const isBeginning = pattern.endsWith('*')
  if (!isBeginning && !pattern.startsWith('~')) return pattern
  const plain = (isBeginning ? pattern.slice(0, -1) : pattern).replace(SPECIAL, '\\$&')
  const expression = isBeginning ? `${plain}.*` : plain
  return expression.length > MAX_EXPRESSION ? undefined : `~${expression}`
}

/**
 * The names and beginnings of names that an expression matches, where it is alternatives of such; undefined where it
 * matches others.
 *
 * @param expression without its anchors
 */
export function patternsOf(expression: string): readonly string[] | undefined {
  const patterns: string[] = []
  for (const alternative of splitAlternatives(expression)) {
    const isBeginning = /(?<!\\)(?:\\\\)*\.\*$/.test(alternative)
    const literal = literalOf(isBeginning ? alternative.slice(0, -2) : alternative)
    // A star in a name would be read as the beginning of names.
    if (literal === undefined || literal.includes('*') || (literal === '' && !isBeginning)) return undefined
    patterns.push(isBeginning ? `${literal}*` : literal)
  }
  return patterns
}

/** At the vertical bars that are not escaped. */
const splitAlternatives = (expression: string): readonly string[] =>
  [...expression.matchAll(/(?:^|\|)((?:\\[\s\S]|[^\\|])*)/g)].map(([, alternative = '']) => alternative)

/** The text that an expression without operators matches; undefined where it has one. */
function literalOf(expression: string): string | undefined {
  let text = ''
  for (let at = 0; at < expression.length; at++) {
    const character = expression.charAt(at)
    if (character !== '\\') {
      if (/[\^$.*+?()[\]{}|]/.test(character)) return undefined
      text += character
      continue
    }
    at += 1
    const escaped = expression.charAt(at)
    // Of letters and digits the escape is a class, a control character or a reference.
    if (escaped === '' || /[A-Za-z0-9]/.test(escaped)) return undefined
    text += escaped
  }
  return text
}
