import { consoleTextIn } from '../../../decoding/console-text.ts'
import { splitLines } from '../../../decoding/envelopes/registry.ts'
import type { ConsoleText } from '../../../decoding/toolkit/record.ts'
import type { FileContent } from './content.ts'
import { firstEntryOf } from './framing.ts'
import { type LineSpan, MAX_LINE_BYTES } from './lines.ts'

/** Parts of records that are not complete. */
export interface PendingParts {
  /**
   * By runtime and stream: where each part begins and ends in the file, one pair of bytes after the other. Below 0: in
   * `carried`, counted from its end. Without a pair: the rest of a record that is too long, which is passed over.
   */
  readonly spans: Readonly<Record<string, readonly number[]>>
  /** Parts from the file whose place this one took, without newlines. At most `MAX_LINE_BYTES` for each stream. */
  readonly carried?: Buffer
}

export const noParts: PendingParts = { spans: {} }

/** Streams with an incomplete record: there is one for each start of a program. The oldest one is given up first. */
const MAX_STREAMS = 64

/** Parts of a record; one of more is too long, as one of more than `MAX_LINE_BYTES` is. */
const MAX_PARTS = 256

const NEWLINE = 10

/** The lines of a chunk in their order: those that are whole, and the records that end in it. */
export type Piece = { readonly whole: LineSpan } | { readonly parts: readonly number[] }

export interface JoinedLines {
  readonly pieces: readonly Piece[]
  /** Parts that are still pending after the chunk. */
  readonly parts: PendingParts
  readonly tooLong: number
  /** Records that were given up. */
  readonly incomplete: number
  /** Present where some records are of a console in plain text. With what a later part begins a client may have chosen. */
  readonly consoleText: ConsoleText | undefined
}

/**
 * Separates parts of records from whole lines.
 *
 * @param lines complete lines
 * @param offset where they begin in the file
 * @param pending parts that precede them
 * @param placeOf where a line begins or ends in the file, counted from the offset
 */
export function joinParts(
  lines: Buffer,
  offset: number,
  pending: PendingParts,
  placeOf = (byte: number) => byte,
): JoinedLines {
  const parts = new Map(Object.entries(pending.spans))
  const pieces: Piece[] = []
  let [tooLong, incomplete, whole] = [0, 0, 0]
  let consoleText: ConsoleText | undefined
  const takeWhole = (end: number): void => {
    if (end > whole) pieces.push({ whole: { start: whole, end } })
  }
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf(NEWLINE, start)
    const mayBelong = parts.size > 0 || splitLines.mayBePart(lines, start, end)
    const part = mayBelong && end - start <= MAX_LINE_BYTES ? splitLines.partOf(lines.subarray(start, end)) : undefined
    const known = part === undefined ? undefined : parts.get(part.stream)
    if (known === undefined) consoleText = consoleTextIn(lines, start, end, consoleText)
    if (part !== undefined && (known !== undefined || part.isContinued)) {
      takeWhole(start)
      whole = end + 1
      const isPassedOver = known?.length === 0
      const all = isPassedOver ? [] : [...(known ?? []), offset + placeOf(start), offset + placeOf(end)]
      const isTooLong = !isPassedOver && exceeds(all)
      if (isTooLong) tooLong++
      if (part.isContinued) {
        parts.set(part.stream, isTooLong ? [] : all)
        if (parts.size > MAX_STREAMS && giveUpOldest(parts)) incomplete++
      } else {
        parts.delete(part.stream)
        if (!isPassedOver && !isTooLong) pieces.push({ parts: all })
      }
    }
    start = end + 1
  }
  takeWhole(lines.length)
  const left = pendingParts(Object.fromEntries(parts), pending.carried)
  return { pieces, parts: left, tooLong, incomplete, consoleText }
}

/** True where the record of the stream was not counted yet. */
function giveUpOldest(parts: Map<string, readonly number[]>): boolean {
  const [stream = '', spans = []] = parts.entries().next().value ?? []
  parts.delete(stream)
  return spans.length > 0
}

