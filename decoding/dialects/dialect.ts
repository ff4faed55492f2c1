import type { EpochMs } from '../../core/clock.ts'
import type { SignalName } from '../../core/signals.ts'
import type { Observer } from '../../core/zero-trust.ts'
import type { Access } from '../toolkit/access.ts'
import type { Fields } from '../toolkit/fields.ts'
import type { GuardReport } from '../toolkit/guard-report.ts'
import type { Decoding } from '../toolkit/record.ts'
import type { WatchedVersions } from '../toolkit/version-report.ts'
import type { FlowTuple } from './flow-tuple.ts'
import type { Footprint, SetupStep } from './setup.ts'

/**
 * One kind of record: how it is recognised, which records a source may skip, which fields of a document it needs, what
 * its records claim, and its documentation. Pure: no clock, no I/O, at most 1 ms for the most hostile record. Only a
 * dialect's own files and its fixtures contain knowledge of it.
 */
export type Dialect = JsonLineDialect | TextLineDialect | DocumentDialect

/** Literal texts, at least one of which is in every line with a claim, a loss or a certificate. */
export type Prefilter = readonly string[] | 'all'

interface Common {
  /** Value of the `decoder` label. Frozen. */
  readonly name: string
  /** Lines without any of these texts may be skipped without parsing; `all` if every line must be decoded. */
  readonly prefilter: Prefilter
  /** Source filter of Elasticsearch for a record at the root of a document; `*` matches any characters. */
  readonly sourceFields: readonly string[]
  /** Signals that its records move; its fixtures have a claim of each. Posture that a record reports moves `posture_drifts`. */
  readonly signals: readonly SignalName[]
  /** The kind of program that writes its records. */
  readonly observer: Observer
  /** Of flows and accesses: how a store counts its documents without each of them being read. */
  readonly tuple?: FlowTuple
  /** How a program that writes them is found on a host; absent where only a shipper or a service has them. */
  readonly footprint?: Footprint
  readonly documentation: DialectDocumentation
}

/** A field that older forms of a format do not have, and what is not counted without it. */
export interface MissingField {
  readonly field: string
  /** A clause. */
  readonly consequence: string
  /** A clause: what to configure. */
  readonly advice: string
  /** Dialects of the same program whose records follow in the same file once that is configured. */
  readonly correctedBy?: readonly string[]
}

/** A JSON object, as a line, in an envelope, or as the root of a document that a shipper has parsed. */
export interface JsonLineDialect extends Common {
  readonly format: 'json-line'
  /**
   * A member of the root and a member of that member, both of which only records of this dialect have: a document with
   * both that contains no text of the prefilter need not be parsed.
   */
  readonly documentMark?: readonly [outer: string, inner: string]
  recognises(fields: Fields): boolean
  /** What a record of the dialect lacks; one object for each field. */
  lacks?(fields: Fields, decoding: Decoding): MissingField | undefined
  /** @param envelopeTime reads when the record was written, by its envelope, where that says so */
  decode(fields: Fields, envelopeTime?: () => EpochMs | undefined): Decoding
  /** What a record says of who reached what, also of one that claims nothing: read where a policy is tested, and nowhere else. */
  access?(fields: Fields, decoding: Decoding): Access | undefined
  /** Of a guard's dialect: what a record shows of the guard itself, whether it claims something or not. */
  reports?(fields: Fields): GuardReport
  /** Present where the versions of the program are watched that writes the records. */
  readonly versions?: WatchedVersions
}

/** A line of text that is not JSON. */
export interface TextLineDialect extends Common {
  readonly format: 'text-line'
  /**
   * Present where a client can write whole lines: true for one of these by its beginning (256 characters, without
   * colours), where no other program writes such a line. Records near after it are not believed. No claim of the dialect
   * has an address, an identity or a device, none is of a success, and its lines are decoded also where another dialect's
   * are not believed.
   */
  readonly anyoneWrites?: (beginning: string) => boolean
  /**
   * Present where the kernel writes its lines: it is asked for records of which an envelope says that the kernel wrote
   * them, and for no others, and no other dialect is asked for these.
   */
  readonly writer?: 'kernel'
  recognises(line: string): boolean
  /** What a line of the dialect lacks; one object for each field. */
  lacks?(line: string, decoding: Decoding): MissingField | undefined
  /** @param envelopeTime when the line was written, by its envelope or document, where that says so */
  decode(line: string, envelopeTime?: EpochMs): Decoding
  /** See `JsonLineDialect`. */
  access?(line: string, decoding: Decoding): Access | undefined
}

/** Of some dialects those of lines of text that programs write: the kernel's are asked only where an envelope names it. */
export const textDialectsOf = (dialects: readonly Dialect[]): readonly TextLineDialect[] =>
  dialects.filter(dialect => dialect.format === 'text-line').filter(({ writer }) => writer === undefined)

/** True for a line that one of some dialects recognises. */
export const recognisesAny =
  (dialects: readonly TextLineDialect[]) =>
  (line: string): boolean =>
    dialects.some(dialect => dialect.recognises(line))

/** The root of a document; lines are not decoded by it. */
export interface DocumentDialect extends Common {
  readonly format: 'document'
  recognises(document: Fields): boolean
  decode(document: Fields): Decoding
  /** See `JsonLineDialect`. */
  access?(document: Fields, decoding: Decoding): Access | undefined
}

/** The texts about a dialect in docs/decoders.md, in Markdown. */
export interface DialectDocumentation {
  /** Its row in the table of dialects: the records that it reads. */
  readonly reads: string
  /** How its records are counted, one list item each. */
  readonly rules: readonly string[]
  readonly samples: Samples
  /** What to add so that its records are written and read, in this order. */
  readonly setup: readonly SetupStep[]
  /** Additional sections of the page. */
  readonly sections?: readonly DocumentationSection[]
}

/** Where the fixtures of a dialect are from. */
export interface Samples {
  /** `captured`: a real program wrote most of them; `documented`: they were written after its published format. */
  readonly kind: 'captured' | 'documented'
  /** The program with its version, or the document. */
  readonly from: string
  /** The test in which the real program runs and writes records that are counted. */
  readonly test?: string
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
