import type { FileHandle } from 'node:fs/promises'
import { MAX_LINE_BYTES } from './lines.ts'

/** Bytes asked for at once. */
export const READ_BYTES = 512 * 1024
/** A line of the greatest length, its newline and one read more. */
const BUFFER_BYTES = MAX_LINE_BYTES + READ_BYTES

const NEWLINE = 10

interface Pending {
  readonly handle: FileHandle
  readonly offset: number
  readonly buffer: Buffer
  /** Bytes read, or what went wrong. */
  readonly outcome: Promise<number | Error>
}

/** Reads chunks of files, the next one while the last is being looked at. Two buffers for however many files. */
export class ReadAhead {
  #free = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  #used = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  #pending: Pending | undefined

  /**
   * The bytes from `offset` on, at least up to a newline where one follows within the greatest length of a line, none at
   * or behind `limit`. They stay until the next call.
   */
  async chunk(handle: FileHandle, offset: number, limit: number): Promise<Buffer> {
    const pending = this.#pending
    this.#pending = undefined
    const outcome = await pending?.outcome
    const isNext = pending?.handle === handle && pending.offset === offset && typeof outcome === 'number'
    const buffer = this.#free
    this.#free = this.#used
    this.#used = buffer
    let filled = isNext ? Math.min(outcome, limit - offset) : 0
    if (isNext && (filled < READ_BYTES || buffer.subarray(0, filled).includes(NEWLINE)))
      return buffer.subarray(0, filled)
    while (filled < buffer.length) {
      const wanted = Math.min(READ_BYTES, buffer.length - filled, limit - offset - filled)
      const { bytesRead } = await handle.read(buffer, filled, wanted, offset + filled)
      filled += bytesRead
      if (bytesRead < wanted || buffer.subarray(filled - bytesRead, filled).includes(NEWLINE)) break
    }
    return buffer.subarray(0, filled)
  }

  /** Begins to read what will probably be asked for next. */
  prepare(handle: FileHandle, offset: number): void {
    const buffer = this.#free
    const outcome = handle.read(buffer, 0, READ_BYTES, offset).then(
      ({ bytesRead }) => bytesRead,
      (error: Error) => error,
    )
    this.#pending = { handle, offset, buffer, outcome }
  }
}
