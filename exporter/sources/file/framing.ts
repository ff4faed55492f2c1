import {
  BEGINNING,
  beginningOf,
  endOfEntry,
  jsonOfEntry,
  looksLikeEntry,
  sequenceAt,
} from '../../../decoding/envelopes/journal-export.ts'
import type { FileContent } from './content.ts'
import { type Encoding, encodingOf, endOfFirstLine, endOfLastLine, textOf } from './encoding.ts'
import { readHead } from './fingerprint.ts'
import { MAX_LINE_BYTES } from './lines.ts'

/**
 * How the records of a file are separated: by newlines in an encoding, or as entries of systemd's journal in its export
 * format, whose values may hold newlines.
 */
export type Framing = Encoding | 'journal-export'

/**
 * By what a file begins with.
 *
 * @param isAmongEntries true where its first entry was found, in a file that begins within one
 */
export function framingOf(head: Buffer, isAmongEntries = false): Framing {
  return isAmongEntries || sequenceAt(head, 0) !== undefined ? 'journal-export' : encodingOf(head)
}

/** True where the bytes, which begin with a record, hold its end, or will never hold it. */
export function hasFirstRecord(bytes: Buffer, framing: Framing): boolean {
  return framing === 'journal-export' ? endOfEntry(bytes, 0) !== 'incomplete' : endOfFirstLine(bytes, framing) > 0
}

const NEWLINE = 10
const STEP_BYTES = 256 * 1024

/** The byte after the last record of bytes that begin with one, 0 where there is none. */
export function endOfLastRecord(bytes: Buffer, framing: Framing): number {
  return framing === 'journal-export' ? walk(bytes, () => undefined).end : endOfLastLine(bytes, framing)
}

/** In what encoding the newlines of a file are. */
export const encodingIn = (framing: Framing): Encoding => (framing === 'journal-export' ? 'utf-8' : framing)

/** Where the last whole entry ends, and what follows it. */
interface Walked {
  readonly end: number
  readonly rest: 'incomplete' | 'malformed'
}

/** Walks from entry to entry. */
function walk(bytes: Buffer, take: (start: number, end: number) => void): Walked {
  let end = 0
  for (let start = skipPadding(bytes, 0); start < bytes.length; start = skipPadding(bytes, end)) {
    const found = endOfEntry(bytes, start)
    if (typeof found === 'string') return { end, rest: found }
    take(start, found)
    end = found
  }
  return { end, rest: 'incomplete' }
}

/** The entries in a part of a file, which begins with one. */
export interface Entries extends Walked {
  /** The entries as JSON lines. */
  readonly lines: Buffer
  /** Where the entry of a line begins in the part of the file, or ends, by the byte where the line begins or ends. */
  readonly placeOf: (byte: number) => number
  /** That of the last entry. */
  readonly sequence: string | undefined
}

export function entriesIn(bytes: Buffer): Entries {
  const lines: string[] = []
  const places = new Map<number, number>()
  let length = 0
  let last = 0
  const walked = walk(bytes, (start, end) => {
    const line = `${jsonOfEntry(bytes.subarray(start, end))}\n`
    places.set(length, start)
    length += Buffer.byteLength(line)
    places.set(length - 1, end)
    lines.push(line)
    last = start
  })
  const placeOf = (byte: number) => places.get(byte) ?? walked.end
  return { ...walked, lines: Buffer.from(lines.join('')), placeOf, sequence: sequenceAt(bytes, last) }
}

/** What a file begins with, as lines of text; from its first entry on where it begins within one. */
export function textOfHead(head: Buffer): string {
  const from = framingOf(head) === 'utf-8' ? (firstEntryIn(head)?.start ?? 0) : 0
  const framing = framingOf(head, from > 0)
  return framing === 'journal-export' ? entriesIn(head.subarray(from)).lines.toString('utf8') : textOf(head, framing)
}

/** The JSON line of an entry. */
export const lineOfEntry = (entry: Buffer): Buffer => Buffer.from(jsonOfEntry(entry))

/** Empty lines, and the NULs that a writer leaves whose file was truncated. */
function skipPadding(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] === NEWLINE || bytes[at] === 0) at++
  return at
}

