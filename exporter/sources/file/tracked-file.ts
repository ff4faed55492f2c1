import type { EpochMs } from '../../../core/clock.ts'
import { sequenceAt } from '../../../decoding/envelopes/journal-export.ts'
import { type FileContent, isReached } from './content.ts'
import { type Encoding, endOfFirstLine, endOfLastLine, textOf, wholeUnits } from './encoding.ts'
import { beginsLike, contentName, fingerprintOf, HEAD_BYTES, readHead, tailBefore } from './fingerprint.ts'
import type { ForgeablePaths } from './forgeable-paths.ts'
import {
  bytesToNextEntry,
  entriesIn,
  FIRST_ENTRY_BYTES,
  type FirstEntry,
  type Framing,
  firstEntryIn,
  framingOf,
  lineOfEntry,
} from './framing.ts'
import { timeOfLastLine } from './line-time.ts'
import { MAX_LINE_BYTES, type ScannedLines, sampleOf } from './lines.ts'
import { joinParts, noParts, type PendingParts, pendingRecords, readParts } from './parts.ts'
import { type FilePosition, forgeableAt, holdsUpTo, newPosition, withForgeable, withHead } from './position.ts'
import type { Chunk, ReadAhead, Scan } from './read-ahead.ts'
import { nothingRead, type ReadLines, sumOf } from './read-lines.ts'
import { RecentBytes } from './recent-bytes.ts'
import { FileRecords } from './records.ts'

/** One file that is followed, by an open handle: it stays readable when it is renamed or deleted. */
export class TrackedFile {
  readonly key: string
  readonly handle: FileContent
  position: FilePosition
  /** When it was first and last found under one of the patterns by this process, and when it last grew: monotonic milliseconds. */
  firstSeen = 0
  lastSeen = 0
  lastGrowth = Number.NEGATIVE_INFINITY
  /** False where it was not found at the last look: its path may be that of another file. */
  isFound = true
  /** The path that it had at the last look, where it was renamed since. */
  movedFrom: string | undefined
  /** When it was last written, nanoseconds since 1970. */
  modified = 0n
  /** Set while another file holds the same content and is read: the key of that file. */
  copyOf: string | undefined
  /** Bytes that are known to equal those of the file that it is a copy of. */
  equalTo = 0
  /** Files that it was compared with and differs from, with the first byte that differs. */
  readonly differsFrom = new Map<string, number>()
  /** Bytes of the file that it follows that are read before it. */
  waitsUntil: number | undefined
  /** When parts of records were carried to it, monotonic milliseconds. */
  carriedAt = 0
  /** True where the last read did not get as far as the offset: others have their turn. */
  isOnTheWay = false
  /** Why it is left: it was moved, or a link no longer leads to it, and it may return; or it was deleted, and copies of it may come. */
  leftAs: 'moved' | 'deleted' | undefined
  /** True while a compressed file is not known to hold what another one held: it is not read. */
  isForeign = false
  /** False while its first line is not complete: until then it may become a copy of a file that is followed. */
  isPlaced = false
  /** What it began with when it was looked at last. */
  head: Buffer = Buffer.alloc(0)
  /** Time of the last line that was read minus the reader's clock; undefined while only old lines were read. */
  clockSkew: number | undefined
  #wasReadToEnd = false
  readonly #records: FileRecords
  readonly #recent = new RecentBytes()
  #readTo: number
  readonly #limit: number

  /** Nothing from the byte `limit` on is read. */
  constructor(key: string, handle: FileContent, position: FilePosition, limit = Number.MAX_SAFE_INTEGER) {
    this.#limit = limit
    this.key = key
    this.handle = handle
    this.#records = new FileRecords(key)
    this.position = position
    this.#readTo = position.offset
  }

