import type { FileHandle } from 'node:fs/promises'

const NEWLINE = 10
const STEP_BYTES = 64 * 1024

/** The byte after the last newline of a file: where the line begins that is being written. */
export async function endOfLastLine(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat()
  return startOfLine(handle, size)
}

/** The first byte of the line that the byte `at` of a file belongs to. */
export async function startOfLine(handle: FileHandle, at: number): Promise<number> {
  for (let end = at; end > 0; ) {
    const start = Math.max(0, end - STEP_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start)
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE)
    if (newline >= 0) return start + newline + 1
    end = start
  }
  return 0
}
