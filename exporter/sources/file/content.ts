import type { FileHandle } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** The bytes of a file by their places: an open file, or what a compressed one holds. */
export interface FileContent {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number; buffer: Buffer }>
  stat(options: { bigint: true }): Promise<{ readonly size: bigint; readonly mtimeNs: bigint; readonly nlink: bigint }>
  /**
   * Prepares to read from a place on, where all that is before it has to be read first. Absent where every place is at hand.
   *
   * @param budget how many bytes are read at most
   * @returns false while the place is not reached
   */
  reach?(position: number, budget: Budget): Promise<boolean>
  close(): Promise<void>
}

/** Bytes that are read on the way to a place before others have their turn: about 100 ms. */
const BYTES_AT_ONCE = 16 * 1024 * 1024

/** One step towards a place in a file. False while it is not reached. */
export async function isReached(content: FileContent, position: number, budget?: Budget): Promise<boolean> {
  return (await content.reach?.(position, budget ?? { left: BYTES_AT_ONCE })) ?? true
}

/** What compressed files begin with. Only gzip is read. */
const signatures = {
  gzip: Buffer.of(0x1f, 0x8b, 0x08),
  zstd: Buffer.of(0x28, 0xb5, 0x2f, 0xfd),
  xz: Buffer.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
  bzip2: Buffer.from('314159265359', 'hex'),
} as const
const BZIP2_LEVEL_BYTES = 4

export type Compression = keyof typeof signatures

/** How a file is compressed; by its name where nothing is written into it yet. */
export function compressionOf(head: Buffer, path = ''): Compression | undefined {
  if (head.length < signatures.gzip.length) return path.endsWith('.gz') ? 'gzip' : undefined
  const begins = (signature: Buffer, at = 0) => head.subarray(at, at + signature.length).equals(signature)
  if (begins(signatures.bzip2, BZIP2_LEVEL_BYTES)) return 'bzip2'
  return (['gzip', 'zstd', 'xz'] as const).find(name => begins(signatures[name]))
}

/** Largest content of a compressed file that is read, in bytes. */
const MAX_BYTES = 16 * 1024 ** 3
/** A larger one than this is read only where it is at most so many times as large as the file. Logs shrink to a 10th to a 50th. */
const ANY_RATIO_BYTES = 64 * 1024 ** 2
const MAX_RATIO = 200

/**
 * What is kept of what was read, so that a place shortly before it is not read from the beginning again: what is read
 * ahead, a line and the parts of a record.
 */
const WINDOW_BYTES = 4 * 1024 * 1024
const WINDOW_BYTES_AT_REST = 4 * 1024
/** What is kept of the beginning, which is compared after each read. */
const BEGINNING_BYTES = 1024
/** What is at hand before a place that was reached: what a checkpoint compares. */
const REACHED_BYTES = 2048
const STEP_BYTES = 64 * 1024

/** Why a compressed file is not read. */
export type GzipTrouble = 'damaged' | 'too large'

