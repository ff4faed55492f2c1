import { type Fields, readFields } from '../toolkit/fields.ts'
import {
  type JsonLineEnvelope,
  type LineEnvelope,
  lineOpenerOf,
  type PartFields,
  type TextLineEnvelope,
} from './line-envelope.ts'

/**
 * Container runtimes and the journal split a line that is longer than their buffer into parts, each a line of its own in
 * their envelope. The parts of one stream follow each other; those of other streams may lie between them.
 */
export interface SplitLines {
  /** False only where a line certainly is no part that others follow. Looks at a few bytes of it. */
  mayBePart(bytes: Uint8Array, start: number, end: number): boolean
  /** Undefined where no writer that splits lines wrote this one. */
  partOf(line: Uint8Array): Part | undefined
  /** The line that its writer would have written into a larger buffer; undefined where a part is none. */
  join(parts: readonly Uint8Array[]): Uint8Array | undefined
}

/** A line as a part of its stream. */
export interface Part {
  /** The envelope and the stream. */
  readonly stream: string
  /** True where the record continues in the next line of the same stream. */
  readonly isContinued: boolean
}

/** Every stream that a runtime captures; another name is none that a runtime wrote. */
const STREAMS: readonly unknown[] = ['stdout', 'stderr']

const [HYPHEN, T, UNDERSCORE, BRACE] = [0x2d, 0x54, 0x5f, 0x7b]

/** Longest object that may be a part, in UTF-16 units: a list of bytes has up to four characters for each. */
const MAX_PART_LENGTH = 1024 * 1024
/** Longest name of a stream in a field. */
const MAX_STREAM_LENGTH = 64

/** Longest header of a line, in bytes. */
const MAX_HEADER_BYTES = 128

