import { consoleTextIn } from '../../../decoding/console-text.ts'
import { splitLines } from '../../../decoding/envelopes/registry.ts'
import type { ConsoleText } from '../../../decoding/toolkit/record.ts'
import { createTextSearch, type TextSearch } from '../../../decoding/toolkit/text-search.ts'

/** Lines longer than this are counted and passed over. */
export const MAX_LINE_BYTES = 1024 * 1024

/** Where a line stands in its chunk, without its newline. */
export interface LineSpan {
  readonly start: number
  readonly end: number
}

export interface ScannedLines {
  /** Complete lines to hand on. */
  readonly wanted: readonly LineSpan[]
  /** Complete lines that hold none of the wanted texts. */
  readonly skipped: number
  /** Complete lines above `MAX_LINE_BYTES`. */
  readonly tooLong: number
  /** True where some of these lines may be parts of records, which have to be joined first. */
  readonly mayHaveParts: boolean
  /** Present where some of these lines are of a console in plain text, in which clients can write records. */
  readonly consoleText: ConsoleText | undefined
  /** Bytes up to and with the last newline; the rest is a line still being written. */
  readonly consumed: number
}

const NEWLINE = 10

/**
 * Finds the complete lines of a chunk that hold at least one of the wanted texts; without texts, every line. Only these
 * are worth decoding, and most lines are none: one search for all texts runs over the whole chunk.
 */
export function createLineScanner(texts: readonly string[]): (chunk: Buffer) => ScannedLines {
  const search: TextSearch = texts.length === 0 ? (_bytes, from) => from : createTextSearch(texts)
  return chunk => {
    const consumed = chunk.lastIndexOf(NEWLINE) + 1
    const wanted: LineSpan[] = []
    let skipped = 0
    let tooLong = 0
    let mayHaveParts = false
    let consoleText: ConsoleText | undefined
    let hit = search(chunk, 0, consumed)
    for (let start = 0; start < consumed; ) {
      const end = chunk.indexOf(NEWLINE, start)
      const isWanted = hit <= end
      if (splitLines.mayBePart(chunk, start, end)) mayHaveParts = true
      consoleText = consoleTextIn(chunk, start, end, consoleText)
      if (isWanted) hit = search(chunk, end + 1, consumed)
      if (end - start > MAX_LINE_BYTES) tooLong++
      else if (isWanted) wanted.push({ start, end })
      else skipped++
      start = end + 1
    }
    return { wanted, skipped, tooLong, mayHaveParts, consoleText, consumed }
  }
}

/** The first and the last complete line: what a program prints when it starts is often in no known format. */
export function sampleOf(chunk: Buffer): readonly string[] {
  const end = chunk.lastIndexOf(NEWLINE)
  const last = chunk.lastIndexOf(NEWLINE, end - 1) + 1
  const spans = [
    [0, chunk.indexOf(NEWLINE)],
    [last, end],
  ] as const
  return spans.filter(([from, to]) => to - from <= MAX_LINE_BYTES).map(([from, to]) => chunk.toString('utf8', from, to))
}
