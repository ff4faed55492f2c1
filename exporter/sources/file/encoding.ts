/** How the text of a file is encoded, by what it begins with. PowerShell redirects into UTF-16. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

const marks: readonly (readonly [Encoding, Buffer])[] = [
  ['utf-16le', Buffer.of(0xff, 0xfe)],
  ['utf-16be', Buffer.of(0xfe, 0xff)],
]

const NEWLINE = 10

/**
 * The encoding of a file that begins like this: with a byte order mark, or with characters of ASCII in UTF-16. A writer
 * whose file was truncated goes on without a mark.
 */
export function encodingOf(head: Buffer): Encoding {
  return marks.find(([, mark]) => head.subarray(0, mark.length).equals(mark))?.[0] ?? encodingOfUnmarked(head)
}

function encodingOfUnmarked([first = 0, second, third, fourth = 0]: Uint8Array): Encoding {
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return 'utf-16le'
  return first === 0 && second !== undefined && second !== 0 && third === 0 && fourth !== 0 ? 'utf-16be' : 'utf-8'
}

/** The byte after the first newline, 0 where there is none. The bytes begin with a whole character, as all below. */
export function endOfFirstLine(bytes: Buffer, encoding: Encoding): number {
  if (encoding === 'utf-8') return bytes.indexOf(NEWLINE) + 1
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (isNewline(bytes, at, encoding)) return at - (at % 2) + 2
  }
  return 0
}

/** The byte after the last newline, 0 where there is none. */
export function endOfLastLine(bytes: Buffer, encoding: Encoding): number {
  if (encoding === 'utf-8') return bytes.lastIndexOf(NEWLINE) + 1
  for (let at = bytes.lastIndexOf(NEWLINE); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(NEWLINE, at - 1)) {
    if (isNewline(bytes, at, encoding)) return at - (at % 2) + 2
  }
  return 0
}

/** True where the byte `at`, which is that of a newline, and its neighbour are the code unit of one. */
function isNewline(bytes: Buffer, at: number, encoding: Encoding): boolean {
  return encoding === 'utf-16le' ? at % 2 === 0 && bytes[at + 1] === 0 : at % 2 === 1 && bytes[at - 1] === 0
}

/** The number of bytes up to which they are whole code units. */
export function wholeUnits(length: number, encoding: Encoding): number {
  return encoding === 'utf-8' ? length : length - (length % 2)
}

/** The text; what is not in this encoding is replaced. */
export function textOf(bytes: Buffer, encoding: Encoding): string {
  return encoding === 'utf-8' ? bytes.toString('utf8') : new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes)
}
