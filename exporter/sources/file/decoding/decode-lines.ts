import type { Dialect } from '../../../../decoding/dialects/dialect.ts'
import { createDispatcher, type Decoded } from '../../../../decoding/dispatch.ts'
import type { PassedLines } from '../../../contracts/lines-decoding.ts'
import { createLineScanner } from '../lines.ts'

/** Decodes the lines of a chunk that hold a wanted text, and hands on each with the place where it begins. */
export type LinesDecoder = (chunk: Buffer, take: (start: number, decoded: Decoded) => void) => PassedLines

export function createLinesDecoder(dialects: readonly Dialect[]): LinesDecoder {
  const dispatcher = createDispatcher(dialects)
  const scan = createLineScanner(dispatcher.prefilter === 'all' ? [] : dispatcher.prefilter)
  return (chunk, take) => {
    const { wanted, skipped, tooLong, mayHaveParts, consoleText } = scan(chunk)
    if (mayHaveParts) return { skipped, tooLong, mayHaveParts, consoleText }
    for (const { start, end } of wanted) {
      take(start, dispatcher.decode({ id: '', body: chunk.toString('utf8', start, end) }))
    }
    return { skipped, tooLong, mayHaveParts, consoleText }
  }
}