  /** True when there may be complete lines to read. */
  get hasUnread(): boolean {
    if (this.position.beginningOf !== undefined) return false
    return this.isPlaced && this.copyOf === undefined && Math.min(this.position.size, this.#limit) > this.#readTo
  }

  /**
   * Looks at the size, the beginning and what was read last. Returns the position that is gone when the content
   * is another one.
   */
  async refresh(): Promise<FilePosition | undefined> {
    const found = await this.handle.stat({ bigint: true })
    const size = Number(found.size)
    const before = this.position
    this.head = await readHead(this.handle)
    const isReplaced =
      size < before.offset || !beginsLike(this.head, before.fingerprint) || !(await this.#keepsTail(found.mtimeNs))
    this.modified = found.mtimeNs
    if (!isReplaced && size === before.size && this.head.length === before.fingerprint.length) return undefined
    const kept = isReplaced ? newPosition({ ...before, generation: before.generation + 1 }) : before
    this.moveTo(withHead({ ...kept, size }, this.head))
    return isReplaced ? before : undefined
  }

  async #keepsTail(modified: bigint): Promise<boolean> {
    const { tail, offset } = this.position
    if (tail === undefined || modified === this.modified) return true
    const found = await tailBefore(this.handle, offset, tail.length)
    // What cannot be read for a moment, as on a network file system, is no proof of another content.
    return found.length < tail.length || found.hash === tail.hash
  }

  /** True while the file still is what it was when it was looked at last, as far as it was read. */
  async isIntact(): Promise<boolean> {
    const size = Number((await this.handle.stat({ bigint: true })).size)
    if (size < this.position.size) return false
    return holdsUpTo(this.position, this.handle, size, await readHead(this.handle))
  }

  /** True when the file holds everything that was read up to a position, in whichever file that was. */
  holds(position: FilePosition): Promise<boolean> {
    return holdsUpTo(position, this.handle, this.position.size, this.head)
  }

  /** True where what was seen of it ends within an entry of a journal: the rest may be in the file that took its place. */
  get endsWithinEntry(): boolean {
    const { size, offset, inLongLine } = this.position
    return this.#framing(this.head) === 'journal-export' && (inLongLine || size > offset)
  }

  /** A look begins: whether it is found, and where, is not known yet. */
  beginLook(): void {
    this.isFound = false
    this.movedFrom = undefined
  }

  /** It was renamed. */
  moveToPath(path: string): void {
    this.hadPath(this.position.path)
    this.position = { ...this.position, path }
  }

  /** The path that it had at the last look, also of an earlier process. */
  hadPath(path: string): void {
    this.position = { ...this.position, rotatedFrom: path }
    this.movedFrom = path
  }

  /** What begins a file that took one of these paths may have been written by a client, as what ended the last one. */
  continuePath(paths: ForgeablePaths): void {
    const { path, offset, begin, forgeableTo } = this.position
    const text = paths.textAt(path)
    if (offset !== begin || text === undefined || forgeableTo?.[text] !== undefined) return
    this.position = withForgeable(this.position, text, begin)
  }

  /** Continues from another position. */
  moveTo(position: FilePosition): void {
    if (position.offset !== this.position.offset || position.generation !== this.position.generation) {
      this.#readTo = position.offset
      this.#recent.forget()
    }
    this.position = position
  }

  /** Reads on. */
  async read(reader: ReadAhead, scan: Scan, now: EpochMs): Promise<ReadLines> {
    this.isOnTheWay = !(await isReached(this.handle, this.position.offset))
    if (this.isOnTheWay) return nothingRead
    const read = await reader.chunk(this.handle, this.position.offset, this.#limit, this.#framing(this.head))
    const chunk = read.bytes
    const framing = this.#framing(read.head)
    this.#readTo = this.position.offset + chunk.length
    if (chunk.length > 0) this.position = await this.#recent.recall(this.handle, this.position)
    if (chunk.length === 0 || !beginsLike(read.head, this.position.fingerprint)) {
      // Truncated since the last look; the next one finds out and counts the loss.
      this.#readTo = this.position.size
      return nothingRead
    }
    if (framing === 'journal-export') return this.#readEntries(read, scan, now)
    const first = framing === 'utf-8' ? this.#firstEntry(chunk) : undefined
    if (first !== undefined) return this.#enterEntries(chunk, first, scan)
    if (this.position.inLongLine) return this.#skipLongLine(chunk, framing)
    const consumed = endOfLastLine(chunk, framing)
    if (consumed === 0 && chunk.length <= MAX_LINE_BYTES) return nothingRead
    this.#nameContent(chunk)
    if (consumed === 0) {
      this.#advance(chunk.subarray(0, wholeUnits(chunk.length, framing)), { inLongLine: true })
      return { ...nothingRead, tooLong: 1 }
    }
    const complete = chunk.subarray(0, consumed)
    if (framing !== 'utf-8') return this.#readUtf16(complete, framing, scan, now)
    const known = Math.min(this.position.size, this.#limit)
    if (this.#readTo < known) reader.prepare(this.handle, this.position.offset + consumed, known)
    const found = await reader.lines(read, scan)
    const passed = 'decoded' in found ? found.decoded : found.scanned
    if (passed.mayHaveParts || this.position.parts !== noParts) {
      const joined = await this.#joined(complete, consumed, scan)
      return joined === undefined ? nothingRead : this.#take(complete, joined.lines, now, { parts: joined.parts })
    }
    this.#notice(passed, consumed)
    return this.#take(complete, this.#records.found(this.position, found, chunk), now)
  }

  /** Entries of a journal are searched as JSON lines; the ids of their records count the bytes of the file. */
  async #readEntries({ bytes, head }: Chunk, scan: Scan, now: EpochMs): Promise<ReadLines> {
    const known = this.position.sequence ?? sequenceAt(head, 0)
    if (this.position.inLongLine) return this.#skipEntry(bytes, known ?? '')
    const { lines, placeOf, end, rest, sequence = known } = entriesIn(bytes)
    const isTooLong = end === 0 && bytes.length > MAX_LINE_BYTES
    const isBroken = rest === 'malformed' || isTooLong
    const inLongLine = isBroken && known !== undefined
    if (end === 0 && isBroken && !inLongLine) return this.#leaveEntries(isTooLong ? bytes : bytes.subarray(0, 0))
    if (end === 0 && !inLongLine) return nothingRead
    this.#nameContent(bytes)
    const scanned = scan(lines)
    const isJoined = scanned.mayHaveParts || this.position.parts !== noParts
    if (!isJoined) this.#notice(scanned, end)
    const joined = isJoined
      ? await this.#joined(lines, end, scan, placeOf, lineOfEntry)
      : { lines: this.#records.scanned(this.position, scanned, lines, placeOf), parts: noParts }
    if (joined === undefined) return nothingRead
    const left = { tooLong: isTooLong ? 1 : 0, incomplete: rest === 'malformed' && inLongLine ? 1 : 0 }
    const read = sumOf([joined.lines, { ...nothingRead, ...left }])
    const passed = bytes.subarray(0, inLongLine ? end + 1 : end)
    const isKnown =
      known !== undefined || this.position.offset + end > (this.position.entriesFrom ?? 0) + FIRST_ENTRY_BYTES
    const change = { parts: joined.parts, inLongLine, ...(isKnown && sequence !== undefined ? { sequence } : {}) }
    const taken = this.#take(passed, read, now, change, lines)
    if (isBroken) this.#readTo = this.position.offset
    return taken
  }

  /** The first entry in what is read as lines: of the journal whose entries the file held, or, near its beginning, of any. */
  #firstEntry(chunk: Buffer): FirstEntry | undefined {
    const { sequence, offset, inLongLine } = this.position
    // What the file begins with may be the rest of an entry that a client wrote.
    if (sequence !== undefined && offset === 0) this.position = withForgeable(this.position, 'bare', 0)
    const isNearBeginning = offset <= FIRST_ENTRY_BYTES && !inLongLine
    // Without a sequence no entry is certain: most chunks need no search.
    if (sequence === undefined && !isNearBeginning) return undefined
    const first = firstEntryIn(chunk, sequence)
    return first?.isCertain || isNearBeginning ? first : undefined
  }

  /** Reads entries from the first one on. What precedes it is the rest of one; lines, where that is not certain. */
  #enterEntries(chunk: Buffer, { start, sequence, isCertain, entries }: FirstEntry, scan: Scan): ReadLines {
    const { offset, begin, parts } = this.position
    const passed = chunk.subarray(0, start)
    this.#nameContent(chunk)
    const { sequence: _left, forgeableTo, ...position } = this.position
    // No line that precedes an entry ends it.
    if (isCertain) this.position = { ...position, forgeableTo: { ...forgeableTo, bare: 0 } }
    else this.position = withForgeable({ ...position, forgeableTo: forgeableTo ?? {} }, 'bare', offset + start)
    const lines = isCertain ? nothingRead : this.#records.scanned(this.position, scan(passed), passed)
    const isWithin = start > 0 || offset > begin
    const change = { entriesFrom: offset + start, inLongLine: false, parts: noParts }
    this.#advance(passed, isCertain ? { ...change, sequence } : change)
    this.#readTo = this.position.offset
    const incomplete = pendingRecords(parts) + entries + (isWithin ? 1 : 0)
    return sumOf([lines, { ...nothingRead, incomplete }])
  }

  /** What had the form of an entry is none: a client may have written it among lines. */
  #leaveEntries(bytes: Buffer): ReadLines {
    const { entriesFrom: _left, ...position } = this.position
    this.position = position
    const passed = endOfFirstLine(bytes, 'utf-8')
    this.#advance(bytes.subarray(0, passed), {})
    this.#readTo = this.position.offset
    return { ...nothingRead, skipped: passed === 0 ? 0 : 1 }
  }

  #skipEntry(bytes: Buffer, sequence: string): ReadLines {
    const { length, isFound, entries } = bytesToNextEntry(bytes, sequence)
    this.#advance(bytes.subarray(0, length), { inLongLine: !isFound })
    if (isFound) this.#readTo = this.position.offset
    return { ...nothingRead, incomplete: entries }
  }

