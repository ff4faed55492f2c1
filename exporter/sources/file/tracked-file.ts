import type { FileHandle } from 'node:fs/promises'
import type { EpochMs } from '../../../core/clock.ts'
import type { DecodedLines } from '../../contracts/lines-decoding.ts'
import type { SourceRecord } from '../../contracts/source.ts'
import { beginsLike, contentName, fingerprintOf, HEAD_BYTES, readHead } from './fingerprint.ts'
import { timeOfLastLine } from './line-time.ts'
import { MAX_LINE_BYTES, type ScannedLines } from './lines.ts'
import { type FilePosition, newPosition } from './position.ts'
import type { ReadAhead, Scan } from './read-ahead.ts'

const NEWLINE = 10

export interface ReadLines {
  readonly records: readonly SourceRecord[]
  readonly skipped: number
  readonly tooLong: number
}

export const nothingRead: ReadLines = { records: [], skipped: 0, tooLong: 0 }

/** One file that is followed, by an open handle: it stays readable when it is renamed or deleted. */
export class TrackedFile {
  readonly key: string
  readonly handle: FileHandle
  position: FilePosition
  /** When it was last found under one of the patterns, and when it last grew: monotonic milliseconds. */
  lastSeen = 0
  lastGrowth = 0
  /** Set while another file with the same beginning is still read: what that one holds must not count twice. */
  copyOf: string | undefined
  #readTo: number
  readonly #limit: number

  /** Nothing at or behind the byte `limit` is read. */
  constructor(key: string, handle: FileHandle, position: FilePosition, limit = Number.MAX_SAFE_INTEGER) {
    this.#limit = limit
    this.key = key
    this.handle = handle
    this.position = position
    this.#readTo = position.offset
  }

  /** True when there may be complete lines to read. */
  get hasUnread(): boolean {
    return this.copyOf === undefined && Math.min(this.position.size, this.#limit) > this.#readTo
  }

  /** Looks at size and beginning. Returns the position that was swept away when the content is another one. */
  async refresh(): Promise<FilePosition | undefined> {
    const { size } = await this.handle.stat()
    const before = this.position
    const head = await readHead(this.handle)
    const replaced = size < before.offset || !beginsLike(head, before.fingerprint)
    if (!replaced && size === before.size && head.length === before.fingerprint.length) return undefined
    const kept = replaced ? newPosition(before.path, before.gateway, before.generation + 1) : before
    const content = kept.content ?? contentName(head)
    const named = content === undefined ? kept : { ...kept, content }
    this.moveTo({ ...named, size, fingerprint: fingerprintOf(head) })
    return replaced ? before : undefined
  }

  /** True when no name leads to the file any more. */
  async isDeleted(): Promise<boolean> {
    return this.handle.stat().then(
      ({ nlink }) => nlink === 0,
      () => false,
    )
  }

  /** Continues from another position. */
  moveTo(position: FilePosition): void {
    if (position.offset !== this.position.offset || position.generation !== this.position.generation) {
      this.#readTo = position.offset
    }
    this.position = position
  }

  /** Reads on. */
  async read(reader: ReadAhead, scan: Scan, now: EpochMs): Promise<ReadLines> {
    const read = await reader.chunk(this.handle, this.position.offset, this.#limit)
    const chunk = read.bytes
    this.#readTo = this.position.offset + chunk.length
    if (chunk.length === 0 || !beginsLike(read.head, this.position.fingerprint)) {
      // Truncated since the last look; the next one finds out and counts the loss.
      this.#readTo = this.position.size
      return nothingRead
    }
    if (this.position.inLongLine) return this.#passLongLine(chunk)
    const consumed = chunk.lastIndexOf(NEWLINE) + 1
    if (consumed === 0 && chunk.length <= MAX_LINE_BYTES) return nothingRead
    this.#nameContent(chunk)
    if (consumed === 0) {
      this.#advance(chunk.length, { inLongLine: true })
      return { ...nothingRead, tooLong: 1 }
    }
    const known = Math.min(this.position.size, this.#limit)
    if (this.#readTo < known) reader.prepare(this.handle, this.position.offset + consumed, known)
    const found = await reader.lines(read, scan)
    const lines = 'decoded' in found ? this.#decoded(found.decoded) : this.#scanned(found.scanned, chunk)
    const time = timeOfLastLine(chunk.subarray(0, consumed))
    this.#advance(consumed, time === undefined ? {} : { time: Math.min(time, now) })
    return lines
  }

  #scanned({ wanted, skipped, tooLong }: ScannedLines, chunk: Buffer): ReadLines {
    const records = wanted.map(({ start, end }) => this.#record(chunk.toString('utf8', start, end), start))
    return { records, skipped, tooLong }
  }

  #decoded({ lines, skipped, tooLong }: DecodedLines): ReadLines {
    const records = lines.map(({ start, decoded }) => ({ ...this.#record('', start), decoded }))
    return { records, skipped, tooLong }
  }

  /** The last line of a file that nobody writes any more, although no newline ends it. */
  async readRest(reader: ReadAhead): Promise<ReadLines> {
    const { bytes: chunk } = await reader.chunk(this.handle, this.position.offset, this.#limit)
    if (chunk.length === 0 || this.position.inLongLine) return nothingRead
    this.#nameContent(chunk)
    const record = this.#record(chunk.toString('utf8'), 0)
    this.#advance(chunk.length, {})
    return { ...nothingRead, records: [record] }
  }

  /** Where a file grew between look and read, its first line is complete only now. */
  #nameContent(chunk: Buffer): void {
    if (this.position.content !== undefined) return
    const content = contentName(chunk.subarray(0, HEAD_BYTES)) ?? fingerprintOf(chunk).hash
    this.position = { ...this.position, content }
  }

  #passLongLine(chunk: Buffer): ReadLines {
    const newline = chunk.indexOf(NEWLINE)
    this.#advance(newline < 0 ? chunk.length : newline + 1, { inLongLine: newline < 0 })
    this.#readTo = this.position.offset
    return nothingRead
  }

  #advance(bytes: number, change: Partial<FilePosition>): void {
    const offset = this.position.offset + bytes
    this.position = { ...this.position, ...change, offset, size: Math.max(this.position.size, offset) }
  }

  #record(body: string, start: number): SourceRecord {
    const { content, generation, offset, gateway } = this.position
    const id = `${this.key}.${generation}.${content}:${offset + start}`
    return gateway === undefined ? { id, body } : { id, body, gateway }
  }
}
