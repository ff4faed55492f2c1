import { setImmediate as breathe } from 'node:timers/promises'
import type { DecodedLines, LinesDecoding } from '../../contracts/lines-decoding.ts'
import type { FileContent } from './content.ts'
import { readHead } from './fingerprint.ts'
import { type Framing, hasFirstRecord } from './framing.ts'
import { MAX_LINE_BYTES, type ScannedLines } from './lines.ts'

/** Bytes asked for at once. */
const READ_BYTES = 1024 * 1024
/** One chunk is counted, others are decoded and read meanwhile, so that neither thread waits for the other. */
const BUFFERS = 6

const NEWLINE = 10

/** A part of a file. */
export interface Chunk {
  readonly bytes: Buffer
  /** What the file began with after `bytes` were read: while that is as before, the chunk is of the same content. */
  readonly head: Buffer
  /** Its complete lines, where they are decoded elsewhere; a rejection means that the caller has to do it. */
  readonly decoded?: Promise<DecodedLines> | undefined
  /** Its lines, where it was taken back and searched. */
  scanned?: ScannedLines
}

/** Searches the lines of a chunk, which is what remains to do where nothing decodes them elsewhere. */
export type Scan = (chunk: Buffer) => ScannedLines

export type ChunkLines = { readonly decoded: DecodedLines } | { readonly scanned: ScannedLines }

/** A buffer and what it holds. */
interface Used {
  readonly buffer: Buffer
  readonly chunk: Chunk | undefined
}

/** A chunk that will probably be asked for. */
interface Ahead {
  readonly handle: FileContent
  readonly offset: number
  readonly buffer: Buffer
  /** What was read, or what went wrong. */
  readonly outcome: Promise<Chunk | Error>
  /** As soon as it is read. */
  chunk: Chunk | undefined
  /** Where the chunk after it begins, as soon as that is known and worth reading. */
  next: number | undefined
}

/** Reads chunks of files, the next ones while the last is being counted, with a few buffers for however many files. */
export class ReadAhead {
  readonly #decoding: LinesDecoding | undefined
  readonly #readBytes: number
  readonly #free: Buffer[] = []
  #buffers = 0
  /** What was returned last. */
  #used: Used | undefined
  /** In the order of their offsets. */
  #ahead: Ahead[] = []

  /**
   * @param decoding who decodes chunks that are full; where there is none, the caller does
   * @param readBytes bytes asked for at once
   */
  constructor(decoding?: LinesDecoding, readBytes = READ_BYTES) {
    this.#decoding = decoding
    this.#readBytes = readBytes
  }

