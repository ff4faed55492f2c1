/** Steps over JSON in bytes, without making anything of it. White space between its signs is not known here. */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
/** `{` and `[`, `}` and `]` differ in this bit only. */
const CURLY = 0x20
const OPENING = 0x7b
const CLOSING = 0x7d

/** The bytes are no JSON without white space. */
export class NotCompact extends SyntaxError {
  constructor(expected: string, at: number) {
    super(`expected ${expected} at byte ${at}`)
  }
}

/** Index after the string whose opening quote is at `at`. */
export function endOfString(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) throw new NotCompact('a string', at)
  for (let index = at + 1; index < bytes.length; index++) {
    const byte = bytes[index]
    if (byte === QUOTE) return index + 1
    if (byte === BACKSLASH) index++
  }
  throw new NotCompact('the end of a string', bytes.length)
}

/** Index after the value that begins at `at`. */
export function endOfValue(bytes: Uint8Array, at: number): number {
  if (isOpening(bytes, at)) return endOfContainer(bytes, at)
  return bytes[at] === QUOTE ? endOfString(bytes, at) : endOfWord(bytes, at)
}

/** Index of the value of a member whose key begins at `at`. */
export function memberValue(bytes: Uint8Array, at: number): number {
  const colon = endOfString(bytes, at)
  if (bytes[colon] !== COLON) throw new NotCompact('a colon', colon)
  return colon + 1
}

/** Index of the value of the first member of this name, of the object that begins at `at`; -1 without one. */
export function memberOf(bytes: Uint8Array, at: number, name: Uint8Array): number {
  if (bytes[at] !== OPENING) return -1
  let key = at + 1
  while (!isClosing(bytes, key)) {
    const value = memberValue(bytes, key)
    if (isString(bytes, key, name)) return value
    key = nextItem(bytes, endOfValue(bytes, value))
  }
  return -1
}

/** True for a `{` or `[`. */
function isOpening(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] as number) | CURLY) === OPENING
}

/** True for a `}` or `]`. */
export function isClosing(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] as number) | CURLY) === CLOSING
}

/** Index of the next item after the value that ends at `at`, or of the closing sign. */
export function nextItem(bytes: Uint8Array, at: number): number {
  if (bytes[at] === COMMA) return at + 1
  if (!isClosing(bytes, at)) throw new NotCompact('a comma or the end', at)
  return at
}

/** True where the string that begins at `at` is this one, as `jsonString` gives it. */
export function isString(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false
  return true
}

/** A string that needs no escapes, in bytes, with its quotes. */
export function jsonString(text: string): Uint8Array {
  return Buffer.from(JSON.stringify(text))
}

function endOfContainer(bytes: Uint8Array, at: number): number {
  let depth = 0
  for (let index = at; index < bytes.length; ) {
    const byte = bytes[index] as number
    if (byte === QUOTE) index = endOfString(bytes, index)
    else {
      index++
      const sign = byte | CURLY
      if (sign === OPENING) depth++
      else if (sign === CLOSING && --depth === 0) return index
    }
  }
  throw new NotCompact('the end of an object', bytes.length)
}

/** A number, `true`, `false` or `null`. */
function endOfWord(bytes: Uint8Array, at: number): number {
  let index = at
  while (index < bytes.length && bytes[index] !== COMMA && !isClosing(bytes, index)) index++
  if (index === at) throw new NotCompact('a value', at)
  return index
}
