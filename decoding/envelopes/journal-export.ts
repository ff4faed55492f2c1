import { envelopeFields } from './envelope.ts'
import { journald, journaldParts } from './journald.ts'

/**
 * Entries in the Journal Export Format (https://systemd.io/JOURNAL_EXPORT_FORMATS), as `journalctl -o export` writes them.
 * An entry is a list of fields and an empty line. A field is a line `NAME=value`; or, where its value is not printable
 * text or holds a newline, a line with the name, the length of the value in 64 bits (little-endian), the value and a
 * newline. A value of this second form is never searched: whatever it holds, its length decides where it ends.
 */

/** Where an entry ends: the byte after its empty line. `incomplete` where more bytes are needed to know it. */
export type EntryEnd = number | 'incomplete' | 'malformed'

/** journalctl begins each entry with this; the id of a sequence of entries follows. */
export const BEGINNING = '__CURSOR=s='
const MARK = new TextEncoder().encode(BEGINNING)
const ID_LENGTH = 32
const ID = /^[0-9a-f]{32}$/

/** Longest name of a field (systemd.journal-fields(7)). */
const MAX_NAME_LENGTH = 64
/** The journal holds no longer value: a length above this was not written as one. */
const MAX_VALUE_BYTES = 1024 ** 3

const LENGTH_BYTES = 8
const [NEWLINE, EQUALS, UNDERSCORE] = [0x0a, 0x3d, 0x5f]

/** Fields that become a part of the JSON; the others are neither read nor searched. */
const READ_FIELDS: ReadonlySet<string> = new Set([
  ...envelopeFields(journald),
  ...journaldParts.flatMap(({ stream, continued }) => [stream, continued.path]),
])

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const strictDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })

/**
 * The id of the sequence that the entry at a byte is of: 128 random bits that the journal chose, and that are in the
 * cursor of each of its entries. Undefined where no entry begins.
 */
export function sequenceAt(bytes: Uint8Array, start: number): string | undefined {
  const id = start + MARK.length
  if (bytes.length < id + ID_LENGTH || !beginsWithMark(bytes, start)) return undefined
  const text = decoder.decode(bytes.subarray(id, id + ID_LENGTH))
  return ID.test(text) ? text : undefined
}

const REALTIME = '__REALTIME_TIMESTAMP='
/** The cursor and the time, which journalctl writes first: of these, the cursor is the longer one. */
const LONGEST_CURSOR = 512

/** True where what begins with a cursor goes on like an entry, as far as it can be seen. */
export function looksLikeEntry(bytes: Uint8Array, start: number): boolean {
  const end = bytes.indexOf(NEWLINE, start)
  if (end < 0 || end - start > LONGEST_CURSOR) return false
  return (
    decoder.decode(bytes.subarray(end + 1, end + 1 + REALTIME.length)) === REALTIME &&
    endOfEntry(bytes, start) !== 'malformed'
  )
}

/** The text with which every entry of a sequence begins. Who cannot read the journal does not know it. */
export const beginningOf = (sequence: string): string => `${BEGINNING}${sequence};`

/**
 * Walks over the entry that begins at a byte, field by field. Names that begin with `__` are set by journalctl and come
 * first: one after other names means that a writer was ended within an entry and another one continued the file.
 */
export function endOfEntry(bytes: Uint8Array, start: number): EntryEnd {
  if (!beginsWithMark(bytes, start)) return 'malformed'
  let isAddress = true
  for (let at = start; at < bytes.length; ) {
    if (bytes[at] === NEWLINE) return at + 1
    const field = fieldAt(bytes, at)
    if (typeof field === 'string') return field
    const wasAddress = isAddress
    isAddress = bytes[at] === UNDERSCORE && bytes[at + 1] === UNDERSCORE
    if (isAddress && !wasAddress) return 'malformed'
    at = field.end + 1
  }
  return 'incomplete'
}

/**
 * A whole entry as `journalctl -o json` writes it, as far as the envelope of the journal reads it: a value that is not
 * UTF-8 is the list of its bytes, the values of a field that occurs several times are a list.
 */
export function jsonOfEntry(entry: Uint8Array): string {
  const fields = new Map<string, unknown[]>()
  for (let at = 0; at < entry.length && entry[at] !== NEWLINE; ) {
    const field = fieldAt(entry, at)
    if (typeof field === 'string') break
    const name = decoder.decode(entry.subarray(at, field.nameEnd))
    if (READ_FIELDS.has(name)) {
      const values = fields.get(name) ?? []
      values.push(valueIn(entry.subarray(field.start, field.end)))
      fields.set(name, values)
    }
    at = field.end + 1
  }
  const single = [...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values])
  return JSON.stringify(Object.fromEntries(single))
}

function valueIn(bytes: Uint8Array): string | number[] {
  try {
    return strictDecoder.decode(bytes)
  } catch {
    return [...bytes]
  }
}

/** True also where the bytes end within the mark. */
function beginsWithMark(bytes: Uint8Array, start: number): boolean {
  const end = Math.min(bytes.length - start, MARK.length)
  for (let index = 0; index < end; index++) if (bytes[start + index] !== MARK[index]) return false
  return true
}

/** A field in its entry: its value ends before a newline. */
interface Field {
  readonly nameEnd: number
  readonly start: number
  readonly end: number
}

function fieldAt(bytes: Uint8Array, at: number): Field | 'incomplete' | 'malformed' {
  let nameEnd = at
  while (nameEnd - at <= MAX_NAME_LENGTH && isOfName(bytes[nameEnd])) nameEnd++
  if (nameEnd === bytes.length) return 'incomplete'
  if (nameEnd === at || nameEnd - at > MAX_NAME_LENGTH) return 'malformed'
  if (bytes[nameEnd] === EQUALS) {
    const end = bytes.indexOf(NEWLINE, nameEnd)
    return end < 0 ? 'incomplete' : { nameEnd, start: nameEnd + 1, end }
  }
  if (bytes[nameEnd] !== NEWLINE) return 'malformed'
  const start = nameEnd + 1 + LENGTH_BYTES
  if (start > bytes.length) return 'incomplete'
  const length = lengthAt(bytes, nameEnd + 1)
  if (length > MAX_VALUE_BYTES) return 'malformed'
  const end = start + length
  if (end >= bytes.length) return 'incomplete'
  return bytes[end] === NEWLINE ? { nameEnd, start, end } : 'malformed'
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset + at, LENGTH_BYTES).getBigUint64(0, true))
}

/** Names hold capital letters, digits and underscores. */
function isOfName(byte: number | undefined): boolean {
  if (byte === undefined) return false
  return (byte >= 0x41 && byte <= 0x5a) || byte === UNDERSCORE || (byte >= 0x30 && byte <= 0x39)
}