/** What is done with the lines of one envelope. */
interface Splitter {
  mayBePart(bytes: Uint8Array, start: number, end: number): boolean
  partOf(line: Uint8Array): Part | undefined
  join(parts: readonly Uint8Array[]): Uint8Array
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/** @param envelopes those that split lines are asked, the others are not */
export function createSplitLines(envelopes: readonly LineEnvelope[]): SplitLines {
  const splitters = envelopes.flatMap(envelope => splitterOf(envelope) ?? [])
  return {
    mayBePart(bytes, start, end) {
      for (let index = 0; index < splitters.length; index++) {
        if ((splitters[index] as Splitter).mayBePart(bytes, start, end)) return true
      }
      return false
    },
    partOf(line) {
      for (const splitter of splitters) {
        const part = splitter.partOf(line)
        if (part !== undefined) return part
      }
      return undefined
    },
    join(parts) {
      const splitter = splitters.find(one => parts.every(part => one.partOf(part) !== undefined))
      return splitter?.join(parts)
    },
  }
}

function splitterOf(envelope: LineEnvelope): Splitter | undefined {
  if ('header' in envelope) return envelope.partHeader === undefined ? undefined : splitterOfText(envelope)
  if (envelope.parts !== undefined) return splitterOfFields(envelope, envelope.parts)
  return envelope.endsWithNewline === undefined ? undefined : splitterOfJson(envelope)
}

/** The text of a whole line ends with a newline, that of a part does not; `stream` names the stream. */
function splitterOfJson(envelope: JsonLineEnvelope): Splitter {
  const { name, record } = envelope
  const open = lineOpenerOf(envelope)
  const beginning = encoder.encode(`{${JSON.stringify(record.raw)}:`)
  const fieldsOf = (line: Uint8Array): Fields | undefined => {
    if (!beginsWith(line, 0, line.length, beginning)) return undefined
    const fields = readFields(decoder.decode(line))
    if (typeof fields === 'string' || !STREAMS.includes(fields.stream)) return undefined
    return typeof open(fields) === 'string' ? fields : undefined
  }
  return {
    mayBePart: (bytes, start, end) => beginsWith(bytes, start, end, beginning) && !endsWithNewline(bytes, start, end),
    partOf(line) {
      const fields = fieldsOf(line)
      if (fields === undefined) return undefined
      return { stream: `${name}:${fields.stream}`, isContinued: !String(open(fields)).endsWith('\n') }
    },
    join(parts) {
      const all = parts.map(fieldsOf)
      return encoder.encode(JSON.stringify({ ...all.at(-1), [record.raw]: all.map(one => open(one ?? {})).join('') }))
    },
  }
}

/** Fields name the stream and say whether the line continues. The bytes of a character may be in two parts. */
function splitterOfFields(envelope: JsonLineEnvelope, parts: readonly PartFields[]): Splitter {
  const { name, record } = envelope
  const open = lineOpenerOf(envelope)
  const keys = parts.map(({ continued }) => encoder.encode(JSON.stringify(continued.path)))
  const fieldsOf = (line: Uint8Array): Fields | undefined => {
    if (!beginsWithCapital(line, 0)) return undefined
    const fields = readFields(decoder.decode(line), MAX_PART_LENGTH)
    return typeof fields === 'string' || typeof open(fields) !== 'string' ? undefined : fields
  }
  return {
    mayBePart: (bytes, start, end) =>
      beginsWithCapital(bytes, start) && keys.some(key => isWithin(bytes, start, end, key)),
    partOf(line) {
      const fields = fieldsOf(line) ?? {}
      for (const { stream, continued } of parts) {
        const id = fields[stream]
        if (typeof id !== 'string' || id.length > MAX_STREAM_LENGTH) continue
        return { stream: `${name}:${id}`, isContinued: fields[continued.path] === continued.value }
      }
      return undefined
    },
    join(lines) {
      const all = lines.map(line => fieldsOf(line) ?? {})
      const bytes = concatenated(all.map(fields => bytesOf(fields[record.raw])))
      return encoder.encode(JSON.stringify({ ...all.at(-1), [record.raw]: decoder.decode(bytes) }))
    },
  }
}

/** A text, or the list of its bytes. */
function bytesOf(value: unknown): Uint8Array {
  return Array.isArray(value) ? Uint8Array.from(value) : encoder.encode(String(value))
}

/** The header of a line names its stream and says whether it is a part. The bytes of a character may be in two parts. */
function splitterOfText({ name, header, partHeader }: TextLineEnvelope): Splitter {
  const headerOf = (line: Uint8Array): string => header.exec(latin1(line.subarray(0, MAX_HEADER_BYTES)))?.[0] ?? ''
  const isContinued = (headerText: string): boolean => partHeader?.test(headerText) ?? false
  return {
    mayBePart: (bytes, start, end) =>
      beginsWithTime(bytes, start) &&
      isContinued(latin1(bytes.subarray(start, Math.min(end, start + MAX_HEADER_BYTES)))),
    partOf(line) {
      const text = headerOf(line)
      const stream = text.split(' ').find(word => STREAMS.includes(word))
      return stream === undefined ? undefined : { stream: `${name}:${stream}`, isContinued: isContinued(text) }
    },
    join(parts) {
      const last = parts.at(-1) ?? new Uint8Array()
      const texts = parts.map(part => part.subarray(headerOf(part).length))
      return concatenated([last.subarray(0, headerOf(last).length), ...texts])
    },
  }
}

/** True for an object whose first key begins like the fields of the journal, and like those of no other log. */
function beginsWithCapital(bytes: Uint8Array, start: number): boolean {
  const letter = bytes[start + 2] ?? 0
  const isCapital = letter === UNDERSCORE || (letter >= 0x41 && letter <= 0x5a)
  return isCapital && bytes[start] === BRACE && bytes[start + 1] === QUOTE
}

/** Also true for some lines that begin otherwise: their headers are looked at. */
const beginsWithTime = (bytes: Uint8Array, start: number): boolean =>
  bytes[start + 4] === HYPHEN && bytes[start + 10] === T
const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

function beginsWith(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start < text.length) return false
  for (let index = 0; index < text.length; index++) if (bytes[start + index] !== text[index]) return false
  return true
}

/** True where a text is among the bytes. */
function isWithin(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  const [first = 0] = text
  for (let at = bytes.indexOf(first, start); at >= 0 && at < end; at = bytes.indexOf(first, at + 1)) {
    if (beginsWith(bytes, at, end, text)) return true
  }
  return false
}

/** How far from its end a line is searched for the end of its text: behind it are the stream and the time. */
const END_BYTES = 256
const [BACKSLASH, N, QUOTE, COMMA] = [0x5c, 0x6e, 0x22, 0x2c]
const STREAM_KEYS = ['"stream":', ' "stream":'].map(key => encoder.encode(key))

/** True where the text of a line certainly ends with an escaped newline: it is followed by the key of the stream. */
function endsWithNewline(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = end - 5; at > start && at > end - END_BYTES; at--) {
    if (bytes[at] !== BACKSLASH || bytes[at + 1] !== N || bytes[at - 1] === BACKSLASH) continue
    if (bytes[at + 2] !== QUOTE || bytes[at + 3] !== COMMA) continue
    if (STREAM_KEYS.some(key => beginsWith(bytes, at + 4, end, key))) return true
  }
  return false
}

function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let filled = 0
  for (const piece of pieces) {
    all.set(piece, filled)
    filled += piece.length
  }
  return all
}