/** What was carried is kept while a record needs it. */
export function pendingParts(spans: PendingParts['spans'], carried: Buffer | undefined): PendingParts {
  const all = Object.values(spans)
  if (all.length === 0) return noParts
  return carried === undefined || !all.some(isCarried) ? { spans } : { spans, carried }
}

/** The parts that are pending without the records that began in another file, and how many those are. */
export function withoutCarried({ spans }: PendingParts): { readonly parts: PendingParts; readonly incomplete: number } {
  const own = Object.entries(spans).filter(([, record]) => !isCarried(record))
  const incomplete = Object.keys(spans).length - own.length
  return { parts: pendingParts(Object.fromEntries(own), undefined), incomplete }
}

function isCarried([first = 0]: readonly number[]): boolean {
  return first < 0
}

function exceeds(parts: readonly number[]): boolean {
  return parts.length > 2 * MAX_PARTS || bytesOf(parts) > MAX_LINE_BYTES
}

function bytesOf(parts: readonly number[]): number {
  return parts.reduce((sum, byte, index) => (index % 2 === 0 ? sum - byte : sum + byte), 0)
}

/** How many records are incomplete and not yet counted. */
export function pendingRecords({ spans }: PendingParts): number {
  return Object.values(spans).filter(({ length }) => length > 0).length
}

/**
 * The line that a record's parts were before it was split, with its newline. Undefined where the file no longer holds
 * them, `lost` where they cannot be joined.
 *
 * @param lineOf how a part is read as a line
 */
export async function readParts(
  handle: FileContent,
  spans: readonly number[],
  carried?: Buffer,
  lineOf = (part: Buffer) => part,
): Promise<Buffer | 'lost' | undefined> {
  const lines = await readSpans(handle, spans, carried, lineOf)
  const line = lines === undefined ? undefined : splitLines.join(lines)
  if (lines === undefined) return undefined
  return line === undefined ? 'lost' : Buffer.concat([line, Buffer.of(NEWLINE)])
}

/** Each part as a line without its newline; undefined where the file no longer holds them. */
async function readSpans(
  handle: FileContent,
  spans: readonly number[],
  carried: Buffer = Buffer.alloc(0),
  lineOf = (part: Buffer) => part,
): Promise<readonly Buffer[] | undefined> {
  const lines: Buffer[] = []
  for (let index = 0; index < spans.length; index += 2) {
    const [start, end] = spans.slice(index, index + 2) as [number, number]
    if (start < 0) {
      lines.push(lineOf(carried.subarray(carried.length + start, carried.length + end)))
      continue
    }
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start)
    if (bytesRead < end - start) return undefined
    lines.push(lineOf(buffer))
  }
  return lines
}

/**
 * The parts that are pending at the end of a file, as they are pending at the beginning of the file that took its place.
 * Undefined where the file no longer holds them.
 */
export async function carryParts(
  handle: FileContent,
  { spans, carried }: PendingParts,
): Promise<PendingParts | undefined> {
  const read: (readonly [stream: string, lines: readonly Buffer[]])[] = []
  for (const [stream, record] of Object.entries(spans)) {
    const lines = await readSpans(handle, record, carried)
    if (lines === undefined) return undefined
    read.push([stream, lines])
  }
  const bytes = Buffer.concat(read.flatMap(([, lines]) => lines))
  let at = -bytes.length
  const moved: Record<string, readonly number[]> = {}
  for (const [stream, lines] of read) {
    const record: number[] = []
    for (const { length } of lines) {
      record.push(at, at + length)
      at += length
    }
    moved[stream] = record
  }
  return pendingParts(moved, bytes)
}

/** The parts that are pending at the beginning of a line, found in what precedes it. Entries of a journal have none. */
export async function partsBefore(handle: FileContent, offset: number): Promise<PendingParts> {
  if ((await firstEntryOf(handle)) !== undefined) return noParts
  const from = Math.max(0, offset - MAX_LINE_BYTES)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(offset - from), 0, offset - from, from)
  const first = from === 0 ? 0 : buffer.indexOf(NEWLINE) + 1
  const lines = buffer.subarray(first, buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1)
  return joinParts(lines, from + first, noParts).parts
}
