import type { EpochMs } from '../../../core/clock.ts'
import { sequenceAt } from '../../../decoding/envelopes/journal-export.ts'
import type { ConsoleText } from '../../../decoding/toolkit/record.ts'
import type { DecodedLines } from '../../contracts/lines-decoding.ts'
import type { Place, SourceRecord } from '../../contracts/source.ts'
import { CHECKPOINT_BYTES, checkpointsIn, thinned } from './checkpoints.ts'
import { type FileContent, isReached } from './content.ts'
import { type Encoding, endOfFirstLine, endOfLastLine, textOf, wholeUnits } from './encoding.ts'
import {
  beginsLike,
  contentName,
  digest,
  fingerprintOf,
  HEAD_BYTES,
  readHead,
  tailBefore,
  tailOf,
} from './fingerprint.ts'
import { bytesToNextEntry, entriesIn, type Framing, framingOf, lineOfEntry } from './framing.ts'
import { timeOfLastLine } from './line-time.ts'
import { MAX_LINE_BYTES, type ScannedLines, sampleOf } from './lines.ts'
import { joinParts, noParts, type PendingParts, pendingRecords, readParts } from './parts.ts'
import { type FilePosition, forgeableAt, holdsUpTo, newPosition, withForgeable } from './position.ts'
import type { Chunk, ReadAhead, Scan } from './read-ahead.ts'
import { nothingRead, type ReadLines, sumOf } from './read-lines.ts'

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
  /** The path that it had before, where it was renamed or is a copy of what was read there. */
  rotatedFrom: string | undefined
  /** Bytes of the file that it follows that are read before it. */
  waitsUntil: number | undefined
  /** When parts of records were carried to it, monotonic milliseconds. */
  carriedAt = 0
  /** True where the last read did not get as far as the offset: others have their turn. */
  isOnTheWay = false
  /** True where it is left although it exists: it was moved, or a link no longer leads to it. */
  mayReturn = false
  /** True while a compressed file is not known to hold what another one held: it is not read. */
  isForeign = false
  /** False while its first line is not complete: until then it may become a copy of a file that is followed. */
  isPlaced = false
  /** What it began with when it was looked at last. */
  head: Buffer = Buffer.alloc(0)
  /** Time of the last line that was read minus the reader's clock; undefined while only old lines were read. */
  clockSkew: number | undefined
  #wasReadToEnd = false
  #place: Place | undefined
  /** What was read last, up to `CHECKPOINT_BYTES` before the offset; empty where that is not known. */
  #recent: Buffer = Buffer.alloc(0)
  #readTo: number
  readonly #limit: number

  /** Nothing from the byte `limit` on is read. */
  constructor(key: string, handle: FileContent, position: FilePosition, limit = Number.MAX_SAFE_INTEGER) {
    this.#limit = limit
    this.key = key
    this.handle = handle
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
    const content = kept.content ?? contentName(this.head)
    const named = content === undefined ? kept : { ...kept, content }
    this.moveTo({ ...named, size, fingerprint: fingerprintOf(this.head) })
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
    this.rotatedFrom = path
    this.movedFrom = path
  }

  /** What begins a file that took one of these paths may have been written by a client, as what ended the last one. */
  continuePath(paths: ReadonlyMap<string, ConsoleText>): void {
    const { path, offset, begin, forgeableTo } = this.position
    const text = paths.get(path)
    if (offset !== begin || text === undefined || forgeableTo?.[text] !== undefined) return
    this.position = withForgeable(this.position, text, begin)
  }

  /** Continues from another position. */
  moveTo(position: FilePosition): void {
    if (position.offset !== this.position.offset || position.generation !== this.position.generation) {
      this.#readTo = position.offset
      this.#recent = Buffer.alloc(0)
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
    if (chunk.length > 0) await this.#recall()
    if (chunk.length === 0 || !beginsLike(read.head, this.position.fingerprint)) {
      // Truncated since the last look; the next one finds out and counts the loss.
      this.#readTo = this.position.size
      return nothingRead
    }
    if (framing === 'journal-export') return this.#readEntries(read, scan, now)
    const encoding = framing
    if (this.position.inLongLine) return this.#skipLongLine(chunk, encoding)
    const consumed = endOfLastLine(chunk, encoding)
    if (consumed === 0 && chunk.length <= MAX_LINE_BYTES) return nothingRead
    this.#nameContent(chunk)
    if (consumed === 0) {
      this.#advance(chunk.subarray(0, wholeUnits(chunk.length, encoding)), { inLongLine: true })
      return { ...nothingRead, tooLong: 1 }
    }
    const complete = chunk.subarray(0, consumed)
    if (encoding !== 'utf-8') return this.#readUtf16(complete, encoding, scan, now)
    const known = Math.min(this.position.size, this.#limit)
    if (this.#readTo < known) reader.prepare(this.handle, this.position.offset + consumed, known)
    const found = await reader.lines(read, scan)
    const passed = 'decoded' in found ? found.decoded : found.scanned
    if (passed.mayHaveParts || this.position.parts !== noParts) {
      const joined = await this.#joined(complete, consumed, scan)
      return joined === undefined ? nothingRead : this.#take(complete, joined.lines, now, { parts: joined.parts })
    }
    this.#notice(passed, consumed)
    const lines = 'decoded' in found ? this.#decoded(found.decoded, chunk) : this.#scanned(found.scanned, chunk)
    return this.#take(complete, lines, now)
  }

  /** Entries of a journal are searched as JSON lines; the ids of their records count the bytes of the file. */
  async #readEntries({ bytes, head }: Chunk, scan: Scan, now: EpochMs): Promise<ReadLines> {
    const known = this.position.sequence ?? sequenceAt(head, 0) ?? ''
    if (this.position.inLongLine) return this.#skipEntry(bytes, known)
    const { lines, placeOf, end, rest, sequence = known } = entriesIn(bytes)
    const isTooLong = end === 0 && bytes.length > MAX_LINE_BYTES
    const inLongLine = rest === 'malformed' || isTooLong
    if (end === 0 && !inLongLine) return nothingRead
    this.#nameContent(bytes)
    const scanned = scan(lines)
    const isJoined = scanned.mayHaveParts || this.position.parts !== noParts
    if (!isJoined) this.#notice(scanned, end)
    const joined = isJoined
      ? await this.#joined(lines, end, scan, placeOf, lineOfEntry)
      : { lines: this.#scanned(scanned, lines, placeOf), parts: noParts }
    if (joined === undefined) return nothingRead
    const left = { tooLong: isTooLong ? 1 : 0, incomplete: rest === 'malformed' ? 1 : 0 }
    const read = sumOf([joined.lines, { ...nothingRead, ...left }])
    const passed = bytes.subarray(0, inLongLine ? end + 1 : end)
    const taken = this.#take(passed, read, now, { parts: joined.parts, sequence, inLongLine }, lines)
    if (inLongLine) this.#readTo = this.position.offset
    return taken
  }

  #skipEntry(bytes: Buffer, sequence: string): ReadLines {
    const { length, isFound, entries } = bytesToNextEntry(bytes, sequence)
    this.#advance(bytes.subarray(0, length), { inLongLine: !isFound })
    if (isFound) this.#readTo = this.position.offset
    return { ...nothingRead, incomplete: entries }
  }

  /** A file that held entries of a journal may begin within one after it was truncated. */
  #framing(head: Buffer): Framing {
    return framingOf(head, this.position.sequence)
  }

  /** Lines of UTF-16 are searched as UTF-8; the ids of their records count the bytes of the file. */
  #readUtf16(complete: Buffer, encoding: Encoding, scan: Scan, now: EpochMs): ReadLines {
    const utf8 = Buffer.from(textOf(complete, encoding))
    const scanned = scan(utf8)
    this.#notice(scanned, complete.length)
    let [before, units] = [0, 0]
    const { records, ...passed } = this.#scanned(scanned, utf8, start => {
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
    return { ...lines, samples: { place: this.#placeAt(this.position.path), forgeable, lines: () => sampleOf(utf8) } }
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
        read.push(this.#scanned(scan(lines), lines, at => placeOf(start + at)))
        continue
      }
      const line = await readParts(this.handle, piece.parts, pending.carried, lineOf)
      if (line === undefined || !beginsLike(await readHead(this.handle), fingerprint)) {
        // Truncated since the chunk was read; the next look finds out.
        this.#readTo = this.position.size
        return undefined
      }
      if (line === 'lost') read.push({ ...nothingRead, incomplete: 1 })
      else read.push(this.#scanned(scan(line), line, () => (piece.parts[0] as number) - offset))
    }
    return { lines: sumOf(read), parts }
  }

  /** @param placeOf where a line begins, counted from the offset of the file; asked in the order of the lines */
  #scanned({ wanted, skipped, tooLong }: ScannedLines, lines: Buffer, placeOf = (start: number) => start): ReadLines {
    const records = wanted.map(({ start, end }) => this.#record(lines.toString('utf8', start, end), placeOf(start)))
    return { ...nothingRead, records, skipped, tooLong }
  }

  #decoded({ lines, skipped, tooLong }: DecodedLines, chunk: Buffer): ReadLines {
    const records = lines.map(({ start, decoded }) => {
      const record = this.#record('', start)
      if (record.forgeable === undefined) return { ...record, decoded }
      return { ...record, body: chunk.toString('utf8', start, chunk.indexOf('\n', start)) }
    })
    return { ...nothingRead, records, skipped, tooLong }
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
    const record = this.#record(textOf(chunk, framing), 0)
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

  /** Reads what was read last by an earlier process or in another file, if it is still the same. */
  async #recall(): Promise<void> {
    const { offset, tail } = this.position
    const length = Math.min(CHECKPOINT_BYTES, offset)
    if (tail === undefined || this.#recent.length > 0) return
    const { buffer, bytesRead } = await this.handle.read(Buffer.alloc(length), 0, length, offset - length)
    const isSame = bytesRead === length && digest(buffer.subarray(length - tail.length)) === tail.hash
    if (isSame) this.#recent = buffer
  }

  #advance(read: Buffer, change: Partial<FilePosition>): void {
    const before = this.position
    const offset = before.offset + read.length
    const size = Math.max(before.size, offset)
    const last = read.length < CHECKPOINT_BYTES ? Buffer.concat([this.#recent, read]) : read
    const checkpoints = [
      ...before.checkpoints,
      ...checkpointsIn(read, this.#recent, before.offset, this.#framing(this.head)),
    ]
    this.#recent = Buffer.from(last.subarray(-CHECKPOINT_BYTES))
    const tail = tailOf(this.#recent)
    this.position = { ...before, ...change, offset, size, tail, checkpoints: thinned(checkpoints, offset) }
  }

  #placeAt(path: string): Place {
    if (this.#place?.name !== path) this.#place = { kind: 'file', name: path }
    return this.#place
  }

  #record(body: string, start: number): SourceRecord {
    const { content, generation, begun, offset, gateway, path, forgeableTo } = this.position
    const since = begun === undefined ? '' : `.${begun.toString(36)}`
    const id = `${this.key}.${generation}.${content}${since}:${offset + start}`
    const place = this.#placeAt(path)
    const record = gateway === undefined ? { id, body, place } : { id, body, place, gateway }
    const forgeable = forgeableAt(forgeableTo, offset + start)
    return forgeable === undefined ? record : { ...record, forgeable }
  }
}
