import type { Decoding, RawRecord } from '../record.ts'

/** A decoder knows one dialect. Pure: no clock, no I/O, at most 1 ms for the most hostile record. */
export interface Decoder {
  /** Value of the `decoder` label. */
  readonly name: string
  /**
   * Literal texts, at least one of which stands in every line that can bring a claim, a loss or a certificate; a source
   * may skip lines without any of them. Absent where every record must be decoded.
   */
  readonly wanted?: readonly string[]
  /** True for a dialect of documents, which no line is asked for. */
  readonly documentsOnly?: true
  /** True for a dialect of lines that are no JSON, which nothing else is asked for. */
  readonly plainText?: true
  /** Undefined when the record is not of this dialect. */
  decode(record: RawRecord): Decoding | undefined
}
