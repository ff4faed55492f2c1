import { CHECKPOINT_BYTES, checkpointsIn, thinned } from './checkpoints.ts'
import type { FileContent } from './content.ts'
import { digest, tailOf } from './fingerprint.ts'
import { firstLinesBefore, withLines } from './first-lines.ts'
import { encodingIn, type Framing } from './framing.ts'
import type { FilePosition } from './position.ts'

/** What was read last of a file, from which it is recognised later. */
export class RecentBytes {
  /** Up to `CHECKPOINT_BYTES` before the offset; empty where they are not known. */
  #bytes: Buffer = Buffer.alloc(0)

  /** Reading continues at another place. */
  forget(): void {
    this.#bytes = Buffer.alloc(0)
  }

  /**
   * Reads what an earlier process, or another file, read last, if it is still the same. Returns the position, with the first
   * lines of the file where an earlier version read it.
   */
  async recall(handle: FileContent, position: FilePosition): Promise<FilePosition> {
    const { offset, tail, firstLines } = position
    const length = Math.min(CHECKPOINT_BYTES, offset)
    if (tail === undefined || this.#bytes.length > 0) return position
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset - length)
    if (bytesRead < length || digest(buffer.subarray(length - tail.length)) !== tail.hash) return position
    this.#bytes = buffer
    // Compressed content would be read from its beginning again.
    if (firstLines.to > 0 || handle.reach !== undefined) return position
    return { ...position, firstLines: await firstLinesBefore(handle, offset) }
  }

  /** The position after more bytes that were read at its offset. */
  advanced(position: FilePosition, read: Buffer, framing: Framing): FilePosition {
    const offset = position.offset + read.length
    const size = Math.max(position.size, offset)
    const last = read.length < CHECKPOINT_BYTES ? Buffer.concat([this.#bytes, read]) : read
    const checkpoints = [...position.checkpoints, ...checkpointsIn(read, this.#bytes, position.offset, framing)]
    this.#bytes = Buffer.from(last.subarray(-CHECKPOINT_BYTES))
    const tail = tailOf(this.#bytes)
    const firstLines = withLines(position.firstLines, position.offset, read, encodingIn(framing))
    return { ...position, offset, size, tail, checkpoints: thinned(checkpoints, offset), firstLines }
  }
}
