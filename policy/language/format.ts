import type { PolicyProblem } from '../model/problem.ts'
import { checkedText } from './characters.ts'
import { type LaidBlock, type LaidComment, type LaidPiece, type LaidProperty, layOut } from './layout.ts'
import { nodes, parser } from './parser.ts'
import { readText } from './read-text.ts'

export type Formatted =
  | { readonly ok: true; readonly text: string }
  /** What cannot be read cannot be laid out. */
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

/**
 * The text form in its one layout: two spaces of indentation, a line for each property, colons, plain hyphens. Words,
 * comments and their order are kept, and so is a line end behind a comma or `and`. Formatting again changes nothing.
 */
export function formatPolicy(source: string): Formatted {
  const errors = readText(source).problems.filter(({ level }) => level === 'error')
  if (errors.length > 0) return { ok: false, problems: errors }
  const { text } = checkedText(source)
  const formatter = new Formatter(source, text)
  const cursor = parser.parse(text).cursor()
  do formatter.node(cursor.type.id, cursor.name, cursor.from, cursor.to)
  while (cursor.next())
  return { ok: true, text: layOut(formatter.finish()) }
}

type Open<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] }

const keywordNodes: readonly number[] = [
  nodes.PolicyKeyword,
  nodes.ZoneKeyword,
  nodes.ListKeyword,
  nodes.AllowKeyword,
  nodes.RoleKeyword,
  nodes.ExpectKeyword,
]
const keyNodes: readonly number[] = [nodes.ValueKey, nodes.WordsKey, nodes.TermsKey, nodes.ConditionKey, nodes.TextKey]

/** Makes blocks of the nodes of a tree, in their order. */
class Formatter {
  readonly #parts: (LaidBlock | LaidComment)[] = []
  readonly #source: string
  readonly #text: string
  #block: Open<LaidBlock> | undefined
  #property: Open<LaidProperty> | undefined
  #piece: Open<LaidPiece> | undefined
  /** Comments on lines of their own, until it is known what follows them. */
  #waiting: WaitingComment[] = []
  /** Where the node before ended. */
  #end = 0

  constructor(source: string, text: string) {
    this.#source = source
    this.#text = text
  }

  node(id: number, name: string, from: number, to: number): void {
    if (id === nodes.Policy || id === nodes.Block || id === nodes.Property) return
    const between = this.#text.slice(this.#end, from)
    // A byte order mark is nothing to keep.
    const lineEnds = this.#end === 0 && between.trim() === '' ? Math.max(1, count(between)) : count(between)
    this.#end = to
    if (id === nodes.Comment) {
      const text = this.#source.slice(from, to).trimEnd()
      if (lineEnds === 0) this.#behind(text)
      else this.#alone(text, lineEnds > 1, /[ \t]$/.test(between))
      return
    }
    // A value continues on this line.
    if (lineEnds > 0 && this.#piece !== undefined && this.#piece.separator !== '') this.#piece.endsLine = true
    if (this.#waiting.length > 0) this.#placeComments(keyNodes.includes(id))
    this.#word(id, name, from, to)
  }

  finish(): readonly (LaidBlock | LaidComment)[] {
    this.#placeComments(false)
    return this.#parts
  }

  #word(id: number, name: string, from: number, to: number): void {
    const text = this.#text.slice(from, to)
    if (keywordNodes.includes(id)) {
      this.#block = { kind: 'block', head: text, isExpectation: id === nodes.ExpectKeyword, properties: [] }
      this.#parts.push(this.#block)
      this.#property = undefined
      this.#piece = undefined
    } else if (id === nodes.Name || id === nodes.Answer) {
      if (this.#block !== undefined) this.#block.head += ` ${text}`
    } else if (keyNodes.includes(id)) {
      this.#property = { kind: 'property', key: text.replace(/:$/, ''), pieces: [] }
      this.#block?.properties.push(this.#property)
      this.#piece = undefined
    } else if (name === ',' || id === nodes.And) {
      if (this.#piece !== undefined) this.#piece.separator = name === ',' ? ',' : ' and'
    } else {
      this.#value(id === nodes.Text ? this.#source.slice(from, to) : text)
    }
  }

  /** A part of a piece: an attribute, `=`, or a value. */
  #value(text: string): void {
    if (this.#piece === undefined || this.#piece.separator !== '') {
      this.#piece = { text: '', separator: '', endsLine: false, comments: [] }
      this.#property?.pieces.push(this.#piece)
    }
    this.#piece.text += text
  }

  /** A comment at the end of a line. */
  #behind(text: string): void {
    if (this.#piece !== undefined) this.#piece.comments.push(text)
    else if (this.#block !== undefined) this.#block.comment = text
  }

  /** A comment on a line of its own. */
  #alone(text: string, isApart: boolean, isIndented: boolean): void {
    if (this.#piece !== undefined && this.#piece.separator !== '') this.#piece.comments.push(text)
    else this.#waiting.push({ kind: 'comment', text, isApart, isIndented })
  }

  /** A comment is in the block above it if the block continues below it, or if it is indented and directly below. */
  #placeComments(continues: boolean): void {
    let isInBlock = this.#block !== undefined
    for (const { isIndented, ...comment } of this.#waiting) {
      isInBlock &&= continues || (isIndented && !comment.isApart)
      if (isInBlock) this.#block?.properties.push(comment)
      else this.#parts.push(comment)
    }
    this.#waiting = []
  }
}

interface WaitingComment extends LaidComment {
  readonly isIndented: boolean
}

const count = (text: string): number => text.split('\n').length - 1