  #framing(head: Buffer): Framing {
    const { offset, entriesFrom } = this.position
    return framingOf(head, entriesFrom !== undefined && offset >= entriesFrom)
  }

  /** Lines of UTF-16 are searched as UTF-8; the ids of their records count the bytes of the file. */
  #readUtf16(complete: Buffer, encoding: Encoding, scan: Scan, now: EpochMs): ReadLines {
    const utf8 = Buffer.from(textOf(complete, encoding))
    const scanned = scan(utf8)
    this.#notice(scanned, complete.length)
    let [before, units] = [0, 0]
    const { records, ...passed } = this.#records.scanned(this.position, scanned, utf8, start => {
      units += utf8.toString('utf8', before, start).length
      before = start
      return 2 * units
    })
    return this.#take(complete, { ...passed, records }, now, {}, utf8)
  }

  /** What was found in some complete lines. */
  #take(
    complete: Buffer,
    lines: ReadLines,
    now: EpochMs,
    change: Partial<FilePosition> = {},
    utf8 = complete,
  ): ReadLines {
    const time = timeOfLastLine(utf8)
    const forgeable = forgeableAt(this.position.forgeableTo, this.position.offset)
    this.#advance(complete, { parts: noParts, ...change, ...(time === undefined ? {} : { time: Math.min(time, now) }) })
    if (time !== undefined) this.#compareClocks(time, now)
    return {
      ...lines,
      samples: { place: this.#records.placeAt(this.position.path), forgeable, lines: () => sampleOf(utf8) },
    }
  }

  /** Lines of a backlog are old, which says nothing of the clock; a line from the future always does. */
  #compareClocks(time: EpochMs, now: EpochMs): void {
    if (this.#wasReadToEnd || time > now) this.clockSkew = time - now
    this.#wasReadToEnd ||= !this.hasUnread
  }

  /**
   * Lines of which some are parts of records. The parts before them are read again from the file. Undefined where it no
   * longer holds them.
   *
   * @param length bytes of the file that they take
   * @param placeOf where a line begins or ends in the file, counted from its offset
   * @param lineOf how a part that is read again is made a line
   */
  async #joined(
    complete: Buffer,
    length: number,
    scan: Scan,
    placeOf = (byte: number) => byte,
    lineOf = (part: Buffer) => part,
  ): Promise<{ readonly lines: ReadLines; readonly parts: PendingParts } | undefined> {
    const { offset, parts: pending, fingerprint } = this.position
    const { pieces, parts, tooLong, incomplete, ...found } = joinParts(complete, offset, pending, placeOf)
    this.#notice(found, length)
    const read: ReadLines[] = [{ ...nothingRead, tooLong, incomplete }]
    for (const piece of pieces) {
      if ('whole' in piece) {
        const { start, end } = piece.whole
        const lines = complete.subarray(start, end)
        read.push(this.#records.scanned(this.position, scan(lines), lines, at => placeOf(start + at)))
        continue
      }
      const line = await readParts(this.handle, piece.parts, pending.carried, lineOf)
      if (line === undefined || !beginsLike(await readHead(this.handle), fingerprint)) {
        // Truncated since the chunk was read; the next look finds out.
        this.#readTo = this.position.size
        return undefined
      }
      if (line === 'lost') read.push({ ...nothingRead, incomplete: 1 })
      else read.push(this.#records.scanned(this.position, scan(line), line, () => (piece.parts[0] as number) - offset))
    }
    return { lines: sumOf(read), parts }
  }

  /** The last line of a file that is no longer written, although no newline ends it. */
  async readRest(reader: ReadAhead): Promise<ReadLines> {
    const framing = this.#framing(this.head)
    const { bytes: chunk } = await reader.chunk(this.handle, this.position.offset, this.#limit, framing)
    const incomplete = pendingRecords(this.position.parts)
    if (chunk.length === 0 || this.position.inLongLine || this.position.beginningOf !== undefined) {
      return { ...nothingRead, incomplete }
    }
    if (framing === 'journal-export') return { ...nothingRead, incomplete: incomplete + 1 }
    this.#nameContent(chunk)
    const record = this.#records.of(this.position, textOf(chunk, framing), 0)
    this.#advance(chunk, {})
    return { ...nothingRead, records: [record], incomplete }
  }

  /** Where lines of a console in plain text are among those that are read, or near before them. */
  #notice({ consoleText }: Pick<ScannedLines, 'consoleText'>, length: number): void {
    this.position = withForgeable(this.position, consoleText, this.position.offset + length)
  }

  /** Where a file grew between look and read, its first line is complete only now. */
  #nameContent(chunk: Buffer): void {
    if (this.position.content !== undefined) return
    const content = contentName(chunk.subarray(0, HEAD_BYTES)) ?? fingerprintOf(chunk).hash
    this.position = { ...this.position, content }
  }

  #skipLongLine(chunk: Buffer, encoding: Encoding): ReadLines {
    const end = endOfFirstLine(chunk, encoding)
    const skipped = chunk.subarray(0, end === 0 ? wholeUnits(chunk.length, encoding) : end)
    this.#advance(skipped, { inLongLine: end === 0 })
    this.#readTo = this.position.offset
    return nothingRead
  }

  #advance(read: Buffer, change: Partial<FilePosition>): void {
    const framing = this.#framing(this.head)
    this.position = { ...this.#recent.advanced(this.position, read, framing), ...change }
  }
}