/** Content of a gzip file. It is read in order; for a place before what is kept, reading begins again. */
export class GzipContent implements FileContent {
  readonly #handle: FileHandle
  #pass: Pass
  #beginning: Buffer = Buffer.alloc(0)
  /** Size of the content, and what was known of the file when it was measured. */
  #measured: { readonly size: number; readonly compressed: bigint; readonly modified: bigint } | undefined
  #modified = 0n
  #isIdle = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(handle: FileHandle) {
    this.#handle = handle
    this.#pass = new Pass(handle)
  }

  /**
   * Reads on towards the end of the content, to know its size.
   *
   * @param budget how many bytes are read at most
   * @returns true when the end was reached; false while it was not
   */
  async measure(budget: Budget): Promise<boolean | GzipTrouble> {
    const { size: compressed, mtimeNs: modified } = await this.#handle.stat({ bigint: true })
    const limit = Math.min(MAX_BYTES, Math.max(ANY_RATIO_BYTES, MAX_RATIO * Number(compressed)))
    while (this.#measured === undefined) {
      if (this.#pass.position > limit) return 'too large'
      if (budget.left <= 0) return false
      const before = this.#pass.position
      const isMore = await this.#next().catch(() => 'damaged' as const)
      if (isMore === 'damaged') {
        await this.#restart()
        return isMore
      }
      budget.left -= this.#pass.position - before
      if (!isMore) this.#measured = { size: this.#pass.position, compressed, modified }
    }
    return true
  }

  reach(position: number, budget: Budget): Promise<boolean> {
    const reached = this.#last.then(() => this.#reach(position, budget))
    this.#last = reached.catch(() => undefined)
    return reached
  }

  async #reach(position: number, budget: Budget): Promise<boolean> {
    this.#isIdle = false
    if (position - REACHED_BYTES < this.#pass.start && this.#pass.start > 0) await this.#restart()
    while (this.#pass.position < position) {
      if (budget.left <= 0) return false
      const before = this.#pass.position
      if (!(await this.#next())) break
      budget.left -= this.#pass.position - before
    }
    return true
  }

  /** One read after the other, as there is one place that was reached. */
  read(buffer: Buffer, offset: number, length: number, position: number) {
    const into = buffer.subarray(offset, offset + length)
    const read = this.#last.then(() => this.#read(into, position))
    this.#last = read.catch(() => undefined)
    return read.then(bytesRead => ({ bytesRead, buffer }))
  }

  async #read(into: Buffer, position: number): Promise<number> {
    const size = this.#measured?.size ?? Number.POSITIVE_INFINITY
    const wanted = Math.max(0, Math.min(into.length, size - position))
    if (position + wanted <= this.#beginning.length) return this.#beginning.copy(into, 0, position, position + wanted)
    this.#isIdle = false
    if (position < this.#pass.start) await this.#restart()
    let filled = this.#pass.copy(into.subarray(0, wanted), position)
    while (filled < wanted && (await this.#next())) {
      filled += this.#pass.copy(into.subarray(filled, wanted), position + filled)
    }
    return filled
  }

  async #next(): Promise<boolean> {
    const { position } = this.#pass
    const isMore = await this.#pass.next()
    if (position === this.#beginning.length && position < BEGINNING_BYTES) {
      const more = Buffer.alloc(Math.min(this.#pass.position, BEGINNING_BYTES) - position)
      this.#pass.copy(more, position)
      this.#beginning = Buffer.concat([this.#beginning, more])
    }
    return isMore
  }

  async #restart(): Promise<void> {
    await this.#pass.end()
    this.#pass = new Pass(this.#handle)
  }

  /** True where the file was written again since it was measured; it is read no more then. */
  async isRewritten(): Promise<boolean> {
    const found = await this.#handle.stat({ bigint: true }).catch(() => undefined)
    if (found === undefined) return false
    return found.size !== this.#measured?.compressed || found.mtimeNs !== this.#measured.modified
  }

  /** A file that was written again since it was measured holds nothing that is known. */
  async stat(options: { bigint: true }) {
    const { size, mtimeNs, nlink } = await this.#handle.stat(options)
    const rest = this.#last.then(() => this.#rest(mtimeNs))
    this.#last = rest.catch(() => undefined)
    await rest
    return { size: size === this.#measured?.compressed ? BigInt(this.#measured.size) : 0n, mtimeNs, nlink }
  }

  /** Thousands of files may be followed: little is kept of one that was not read between two looks at it. */
  async #rest(modified: bigint): Promise<void> {
    if (this.#modified !== modified && this.#modified !== 0n) {
      this.#beginning = Buffer.alloc(0)
      await this.#restart()
    } else if (this.#isIdle && this.#pass.position === this.#measured?.size) await this.#pass.end()
    else if (this.#isIdle) await this.#restart()
    this.#modified = modified
    this.#isIdle = true
  }

  async close(): Promise<void> {
    await this.#last
    await this.#pass.end()
    await this.#handle.close()
  }
}

/** Bytes that may still be read before others have their turn. */
export interface Budget {
  left: number
}

/** Reads what a gzip file holds once, from its beginning to its end. Takes memory from the first piece on. */
class Pass {
  /** First byte not yet read. */
  position = 0
  /** What lies before it, as far as it is kept. */
  #window: Buffer[] = []
  #kept = 0
  readonly #handle: FileHandle
  #pieces: AsyncIterator<Buffer> | undefined
  #damage: unknown

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /** First byte that is kept. */
  get start(): number {
    return this.position - this.#kept
  }

  /** Reads the next piece; false at the end. Rejects where the file is damaged. */
  async next(): Promise<boolean> {
    if (this.#damage !== undefined) throw this.#damage
    this.#pieces ??= decompressed(this.#handle)
    const { value, done } = await this.#pieces.next().catch(error => {
      this.#damage = error
      throw error
    })
    if (done) return false
    this.#window.push(value)
    this.#kept += value.length
    this.position += value.length
    for (let first = this.#window[0]; first !== undefined; first = this.#window[0]) {
      if (this.#kept - first.length < WINDOW_BYTES) break
      this.#kept -= first.length
      this.#window.shift()
    }
    return true
  }

  /** Copies what is kept from a place on, and returns how much that is. */
  copy(into: Buffer, position: number): number {
    let copied = 0
    let begin = this.start
    for (const piece of this.#window) {
      const from = position + copied - begin
      if (from >= 0 && from < piece.length) copied += piece.copy(into, copied, from)
      begin += piece.length
    }
    return copied
  }

  async end(): Promise<void> {
    await this.#pieces?.return?.()
    // A copy: the pieces are freed.
    const rest = Buffer.from(Buffer.concat(this.#window).subarray(-WINDOW_BYTES_AT_REST))
    this.#window = [rest]
    this.#kept = rest.length
  }
}

function decompressed(handle: FileHandle): AsyncIterator<Buffer> {
  const gunzip = createGunzip({ chunkSize: STEP_BYTES })
  // What goes wrong is thrown where the pieces are asked for, and concerns nobody where they no longer are.
  gunzip.on('error', () => undefined)
  pipeline(Readable.from(piecesOf(handle)), gunzip, () => undefined)
  return gunzip[Symbol.asyncIterator]()
}

async function* piecesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(STEP_BYTES), 0, STEP_BYTES, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/**
 * Reads on to a place of a file, for a reader who waits for it.
 *
 * @throws Error where the signal aborts before it is reached
 */
export async function reached(content: FileContent, position: number, signal: AbortSignal): Promise<void> {
  while (!(await isReached(content, position))) signal.throwIfAborted()
}

/**
 * What a file holds, for a reader who waits for it.
 *
 * @throws Error where it is compressed and cannot be read, or the signal aborts before its size is known
 */
export async function contentOf(handle: FileHandle, path: string, signal: AbortSignal): Promise<FileContent> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(STEP_BYTES), 0, STEP_BYTES, 0)
  if (compressionOf(buffer.subarray(0, bytesRead), path) === undefined) return handle
  const content = new GzipContent(handle)
  let measured: boolean | GzipTrouble = false
  while (measured === false && !signal.aborted) measured = await content.measure({ left: BYTES_AT_ONCE })
  if (measured === true) return content
  await content.close()
  throw new Error(`${path} is ${measured || 'not wanted any more'}`)
}
