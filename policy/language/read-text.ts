import type { Tree } from '@lezer/common'
import type { Span } from '../model/policy.ts'
import type { PolicyProblem } from '../model/problem.ts'
import { checkedText, MAX_PROBLEMS } from './characters.ts'
import { explainLine } from './explain-line.ts'
import { nodes, parser } from './parser.ts'
import type { Item, Statement, Statements, Word } from './statement.ts'
import { isKeyword, isPropertyKey, type Keyword, keywords, type PropertyKey } from './vocabulary.ts'

/** The statements of the text form, with what is wrong in lines that are none. */
export function readText(source: string): Statements {
  const { text, problems: odd } = checkedText(source)
  const problems = [...odd]
  const reader = new StatementReader(source, text)
  const tree = parser.parse(text)
  // Where one line is wrong, the parser may read those below it as parts of it: each line is read by itself then.
  if (hasError(tree)) problems.push(...readLines(text, reader))
  else reader.read(tree, { shift: 0, skip: 0 })
  return { statements: reader.statements, problems: [...problems, ...reader.problems].slice(0, MAX_PROBLEMS) }
}

function hasError(tree: Tree): boolean {
  let found = false
  tree.iterate({
    enter({ type }) {
      if (type.isError) found = true
      return !found
    },
  })
  return found
}

/** What must be above a line of properties, so that the grammar takes it by itself. */
const ABOVE = 'policy\n'

function readLines(text: string, reader: StatementReader): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = []
  let isBelowBlock = false
  for (const { from, to } of logicalLines(text)) {
    const line = text.slice(from, to)
    const first = firstWord(line)
    if (first === '') continue
    const begins = isKeyword(first)
    const above = begins ? '' : ABOVE
    const tree = parser.parse(above + line)
    const problem: PolicyProblem | undefined =
      explainLine(line, errorIn(tree, above.length)) ?? (begins || isBelowBlock ? undefined : outside(line, first))
    if (problem === undefined) reader.read(tree, { shift: from - above.length, skip: above.length })
    else {
      problems.push({ ...problem, at: { from: problem.at.from + from, to: problem.at.to + from } })
      if (begins) reader.openPartial(first, { from, to })
      else reader.markPartial(isPropertyKey(first.replace(/:$/, '')) || first.includes(':'))
    }
    isBelowBlock ||= begins || problem !== undefined
    if (problems.length >= MAX_PROBLEMS) break
  }
  return problems
}

function outside(line: string, first: string): PolicyProblem {
  const from = line.indexOf(first)
  const message = `${first.replace(/:$/, '')} belongs to a block; begin one above, with ${keywords.join(', ')}`
  return { kind: 'syntax', level: 'error', message, at: { from, to: from + first.length } }
}

/** The first word; empty for a line without one. */
const firstWord = (line: string): string => /^[ \t]*([^ \t\r\n,=#][^ \t\r\n,=]*|[,=])?/.exec(line)?.[1] ?? ''

/** Where the parser found the first error; undefined if there is none. */
function errorIn(tree: Tree, shift: number): number | undefined {
  let at: number | undefined
  tree.iterate({
    enter({ type, from }) {
      if (type.isError) at ??= Math.max(0, from - shift)
      return at === undefined
    },
  })
  return at
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

/** Where a tree is in the source. */
interface TreePlace {
  readonly shift: number
  /** Nodes before are not of the source. */
  readonly skip: number
}

interface OpenStatement {
  keyword: Keyword
  at: Span
  name?: Word
  properties: OpenProperty[]
  isPartial?: true
}

interface OpenProperty {
  readonly key: PropertyKey
  readonly at: Span
  readonly items: Item[]
}

/** Makes statements of the nodes of trees, in their order. */
class StatementReader {
  readonly statements: Statement[] = []
  readonly problems: PolicyProblem[] = []
  readonly #source: string
  readonly #text: string
  #open: OpenStatement | undefined
  #property: OpenProperty | undefined
  #joined: Item['joined']
  #attribute: Word | undefined

  constructor(source: string, text: string) {
    this.#source = source
    this.#text = text
  }

  /** Begins a block whose first line could not be read, so that the lines below it are not of the block before. */
  openPartial(keyword: Keyword, at: Span): void {
    this.#open = { keyword, at, properties: [], isPartial: true }
    this.statements.push(this.#open)
  }

  /** A line could not be read: one of properties is missing in its block, another may have begun a block. */
  markPartial(isOfProperties: boolean): void {
    if (!isOfProperties) this.#open = undefined
    else if (this.#open !== undefined) this.#open.isPartial = true
  }

  read(tree: Tree, { shift, skip }: TreePlace): void {
    const cursor = tree.cursor()
    do {
      if (cursor.from >= skip) this.#node(cursor.type.id, cursor.from + shift, cursor.to + shift)
    } while (cursor.next())
  }

  #node(id: number, from: number, to: number): void {
    switch (id) {
      case nodes.PolicyKeyword:
      case nodes.ZoneKeyword:
      case nodes.ListKeyword:
      case nodes.AllowKeyword:
      case nodes.RoleKeyword:
      case nodes.ExpectKeyword: {
        const { text } = this.#word(from, to)
        this.#open = { keyword: text as Keyword, at: { from, to }, properties: [] }
        this.statements.push(this.#open)
        return
      }
      case nodes.Name:
      case nodes.Answer:
        if (this.#open === undefined) return
        this.#open.name = this.#word(from, to)
        this.#open.at = { from: this.#open.at.from, to }
        return
      case nodes.ValueKey:
      case nodes.WordsKey:
      case nodes.TermsKey:
      case nodes.ConditionKey:
      case nodes.TextKey: {
        const end = this.#text.charCodeAt(to - 1) === COLON ? to - 1 : to
        this.#property = { key: this.#word(from, end).text as PropertyKey, at: { from, to: end }, items: [] }
        this.#joined = undefined
        this.#open?.properties.push(this.#property)
        return
      }
      case nodes.Attribute:
        this.#attribute = this.#word(from, to)
        return
      case nodes.And:
        this.#joined = 'and'
        return
      case nodes.Value:
        this.#item(this.#word(from, to))
        return
      case nodes.Text:
        // Typography is left as it is in a text for people.
        this.#item({ from, to, text: this.#source.slice(from, to) })
        return
    }
  }

  #item(value: Word): void {
    const items = this.#property?.items ?? []
    const joined = this.#joined ?? (items.length > 0 ? 'or' : undefined)
    items.push({
      value,
      ...(joined === undefined ? {} : { joined }),
      ...(this.#attribute === undefined ? {} : { attribute: this.#attribute }),
    })
    this.#attribute = undefined
    this.#joined = undefined
  }

  #word(from: number, to: number): Word {
    const text = this.#text.slice(from, to)
    if (this.#source !== this.#text) this.#warnOfTypography(text, from, to)
    return { from, to, text }
  }

  #warnOfTypography(text: string, from: number, to: number): void {
    const written = this.#source.slice(from, to)
    if (written === text) return
    const message = `${text} is written with a hyphen or dash of typography, which is read as "-"; write the plain one`
    this.problems.push({ kind: 'typographic-hyphen', level: 'warning', message, at: { from, to }, suggestion: text })
  }
}

const COLON = 58
