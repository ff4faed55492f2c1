import type { Decoded } from '../../decoding/dispatch.ts'
import type { ConsoleText } from '../../decoding/toolkit/record.ts'

/** How many complete lines of a chunk were not decoded, and why. */
export interface PassedLines {
  /** Lines without a wanted text. */
  readonly skipped: number
  /** Lines above the greatest length. */
  readonly tooLong: number
  /** True where some lines may be parts of records, which the caller has to join: then no line is decoded. */
  readonly mayHaveParts: boolean
  /** Present where some lines are of a console in plain text, in which clients can write records. */
  readonly consoleText: ConsoleText | undefined
}

/** One line and the result of the decoders. */
export interface DecodedLine {
  /** Where it begins in its chunk. */
  readonly start: number
  readonly decoded: Decoded
}

/** What became of the complete lines of a chunk. */
export interface DecodedLines extends PassedLines {
  readonly lines: readonly DecodedLine[]
}

/** Decodes chunks elsewhere. */
export interface LinesDecoding {
  /**
   * What the decoders make of a chunk of complete lines, whose memory must be shared and must not change before the
   * promise is settled. Undefined where the caller has to decode it; a promise that rejects means the same.
   */
  decode(chunk: Buffer): Promise<DecodedLines> | undefined
  /**
   * Takes a chunk back for the caller to decode, unless it is begun or answered.
   *
   * @param lines what `decode` returned; it rejects where the chunk is taken back
   * @returns true where the chunk is the caller's again
   */
  takeBack(lines: Promise<DecodedLines>): boolean
}
