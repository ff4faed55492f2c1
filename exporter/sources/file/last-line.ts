import { sequenceAt } from '../../../decoding/envelopes/journal-export.ts'
import type { FileContent } from './content.ts'
import { encodingOf, endOfLastLine, wholeUnits } from './encoding.ts'
import { readHead } from './fingerprint.ts'
import { startOfEntry } from './framing.ts'

const STEP_BYTES = 64 * 1024

/** The byte after the last newline of a file, or the last entry of a journal: where what is being written begins. */
export async function startOfLastLine(handle: FileContent): Promise<number> {
  const { size } = await handle.stat({ bigint: true })
  return startOfLine(handle, Number(size))
}

/** The first byte of the line, or of the entry of a journal, that the byte `at` of a file belongs to. */
export async function startOfLine(handle: FileContent, at: number): Promise<number> {
  const head = await readHead(handle)
  const sequence = sequenceAt(head, 0)
  if (sequence !== undefined) return startOfEntry(handle, at, sequence)
  const encoding = encodingOf(head)
  for (let end = wholeUnits(at, encoding); end > 0; ) {
    const start = Math.max(0, end - STEP_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start)
    const length = endOfLastLine(buffer.subarray(0, bytesRead), encoding)
    if (length > 0) return start + length
    end = start
  }
  return 0
}
