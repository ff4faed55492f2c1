import type { Decision } from '../../../core/labels/policy.ts'

/**
 * What a rule decides by the words of its log prefix, which the author of the rules writes: the line itself has no
 * verdict. The first group with one of the words decides.
 */
const wordsOf: readonly (readonly [decision: Decision, words: readonly string[]])[] = [
  ['audit', ['audit', 'staged', 'would']],
  ['deny', ['drop', 'dropped', 'deny', 'denied', 'reject', 'rejected', 'block', 'blocked', 'not', 'disallow']],
  ['allow', ['accept', 'accepted', 'allow', 'allowed', 'permit', 'permitted', 'pass', 'passed']],
]

/** For docs/decoders.md. */
export const decisionWords = (decision: Decision): string =>
  wordsOf.flatMap(([each, words]) => (each === decision ? words : [])).join(', ')

const decisionByWord = new Map(
  wordsOf.flatMap(([decision, words], rank) => words.map(word => [word, { decision, rank }])),
)

/** A tool with prefixes of its own, whose AUDIT is of every packet that it looks at, before a decision. */
const OF_UFW = /^\[UFW AUDIT/

/** Undefined where no word says what the rule decides; `none` where the line is about no decision. */
export function decisionOfPrefix(prefix: string): Decision | 'none' | undefined {
  if (OF_UFW.test(prefix)) return 'none'
  let found: { readonly decision: Decision; readonly rank: number } | undefined
  for (const word of prefix.toLowerCase().split(BETWEEN_WORDS)) {
    const known = decisionByWord.get(word)
    if (known !== undefined && (found === undefined || known.rank < found.rank)) found = known
  }
  return found?.decision
}

const BETWEEN_WORDS = /[^a-z]/
