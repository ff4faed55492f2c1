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
  /** Bytes up to and with the last newline; the rest is a line still being written. */
  readonly consumed: number
}

const NEWLINE = 10

const escapeForRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** One search for all texts at once, over bytes read as Latin-1 so that an index is a byte. Undefined: every line is wanted. */
const searchFor = (texts: readonly string[]): RegExp | undefined => {
  if (texts.length === 0) return undefined
  const bytes = texts.map(text => escapeForRegExp(Buffer.from(text).toString('latin1')))
  return new RegExp(bytes.join('|'), 'g')
}

/**
 * Finds the complete lines of a chunk that hold at least one of the wanted texts. Only these are worth decoding;
 * the search runs once over the whole chunk, because most lines hold none of the texts.
 */
export const createLineScanner = (texts: readonly string[]): ((chunk: Buffer) => ScannedLines) => {
  const search = searchFor(texts)
  return chunk => {
    const consumed = chunk.lastIndexOf(NEWLINE) + 1
    const text = chunk.toString('latin1', 0, consumed)
    const nextHit = (from: number): number => {
      if (search === undefined) return from
      search.lastIndex = from
      return search.test(text) ? search.lastIndex - 1 : consumed
    }
    const wanted: LineSpan[] = []
    let skipped = 0
    let tooLong = 0
    let hit = nextHit(0)
    for (let start = 0; start < consumed; ) {
      const end = text.indexOf('\n', start)
      const isWanted = hit <= end
      if (isWanted) hit = nextHit(end + 1)
      if (end - start > MAX_LINE_BYTES) tooLong++
      else if (isWanted) wanted.push({ start, end })
      else skipped++
      start = end + 1
    }
    return { wanted, skipped, tooLong, consumed }
  }
}
