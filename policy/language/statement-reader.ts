import type { Tree } from '@lezer/common'
import type { Span } from '../model/policy.ts'
import { nodes } from './parser.ts'
import type { LanguageProblem } from './problem-kinds.ts'
import type { Item, Statement, Word } from './statement.ts'
import type { Keyword, PropertyKey } from './vocabulary.ts'

/** What a tree was parsed of, and where that is in the source of the policy. */
export interface Passage {
  readonly tree: Tree
  readonly text: string
  /** The same with its typography. */
  readonly written: string
  /** From offsets of the text to those of the source. */
  readonly shift: number
  /** Nodes before were added to the text, and are not of the source. */
  readonly skip: number
}

interface OpenStatement {
  readonly keyword: Keyword
  at: Span
  name?: Word
  readonly properties: OpenProperty[]
  isPartial?: true
}

interface OpenProperty {
  readonly key: PropertyKey
  readonly at: Span
  readonly items: Item[]
}

const COLON = ':'.charCodeAt(0)

/** Makes statements of the nodes of trees, in their order. */
export class StatementReader {
  readonly statements: Statement[] = []
  readonly problems: LanguageProblem[] = []
  #open: OpenStatement | undefined
  #property: OpenProperty | undefined
  #joined: Item['joined']
  #attribute: Word | undefined

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

  /** @returns false at the first place that the parser could not read: what was read of the passage then means nothing */
  read(passage: Passage): boolean {
    const cursor = passage.tree.cursor()
    do {
      const { type, from, to } = cursor
      if (type.isError) return false
      if (from >= passage.skip) this.#node(type.id, from, to, passage)
    } while (cursor.next())
    return true
  }

  #node(id: number, from: number, to: number, passage: Passage): void {
    switch (id) {
      case nodes.PolicyKeyword:
      case nodes.ZoneKeyword:
      case nodes.ListKeyword:
      case nodes.AllowKeyword:
      case nodes.RoleKeyword:
      case nodes.ExpectKeyword: {
        const { text, ...at } = this.#word(from, to, passage)
        this.#open = { keyword: text as Keyword, at, properties: [] }
        this.statements.push(this.#open)
        return
      }
      case nodes.Name:
      case nodes.Answer: {
        if (this.#open === undefined) return
        const name = this.#word(from, to, passage)
        this.#open.name = name
        this.#open.at = { from: this.#open.at.from, to: name.to }
        return
      }
      case nodes.ValueKey:
      case nodes.WordsKey:
      case nodes.TermsKey:
      case nodes.ConditionKey:
      case nodes.TextKey: {
        const end = passage.text.charCodeAt(to - 1) === COLON ? to - 1 : to
        const { text, ...at } = this.#word(from, end, passage)
        this.#property = { key: text as PropertyKey, at, items: [] }
        this.#joined = undefined
        this.#open?.properties.push(this.#property)
        return
      }
      case nodes.Attribute:
        this.#attribute = this.#word(from, to, passage)
        return
      case nodes.And:
        this.#joined = 'and'
        return
      case nodes.Value:
        this.#item(this.#word(from, to, passage))
        return
      case nodes.Text:
        // Typography is left as it is in a text for people.
        this.#item(wordAt(from, to, passage.written, passage.shift))
        return
    }
  }

  #item(value: Word): void {
    const items = this.#property?.items ?? []
    const joined = this.#joined ?? (items.length > 0 ? 'or' : undefined)
    items.push({ value, joined, attribute: this.#attribute })
    this.#attribute = undefined
    this.#joined = undefined
  }

  #word(from: number, to: number, { text, written, shift }: Passage): Word {
    const word = wordAt(from, to, text, shift)
    if (written !== text && written.slice(from, to) !== word.text) this.#warnOfTypography(word)
    return word
  }

  #warnOfTypography({ text, ...at }: Word): void {
    const message = `${text} is written with a hyphen or dash of typography, which is read as "-"; write the plain one`
    this.problems.push({ kind: 'typographic-hyphen', level: 'warning', message, at, suggestion: text })
  }
}

const wordAt = (from: number, to: number, text: string, shift: number): Word => ({
  from: from + shift,
  to: to + shift,
  text: text.slice(from, to),
})
