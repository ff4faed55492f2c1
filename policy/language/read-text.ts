import type { Tree } from '@lezer/common'
import type { Span } from '../model/policy.ts'
import { checkedText, MAX_PROBLEMS } from './characters.ts'
import { explainLine } from './explain-line.ts'
import { parser } from './parser.ts'
import type { LanguageProblem } from './problem-kinds.ts'
import type { Statements } from './statement.ts'
import { StatementReader } from './statement-reader.ts'
import { isKeyword, isPropertyKey, keywords } from './vocabulary.ts'

/** The statements of the text form, with what is wrong in lines that are none. */
export function readText(source: string): Statements {
  const { text, problems: odd } = checkedText(source)
  const whole = new StatementReader()
  if (whole.read({ tree: parser.parse(text), text, written: source, shift: 0, skip: 0 })) {
    return { statements: whole.statements, problems: [...odd, ...whole.problems].slice(0, MAX_PROBLEMS) }
  }
  // Where one line is wrong, the parser may read those below it as parts of it: each line is read by itself then.
  const reader = new StatementReader()
  const problems = [...odd, ...readLines(source, text, reader)]
  return { statements: reader.statements, problems: [...problems, ...reader.problems].slice(0, MAX_PROBLEMS) }
}

/** What must be above a line of properties, so that the grammar takes it by itself. */
export const ABOVE = 'policy\n'

function readLines(source: string, text: string, reader: StatementReader): readonly LanguageProblem[] {
  const problems: LanguageProblem[] = []
  let isBelowBlock = false
  for (const { from, to } of logicalLines(text)) {
    const line = text.slice(from, to)
    const first = firstWord(line)
    if (first === '') continue
    const begins = isKeyword(first)
    const above = begins ? '' : ABOVE
    const tree = parser.parse(above + line)
    const problem: LanguageProblem | undefined =
      explainLine(line, errorIn(tree, above.length)) ?? (begins || isBelowBlock ? undefined : outside(line, first))
    if (problem === undefined) {
      const written = above + source.slice(from, to)
      reader.read({ tree, text: above + line, written, shift: from - above.length, skip: above.length })
    } else {
      problems.push({ ...problem, at: { from: problem.at.from + from, to: problem.at.to + from } })
      if (begins) reader.openPartial(first, { from, to })
      else reader.markPartial(isPropertyKey(first.replace(/:$/, '')) || first.includes(':'))
    }
    isBelowBlock ||= begins || problem !== undefined
    if (problems.length >= MAX_PROBLEMS) break
  }
  return problems
}

function outside(line: string, first: string): LanguageProblem {
  const from = line.indexOf(first)
  const message = `${first.replace(/:$/, '')} belongs to a block; begin one above, with ${keywords.join(', ')}`
  return { kind: 'syntax', level: 'error', message, at: { from, to: from + first.length } }
}

/** The first word; empty for a line without one. */
const firstWord = (line: string): string => /^[ \t]*([^ \t\r\n,=#][^ \t\r\n,=]*|[,=])?/.exec(line)?.[1] ?? ''

/** Where the parser found the first error; undefined if there is none. */
export function errorIn(tree: Tree, shift: number): number | undefined {
  const cursor = tree.cursor()
  do {
    if (cursor.type.isError) return Math.max(0, cursor.from - shift)
  } while (cursor.next())
  return undefined
}

/** A line that continues below: it ends with a comma or with `and`, before its comment. */
const CONTINUES = /(?:,|[ \t]and)$/

/** Lines with those that continue them. */
function* logicalLines(text: string): Iterable<Span> {
  let from = 0
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at)
    const next = end === -1 ? text.length : end + 1
    if (!CONTINUES.test(withoutComment(text.slice(at, next))) || next === text.length) {
      yield { from, to: next }
      from = next
    }
    at = next
  }
}

function withoutComment(line: string): string {
  const comment = line.search(/(?:^|[ \t,=])#/)
  return (comment === -1 ? line : line.slice(0, comment + 1).replace(/#$/, '')).trimEnd()
}
