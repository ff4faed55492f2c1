import type { Span } from '../model/policy.ts'
import type { LanguageProblem } from './problem-kinds.ts'
import type { Keyword, PropertyKey } from './vocabulary.ts'

/** A block of either form (text or YAML): its words as written, with their places, before they have a meaning. */
export interface Statement {
  readonly keyword: Keyword
  readonly at: Span
  /** Of `expect`: the answer. */
  readonly name?: Word
  readonly properties: readonly Property[]
  /** A part of it could not be read, so what is missing may have been in that. */
  readonly isPartial?: true
}

export interface Property {
  readonly key: PropertyKey
  readonly at: Span
  readonly items: readonly Item[]
}

/** A word, or what an attribute is equal to, and what separates it from the one before. */
export interface Item {
  readonly joined: 'and' | 'or' | undefined
  readonly attribute: Word | undefined
  readonly value: Word
}

export interface Word extends Span {
  readonly text: string
}

/** What a form was read to. */
export interface Statements {
  readonly statements: readonly Statement[]
  readonly problems: readonly LanguageProblem[]
}
