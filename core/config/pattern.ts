const MAX_PATTERN_LENGTH = 500

/**
 * A group that repeats something which itself repeats (`(a+)+`, `(.*)*`): the form whose time grows exponentially
 * with the text. Such a text may come from an attacker, so the pattern is refused.
 */
const NESTED_REPETITION = /\((?:[^()\\]|\\.)*(?:[*+]|\{\d+,\d*\})(?:[^()\\]|\\.)*\)(?:[*+]|\{\d+,)/

/** A regular expression from the configuration, anchored at both ends as Prometheus anchors its own; undefined where it is refused. */
export function parsePattern(text: string): RegExp | undefined {
  if (text === '' || text.length > MAX_PATTERN_LENGTH || NESTED_REPETITION.test(text)) return undefined
  try {
    return new RegExp(`^(?:${text})$`, 'u')
  } catch {
    return undefined
  }
}
