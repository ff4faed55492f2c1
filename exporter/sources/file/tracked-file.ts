import type { EpochMs } from '../../../core/clock.ts'
import type { DecodedLines } from '../../contracts/lines-decoding.ts'
import type { Place, Samples, SourceRecord } from '../../contracts/source.ts'
import { CHECKPOINT_BYTES, checkpointsIn, lastInPlace, thinned } from './checkpoints.ts'
import { type FileContent, isReached } from './content.ts'
import { type Encoding, encodingOf, endOfFirstLine, endOfLastLine, textOf, wholeUnits } from './encoding.ts'
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
import { timeOfLastLine } from './line-time.ts'
import { MAX_LINE_BYTES, type ScannedLines } from './lines.ts'
import { joinParts, noParts, pendingRecords, readParts } from './parts.ts'
import { type FilePosition, holdsUpTo, isOfSameContent, newPosition } from './position.ts'
import type { ReadAhead, Scan } from './read-ahead.ts'

const NEWLINE = 10

export interface ReadLines {
  readonly records: readonly SourceRecord[]
  /** A few lines; valid until the next read. */
  readonly samples?: Samples
  readonly skipped: number
  readonly tooLong: number
  /** Records that a container runtime split and of which not all parts were found. */
  readonly incomplete: number
}

