import type { Decoder } from '../../../decoders/decoder.ts'
import { createDispatcher, type Decoded } from '../../../decoders/dispatch.ts'
import { createLineScanner } from '../lines.ts'

/** One line and what the decoders made of it. */
export interface DecodedLine {
  /** Where it begins in its chunk. */
  readonly start: number
  readonly decoded: Decoded
}

/** The complete lines of a chunk. */
export interface DecodedLines {
  /** Those that hold a wanted text. */
  readonly lines: readonly DecodedLine[]
  /** Number of lines without a wanted text. */
  readonly skipped: number
  /** Number of lines above the greatest length. */
  readonly tooLong: number
}

/** Decodes the lines of a chunk that are worth it. Pure, whatever the thread. */
export function createLinesDecoder(decoders: readonly Decoder[]): (chunk: Buffer) => DecodedLines {
  const dispatcher = createDispatcher(decoders)
  const scan = createLineScanner(dispatcher.wanted ?? [])
  return chunk => {
    const { wanted, skipped, tooLong } = scan(chunk)
    const lines = wanted.map(({ start, end }) => {
      return { start, decoded: dispatcher.decode({ id: '', body: chunk.toString('utf8', start, end) }) }
    })
    return { lines, skipped, tooLong }
  }
}
