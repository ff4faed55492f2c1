import type { FileHandle } from 'node:fs/promises'
import { consoleTextIn } from '../decoding/console-text.ts'
import type { ConsoleText } from '../decoding/toolkit/record.ts'
import { compressionOf } from '../exporter/sources/file/content.ts'
import { textOfHead } from '../exporter/sources/file/framing.ts'
import { MAX_LINE_BYTES } from '../exporter/sources/file/lines.ts'
import { openRegularFile } from '../service/files/regular-file.ts'

/** Bytes that are read of a file's beginning. */
const HEAD_BYTES = 64 * 1024
/** Bytes that are read of its end. */
const TAIL_BYTES = 256 * 1024

/** What a file begins with, up to the end of a line where one ends within the greatest length; nothing of a compressed one. */
export async function beginningOf(path: string): Promise<string> {
  const handle = await openRegularFile(path)
  try {
    const head = await read(handle, HEAD_BYTES)
    if (compressionOf(head, path) === 'gzip') return ''
    const text = textOfHead(head)
    return text.includes('\n') || head.length < HEAD_BYTES ? text : textOfHead(await read(handle, MAX_LINE_BYTES + 1))
  } finally {
    await handle.close()
  }
}

/** The last whole lines of a file in UTF-8; none where its beginning holds all of it, or where it is compressed. */
export async function lastLinesOf(path: string): Promise<readonly string[]> {
  const handle = await openRegularFile(path)
  try {
    const { size } = await handle.stat()
    if (size <= HEAD_BYTES) return []
    if (compressionOf(await read(handle, 16), path) === 'gzip') return []
    const tail = await read(handle, TAIL_BYTES, Math.max(0, size - TAIL_BYTES))
    return tail.toString('utf8').split('\n').slice(1, -1)
  } finally {
    await handle.close()
  }
}

/** Whether clients may have written some of the lines. */
export function consoleTextOf(lines: readonly string[]): ConsoleText | undefined {
  let found: ConsoleText | undefined
  for (const bytes of lines.map(line => Buffer.from(line))) found = consoleTextIn(bytes, 0, bytes.length, found)
  return found
}

async function read(handle: FileHandle, length: number, position = 0): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