  /**
   * The bytes from `offset` on, at least up to the end of a record where one follows within the greatest length of a line, none at
   * or behind `limit`. They stay until the next call.
   */
  async chunk(handle: FileContent, offset: number, limit: number, framing: Framing): Promise<Chunk> {
    // Where lines are searched, only what was read last: every read but the last begins with a whole code unit.
    const hasRecord = (bytes: Buffer, from: number): boolean =>
      hasFirstRecord(framing === 'journal-export' ? bytes : bytes.subarray(from), framing)
    if (this.#used !== undefined) await this.#release(this.#used)
    const next = await this.#next(handle, offset)
    const buffer = next?.buffer ?? (this.#take() as Buffer)
    const chunk = next?.chunk
    this.#used = { buffer, chunk }
    let filled = chunk?.bytes.length ?? 0
    if (chunk !== undefined && (filled < this.#readBytes || hasRecord(chunk.bytes, 0))) return chunk
    while (filled < buffer.length) {
      const wanted = Math.min(this.#readBytes, buffer.length - filled, limit - offset - filled)
      const { bytesRead } = await handle.read(buffer, filled, wanted, offset + filled)
      filled += bytesRead
      if (bytesRead < wanted || hasRecord(buffer.subarray(0, filled), filled - bytesRead)) break
    }
    const read = this.#chunk(buffer.subarray(0, filled), await readHead(handle), framing)
    this.#used = { buffer, chunk: read }
    return read
  }

  /**
   * The lines of a chunk, decoded elsewhere where the thread has done it. While the thread is not done with this chunk,
   * the newest of those that it has not begun are searched here, so that both threads are busy.
   */
  async lines(chunk: Chunk, scan: Scan): Promise<ChunkLines> {
    let isSettled = chunk.decoded === undefined
    const settled = chunk.decoded?.then(
      decoded => ({ decoded }),
      () => undefined,
    )
    void settled?.then(() => {
      isSettled = true
    })
    // Answers of the thread arrive between two turns of the event loop.
    if (!isSettled) await breathe()
    while (!isSettled && this.#searchNewest(scan)) await breathe()
    return (await settled) ?? { scanned: chunk.scanned ?? scan(chunk.bytes) }
  }

  #searchNewest(scan: Scan): boolean {
    for (const { chunk } of this.#ahead.toReversed()) {
      if (chunk?.decoded === undefined || !this.#decoding?.takeBack(chunk.decoded)) continue
      chunk.scanned = scan(chunk.bytes)
      return true
    }
    return false
  }

  /** Begins to read what will probably be asked for next, up to `end`. */
  prepare(handle: FileContent, offset: number, end: number): void {
    const last = this.#ahead.at(-1)
    const from = last === undefined ? offset : last.next
    const wanted = from === undefined ? 0 : Math.min(this.#readBytes, end - from)
    const buffer = wanted > 0 ? this.#take() : undefined
    if (buffer === undefined || from === undefined) return
    const outcome = this.#read(handle, buffer, wanted, from).catch((error: Error) => error)
    const ahead: Ahead = { handle, offset: from, buffer, outcome, chunk: undefined, next: undefined }
    this.#ahead.push(ahead)
    void outcome.then(chunk => {
      // Without a thread there is nothing to gain from reading farther ahead.
      if (chunk instanceof Error || chunk.decoded === undefined) return
      ahead.chunk = chunk
      ahead.next = from + chunk.bytes.lastIndexOf(NEWLINE) + 1
      if (this.#ahead.at(-1) === ahead) this.prepare(handle, ahead.next, end)
    })
  }

  async #read(handle: FileContent, buffer: Buffer, length: number, from: number): Promise<Chunk> {
    const { bytesRead } = await handle.read(buffer, 0, length, from)
    return this.#chunk(buffer.subarray(0, bytesRead), await readHead(handle))
  }

  /** The chunk that was read ahead from here; whatever else was read ahead is dropped when there is none. */
  async #next(handle: FileContent, offset: number): Promise<Used | undefined> {
    const first = this.#ahead[0]
    const isNext = first?.handle === handle && first.offset === offset
    const outcome = isNext ? await first.outcome : undefined
    if (first === undefined || outcome === undefined || outcome instanceof Error || outcome.bytes.length === 0) {
      await this.#drop()
      return undefined
    }
    this.#ahead.shift()
    return { buffer: first.buffer, chunk: outcome }
  }

  async #drop(): Promise<void> {
    const dropped = this.#ahead
    this.#ahead = []
    for (const { buffer, outcome } of dropped) {
      const chunk = await outcome
      await this.#release({ buffer, chunk: chunk instanceof Error ? undefined : chunk })
    }
  }

  /** A buffer is free again when nobody writes to it or reads it any more. */
  async #release({ buffer, chunk }: Used): Promise<void> {
    this.#used = undefined
    await chunk?.decoded?.catch(() => undefined)
    this.#free.push(buffer)
  }

  /** The thread decodes lines of UTF-8 only. */
  #chunk(bytes: Buffer, head: Buffer, framing: Framing = 'utf-8'): Chunk {
    const complete = bytes.length < this.#readBytes || framing !== 'utf-8' ? 0 : bytes.lastIndexOf(NEWLINE) + 1
    const decoded = complete === 0 ? undefined : this.#decoding?.decode(bytes.subarray(0, complete))
    // Nobody may come for it, or come late.
    decoded?.catch(() => undefined)
    return { bytes, head, decoded }
  }

  #take(): Buffer | undefined {
    const free = this.#free.pop()
    if (free !== undefined || this.#buffers === BUFFERS) return free
    this.#buffers++
    // A line of the greatest length, its newline and one read more.
    return Buffer.from(new SharedArrayBuffer(MAX_LINE_BYTES + this.#readBytes))
  }
}
