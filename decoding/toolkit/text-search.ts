/** Where the next of some texts begins in `bytes` at or after `from`; `end` when none lies before it. */
export type TextSearch = (bytes: Uint8Array, from: number, end: number) => number

/**
 * Bytes that are looked up at once. Nearly every pair of bytes of a log stands in one of some hundred texts, few triples do:
 * the window moves farther.
 */
const BLOCK = 3

/** Triples have a place in a table that the cache of a core holds; those that share one let the window jump the shorter way. */
const TABLE = 2 ** 16
const placeOf = (first: number, second: number, third: number): number =>
  ((first << 8) ^ (second << 4) ^ third) & (TABLE - 1)

/**
 * One search for many texts at once, by the algorithm of Wu and Manber (TR 94-17, University of Arizona, 1994): a
 * window as long as the shortest text moves over the bytes; its last three say how far it may jump without missing a
 * text.
 *
 * @throws RangeError where a text has fewer than three bytes
 */
export function createTextSearch(texts: readonly string[]): TextSearch {
  const patterns = texts.map(text => new TextEncoder().encode(text))
  const window = Math.min(...patterns.map(pattern => pattern.length))
  if (window < BLOCK) throw new RangeError(`A text to search for needs at least ${BLOCK} bytes`)
  const longest = longestJump(window)
  const { jumps, groups, groupOf } = compile(patterns, window)
  return (bytes, from, end) => {
    let last = from + window - 1
    while (last < end) {
      const block = placeOf(bytes[last - 2] as number, bytes[last - 1] as number, bytes[last] as number)
      const jump = jumps[block] as number
      // Of most blocks, and a constant: the processor need not wait for the table before it looks up the next one.
      if (jump === longest) last += longest
      else if (jump === 0) {
        const start = last - window + 1
        const group = groups[groupOf[block] as number] as readonly Uint8Array[]
        for (let index = 0; index < group.length; index++) {
          if (standsAt(bytes, start, end, group[index] as Uint8Array)) return start
        }
        last++
      } else last += jump
    }
    return end
  }
}

/** Bytes of UTF-8 that one UTF-16 unit takes at most. */
const BYTES_OF_UNIT = 3

/** Tells whether one of some texts is in a line, in one pass over it. */
export function createTextTest(texts: readonly string[]): (line: string) => boolean {
  const search = createTextSearch(texts)
  const encoder = new TextEncoder()
  // Taken again for each line: to allocate it takes longer than the search in most lines.
  let bytes = new Uint8Array(0)
  return line => {
    if (bytes.length < line.length * BYTES_OF_UNIT) bytes = new Uint8Array(line.length * BYTES_OF_UNIT)
    const { written } = encoder.encodeInto(line, bytes)
    return search(bytes, 0, written) < written
  }
}

/** For each block: how far the window may jump, and where it may not, which texts can be in it. */
function compile(patterns: readonly Uint8Array[], window: number) {
  const jumps = new Uint8Array(TABLE).fill(longestJump(window))
  const groupOf = new Uint16Array(TABLE)
  const groups: Uint8Array[][] = [[]]
  for (const pattern of patterns) {
    for (let last = BLOCK - 1; last < window; last++) {
      const block = blockAt(pattern, last - BLOCK + 1)
      jumps[block] = Math.min(jumps[block] as number, window - 1 - last)
    }
    const block = blockAt(pattern, window - BLOCK)
    if (groupOf[block] === 0) groupOf[block] = groups.push([]) - 1
    groups[groupOf[block] as number]?.push(pattern)
  }
  return { jumps, groups, groupOf }
}

const longestJump = (window: number): number => Math.min(255, window - BLOCK + 1)

const blockAt = (pattern: Uint8Array, at: number): number =>
  placeOf(pattern[at] as number, pattern[at + 1] as number, pattern[at + 2] as number)

/** From its end: most texts of a log that begin like one of these are words such as `gateway`, and go on otherwise. */
function standsAt(bytes: Uint8Array, start: number, end: number, pattern: Uint8Array): boolean {
  if (start + pattern.length > end) return false
  for (let index = pattern.length - 1; index >= 0; index--) if (bytes[start + index] !== pattern[index]) return false
  return true
}