export const nothingRead: ReadLines = { records: [], skipped: 0, tooLong: 0, incomplete: 0 }

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
  #modified = 0n
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

  /** When it was last written, nanoseconds since 1970. */
  get modified(): bigint {
    return this.#modified
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
    this.#modified = found.mtimeNs
    if (!isReplaced && size === before.size && this.head.length === before.fingerprint.length) return undefined
    const kept = isReplaced ? newPosition({ ...before, generation: before.generation + 1 }) : before
    const content = kept.content ?? contentName(this.head)
    const named = content === undefined ? kept : { ...kept, content }
    this.moveTo({ ...named, size, fingerprint: fingerprintOf(this.head) })
    return isReplaced ? before : undefined
  }

  async #keepsTail(modified: bigint): Promise<boolean> {
    const { tail, offset } = this.position
    if (tail === undefined || modified === this.#modified) return true
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

  /** True when the file continues another one of this position: it holds what was read of that one. */
  async isHeirOf(position: FilePosition): Promise<boolean> {
    // Nothing was read of a file without a complete line: continuing it cannot hide a line.
    if (position.content === undefined) return beginsLike(this.head, position.fingerprint)
    return isOfSameContent(this.position, position) && this.holds(position)
  }

  /**
   * True when the file is shorter than what was read up to a position of another one and, as far as is known, holds the
   * beginning of it. One that took the path was edited, and a compressed file is complete.
   */
  async mayBeBeginningOf(position: FilePosition): Promise<boolean> {
    const { size, path } = this.position
    if (size >= position.offset || path === position.path || this.isForeign) return false
    if (!isOfSameContent(this.position, position) || !beginsLike(this.head, position.fingerprint)) return false
    const within = position.checkpoints.filter(({ offset }) => offset <= size).slice(-1)
    return within.length === 0 || (await lastInPlace(within, this.handle, size)) !== undefined
  }

  /** True when no name leads to the file any more. */
  async isDeleted(): Promise<boolean> {
    return this.handle.stat({ bigint: true }).then(
      ({ nlink }) => nlink === 0n,
      () => false,
    )
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

  /** It is read after another file. */
  follow(key: string): void {
    this.position = { ...this.position, follows: key }
    this.waitsUntil = undefined
  }

  /** Takes the parts of records that were carried to another file. */
  takeParts(from: TrackedFile): void {
    this.position = { ...this.position, parts: from.position.parts }
    this.carriedAt = from.carriedAt
    from.position = { ...from.position, parts: noParts }
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
    const read = await reader.chunk(this.handle, this.position.offset, this.#limit, encodingOf(this.head))
    const chunk = read.bytes
    const encoding = encodingOf(read.head)
    this.#readTo = this.position.offset + chunk.length
    if (chunk.length > 0) await this.#recall()
    if (chunk.length === 0 || !beginsLike(read.head, this.position.fingerprint)) {
      // Truncated since the last look; the next one finds out and counts the loss.
      this.#readTo = this.position.size
      return nothingRead
    }
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
    if (passed.mayHaveParts || this.position.parts !== noParts) return this.#readParts(complete, scan, now)
    const lines = 'decoded' in found ? this.#decoded(found.decoded) : this.#scanned(found.scanned, chunk)
    return this.#take(complete, lines, now)
  }

  /** Lines of UTF-16 are searched as UTF-8; the ids of their records count the bytes of the file. */
  #readUtf16(complete: Buffer, encoding: Encoding, scan: Scan, now: EpochMs): ReadLines {
    const utf8 = Buffer.from(textOf(complete, encoding))
    let [before, units] = [0, 0]
    const { records, ...passed } = this.#scanned(scan(utf8), utf8, start => {
      units += utf8.toString('utf8', before, start).length
      before = start
      return 2 * units
    })
    return this.#take(complete, { ...passed, records }, now, noParts, utf8)
  }

  /** What was found in some complete lines. */
  #take(complete: Buffer, lines: ReadLines, now: EpochMs, parts = noParts, utf8 = complete): ReadLines {
    const time = timeOfLastLine(utf8)
    this.#advance(complete, { parts, ...(time === undefined ? {} : { time: Math.min(time, now) }) })
    if (time !== undefined) this.#compareClocks(time, now)
    return { ...lines, samples: { place: this.#placeAt(this.position.path), lines: () => sampleOf(utf8) } }
  }

  /** Lines of a backlog are old, which says nothing of the clock; a line from the future always does. */
  #compareClocks(time: EpochMs, now: EpochMs): void {
    if (this.#wasReadToEnd || time > now) this.clockSkew = time - now
    this.#wasReadToEnd ||= !this.hasUnread
  }

  /** Lines of which some are parts of records. The parts before them are read again from the file. */
  async #readParts(complete: Buffer, scan: Scan, now: EpochMs): Promise<ReadLines> {
    const { offset, parts: pending, fingerprint } = this.position
    const { pieces, parts, tooLong } = joinParts(complete, offset, pending)
    const read: ReadLines[] = [{ ...nothingRead, tooLong }]
    for (const piece of pieces) {
      if ('whole' in piece) {
        const { start, end } = piece.whole
        read.push(this.#scanned(scan(complete.subarray(start, end)), complete.subarray(start, end), at => start + at))
        continue
      }
      const line = await readParts(this.handle, piece.parts, pending.carried)
      if (line === undefined || !beginsLike(await readHead(this.handle), fingerprint)) {
        // Truncated since the chunk was read; the next look finds out.
        this.#readTo = this.position.size
        return nothingRead
      }
      if (line === 'lost') read.push({ ...nothingRead, incomplete: 1 })
      else read.push(this.#scanned(scan(line), line, () => (piece.parts[0] as number) - offset))
    }
    return this.#take(complete, sumOf(read), now, parts)
  }

  /** @param placeOf where a line begins, counted from the offset of the file; asked in the order of the lines */
  #scanned({ wanted, skipped, tooLong }: ScannedLines, lines: Buffer, placeOf = (start: number) => start): ReadLines {
    const records = wanted.map(({ start, end }) => this.#record(lines.toString('utf8', start, end), placeOf(start)))
    return { ...nothingRead, records, skipped, tooLong }
  }

  #decoded({ lines, skipped, tooLong }: DecodedLines): ReadLines {
    const records = lines.map(({ start, decoded }) => ({ ...this.#record('', start), decoded }))
    return { ...nothingRead, records, skipped, tooLong }
  }

  /** The last line of a file that is no longer written, although no newline ends it. */
  async readRest(reader: ReadAhead): Promise<ReadLines> {
    const encoding = encodingOf(this.head)
    const { bytes: chunk } = await reader.chunk(this.handle, this.position.offset, this.#limit, encoding)
    const incomplete = pendingRecords(this.position.parts)
    if (chunk.length === 0 || this.position.inLongLine || this.position.beginningOf !== undefined)
      return { ...nothingRead, incomplete }
    this.#nameContent(chunk)
    const record = this.#record(textOf(chunk, encoding), 0)
    this.#advance(chunk, {})
    return { ...nothingRead, records: [record], incomplete }
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
      ...checkpointsIn(read, this.#recent, before.offset, encodingOf(this.head)),
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
    const { content, generation, begun, offset, gateway, path } = this.position
    const since = begun === undefined ? '' : `.${begun.toString(36)}`
    const id = `${this.key}.${generation}.${content}${since}:${offset + start}`
    const place = this.#placeAt(path)
    return gateway === undefined ? { id, body, place } : { id, body, place, gateway }
  }
}

function sumOf(all: readonly ReadLines[]): ReadLines {
  const sum = (count: (lines: ReadLines) => number) => all.reduce((total, lines) => total + count(lines), 0)
  return {
    records: all.flatMap(({ records }) => records),
    skipped: sum(({ skipped }) => skipped),
    tooLong: sum(({ tooLong }) => tooLong),
    incomplete: sum(({ incomplete }) => incomplete),
  }
}

/** The first and the last complete line: what a program prints when it starts is often in no known format. */
function sampleOf(chunk: Buffer): readonly string[] {
  const end = chunk.lastIndexOf(NEWLINE)
  const last = chunk.lastIndexOf(NEWLINE, end - 1) + 1
  const spans = [
    [0, chunk.indexOf(NEWLINE)],
    [last, end],
  ] as const
  return spans.filter(([from, to]) => to - from <= MAX_LINE_BYTES).map(([from, to]) => chunk.toString('utf8', from, to))
}
