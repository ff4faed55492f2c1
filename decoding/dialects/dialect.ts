import type { Fields } from '../toolkit/fields.ts'
import type { Decoding } from '../toolkit/record.ts'

/**
 * One kind of record, and everything that is known of it: how it is recognised, what a source may skip, which fields of
 * a document it needs, what its records claim, and what its page says. Pure: no clock, no I/O, at most 1 ms for the most
 * hostile record. Nothing of a dialect is known outside of its own files and its fixtures.
 */
export type Dialect = JsonLineDialect | TextLineDialect | DocumentDialect

/** Literal texts, at least one of which is in every line that brings a claim, a loss or a certificate. */
export type Prefilter = readonly string[] | 'all'

interface Common {
  /** Value of the `decoder` label. Frozen. */
  readonly name: string
  /** What a source may skip lines by without parsing them; `all` where every line must be decoded. */
  readonly prefilter: Prefilter
  /** Source filter of Elasticsearch for a record at the root of a document; `*` stands for any characters. */
  readonly sourceFields: readonly string[]
  readonly documentation: DialectDocumentation
}

/** A JSON object, as a line, in an envelope, or as the root of a document that a shipper has parsed. */
export interface JsonLineDialect extends Common {
  readonly format: 'json-line'
  /**
   * A member of the root and a member of that one, both of which only records of this dialect have: a document with
   * both that holds no text of the prefilter need not be parsed.
   */
  readonly documentMark?: readonly [outer: string, inner: string]
  recognises(fields: Fields): boolean
  decode(fields: Fields): Decoding
}

/** A line of text that is no JSON. */
export interface TextLineDialect extends Common {
  readonly format: 'text-line'
  recognises(line: string): boolean
  decode(line: string): Decoding
}

/** The root of a document, of which no line is asked. */
export interface DocumentDialect extends Common {
  readonly format: 'document'
  recognises(document: Fields): boolean
  decode(document: Fields): Decoding
}

/** What docs/decoders.md says of a dialect, in Markdown. */
export interface DialectDocumentation {
  /** Its row in the table of dialects: the records that it reads. */
  readonly reads: string
  /** How its records are counted, one item of a list each. */
  readonly rules: readonly string[]
  /** Further sections of the page. */
  readonly sections?: readonly DocumentationSection[]
}

export interface DocumentationSection {
  readonly title: string
  readonly text: string
  readonly tables?: readonly DocumentationTable[]
}

export interface DocumentationTable {
  readonly title: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