/** Bytes to pass over from a place within an entry. */
export interface PassedOver {
  readonly length: number
  /** True where an entry of the sequence follows them. */
  readonly isFound: boolean
  /** Entries that seem to begin in them: those of another sequence are lost. */
  readonly entries: number
}

/**
 * How many bytes to pass over from a place within an entry, up to the next entry of a sequence. That is found by the id of
 * the sequence, which no client of a program knows: what a client wrote into a value is not taken for an entry.
 */
export function bytesToNextEntry(bytes: Buffer, sequence: string): PassedOver {
  const mark = beginningOf(sequence)
  const at = bytes.indexOf(mark)
  const length = at < 0 ? Math.max(0, bytes.length - mark.length + 1) : at
  return { length, isFound: at >= 0, entries: beginningsBefore(bytes, length) }
}

/** The first entry of a journal in what a file holds before it. */
export interface FirstEntry {
  readonly start: number
  readonly sequence: string
  /** False where only its form shows it: a client that can write lines can write such an entry. */
  readonly isCertain: boolean
  /** Entries that seem to begin before it. */
  readonly entries: number
}

/** How much of a file may precede the first entry that only its form shows: no message of a client is longer. */
export const FIRST_ENTRY_BYTES = MAX_LINE_BYTES

/**
 * The first entry in bytes that do not begin with one: one of a known sequence, else what begins a line and has the form
 * of an entry.
 */
export function firstEntryIn(bytes: Buffer, sequence?: string): FirstEntry | undefined {
  if (sequence !== undefined) {
    const { length: start, isFound, entries } = bytesToNextEntry(bytes, sequence)
    if (isFound) return { start, sequence, isCertain: true, entries }
  }
  for (let start = bytes.indexOf(BEGINNING); start >= 0; start = bytes.indexOf(BEGINNING, start + 1)) {
    const found = start === 0 || bytes[start - 1] === NEWLINE ? sequenceAt(bytes, start) : undefined
    if (found === undefined || !looksLikeEntry(bytes, start)) continue
    return { start, sequence: found, isCertain: false, entries: 0 }
  }
  return undefined
}

/** The first entry of a file; undefined where it holds lines. */
export async function firstEntryOf(handle: FileContent): Promise<FirstEntry | undefined> {
  const head = await readHead(handle)
  const sequence = sequenceAt(head, 0)
  if (sequence !== undefined) return { start: 0, sequence, isCertain: true, entries: 0 }
  // What is compressed would have to be read again.
  if (encodingOf(head) !== 'utf-8' || handle.reach !== undefined) return undefined
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(FIRST_ENTRY_BYTES), 0, FIRST_ENTRY_BYTES, 0)
  return firstEntryIn(buffer.subarray(0, bytesRead))
}

function beginningsBefore(bytes: Buffer, end: number): number {
  let count = 0
  for (let at = bytes.indexOf(BEGINNING); at >= 0 && at < end; at = bytes.indexOf(BEGINNING, at + 1)) count++
  return count
}

/**
 * The first byte of the entry that the byte `at` of a file belongs to: only from the first one on it is certain. Undefined
 * where what had the form of an entry is none, or follows the byte.
 */
export async function startOfEntry(handle: FileContent, at: number, first: FirstEntry): Promise<number | undefined> {
  const buffer = Buffer.alloc(Math.min(at, MAX_LINE_BYTES + STEP_BYTES))
  let { start } = first
  if (start > at) return undefined
  for (let isWithin = false; start < at; ) {
    const wanted = Math.min(buffer.length, at - start)
    const { bytesRead } = await handle.read(buffer, 0, wanted, start)
    const bytes = buffer.subarray(0, bytesRead)
    if (isWithin) {
      const { length, isFound } = bytesToNextEntry(bytes, first.sequence)
      isWithin = !isFound
      start += length
      if (isWithin && (length === 0 || bytesRead < wanted)) return start
      continue
    }
    const { end, rest } = walk(bytes, () => undefined)
    start += end
    if (rest === 'malformed' || (end === 0 && bytesRead > MAX_LINE_BYTES)) {
      if (!first.isCertain) return undefined
      start++
      isWithin = true
    } else if (end === 0 || bytesRead < wanted) return start
  }
  return start
}
