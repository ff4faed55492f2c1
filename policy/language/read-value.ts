import type { Span } from '../model/policy.ts'
import { checkedText } from './characters.ts'
import { explainLine } from './explain-line.ts'
import { parser } from './parser.ts'
import type { LanguageProblem } from './problem-kinds.ts'
import { ABOVE, errorIn } from './read-text.ts'
import type { Property, Word } from './statement.ts'
import { StatementReader } from './statement-reader.ts'
import type { PropertyKey } from './vocabulary.ts'

/** What a value was read to; no property where it is wrong. */
interface ReadValue {
  readonly property?: Property
  readonly problems: readonly LanguageProblem[]
}

/**
 * Reads the value of a property by the grammar of the text form.
 *
 * @param value its text, and where that is in the source
 */
export function readValue(key: PropertyKey, value: Word): ReadValue {
  if (key === 'reason') return readReason(value)
  const at = { from: value.from, to: value.to }
  const { text, problems: odd } = checkedText(value.text)
  if (odd.length > 0)
    return { problems: odd.map(problem => ({ ...problem, at: placed(problem.at, value, value.from) })) }
  const before = `${key}: `
  const tree = parser.parse(ABOVE + before + text)
  const fault = explainLine(before + text, errorIn(tree, ABOVE.length))
  if (fault !== undefined) return { problems: [{ ...fault, at: placed(fault.at, value, value.from - before.length) }] }
  const skip = ABOVE.length + before.length
  const reader = new StatementReader()
  reader.openPartial('policy', at)
  const written = ABOVE + before + value.text
  reader.read({ tree, text: ABOVE + before + text, written, shift: value.from - skip, skip: ABOVE.length })
  const problems = reader.problems.map(problem => ({ ...problem, at: placed(problem.at, value, 0) }))
  const [property, ...more] = reader.statements.flatMap(({ properties }) => properties)
  if (property !== undefined && more.length === 0 && reader.statements.length === 1) {
    return { property: isAsWritten(value) ? { ...property, at } : wholePlaces(property, at), problems }
  }
  const message = `${key} has more than its value here; write each property with a key of its own`
  return { problems: [{ kind: 'syntax', level: 'error', message, at }] }
}

/** Whether the source has the text letter by letter: in quotes it may have escapes, and in a block it is indented. */
const isAsWritten = ({ text, from, to }: Word): boolean => text.length === to - from

/** A place in the text of a value, in the source; the whole value where the two do not have the same letters. */
function placed({ from, to }: Span, value: Word, shift: number): Span {
  if (!isAsWritten(value)) return { from: value.from, to: value.to }
  const within = (offset: number) => Math.max(value.from, Math.min(offset + shift, value.to))
  return { from: within(from), to: within(to) }
}

const wholePlaces = ({ key, items }: Property, at: Span): Property => ({
  key,
  at,
  items: items.map(({ joined, value, attribute }) => ({
    joined,
    value: { ...value, ...at },
    attribute: attribute && { ...attribute, ...at },
  })),
})

/** A reason is any text that the text form can have: one line, without a comment. */
function readReason({ text, ...at }: Word): ReadValue {
  const line = text.trim()
  if (line !== '' && !/[\r\n]|(?:^|[ \t])#/.test(line)) {
    const items = [{ value: { ...at, text: line }, attribute: undefined, joined: undefined }]
    return { property: { key: 'reason', at, items }, problems: [] }
  }
  const message = 'a reason is one line without " #", which begins a comment in the text form; write it so'
  return { problems: [{ kind: 'syntax', level: 'error', message, at }] }
}
