import type { Dialect } from '../../../../decoding/dialects/dialect.ts'
import { createDispatcher, type Decoded } from '../../../../decoding/dispatch.ts'
import { createLineScanner } from '../lines.ts'

/** How many complete lines of a chunk were not decoded, and why. */
export interface PassedLines {
  /** Lines without a wanted text. */
  readonly skipped: number
  /** Lines above the greatest length. */
  readonly tooLong: number
}

/** One line and what the decoders made of it. */
export interface DecodedLine {
  /** Where it begins in its chunk. */
  readonly start: number
  readonly decoded: Decoded
}

/** What became of the complete lines of a chunk. */
export interface DecodedLines extends PassedLines {
  readonly lines: readonly DecodedLine[]
}

/** Decodes the lines of a chunk that hold a wanted text, and hands on each with the place where it begins. */
export type LinesDecoder = (chunk: Buffer, take: (start: number, decoded: Decoded) => void) => PassedLines

export function createLinesDecoder(dialects: readonly Dialect[]): LinesDecoder {
  const dispatcher = createDispatcher(dialects)
  const scan = createLineScanner(dispatcher.prefilter === 'all' ? [] : dispatcher.prefilter)
  return (chunk, take) => {
    const { wanted, skipped, tooLong } = scan(chunk)
    for (const { start, end } of wanted) {
      take(start, dispatcher.decode({ id: '', body: chunk.toString('utf8', start, end) }))
    }
    return { skipped, tooLong }
  }
}
