import { FORGEABLE_BYTES } from '../../../decoding/console-text.ts'
import type { FileContent } from './content.ts'
import { encodingOf, endOfLastLine, wholeUnits } from './encoding.ts'
import { readHead, tailBefore } from './fingerprint.ts'
import { firstLinesBefore } from './first-lines.ts'
import { FIRST_ENTRY_BYTES, firstEntryOf, startOfEntry } from './framing.ts'
import { partsBefore } from './parts.ts'
import type { FilePosition } from './position.ts'

const STEP_BYTES = 64 * 1024

/** The byte after the last newline of a file, or the last entry of a journal: where what is being written begins. */
export async function startOfLastLine(handle: FileContent): Promise<number> {
  const { size } = await handle.stat({ bigint: true })
  return startOfLine(handle, Number(size))
}

/** Where reading begins in a file of which only what is being written, and what will be, is to be counted. */
export async function positionAtEnd(handle: FileContent): Promise<Partial<FilePosition>> {
  const begin = await startOfLastLine(handle)
  if (begin === 0) return {}
  const [tail, parts, firstLines, first] = await Promise.all([
    tailBefore(handle, begin),
    partsBefore(handle, begin),
    firstLinesBefore(handle, begin),
    firstEntryOf(handle),
  ])
  const position = { begin, offset: begin, tail, parts, firstLines }
  if (first === undefined || first.start === 0 || (await startOfEntry(handle, begin, first)) !== begin) return position
  const { start: entriesFrom, sequence } = first
  if (begin > entriesFrom + FIRST_ENTRY_BYTES) return { ...position, entriesFrom, sequence }
  return { ...position, entriesFrom, forgeableTo: { bare: entriesFrom + FORGEABLE_BYTES } }
}

/** The first byte of the line, or of the entry of a journal, that the byte `at` of a file belongs to. */
export async function startOfLine(handle: FileContent, at: number): Promise<number> {
  const first = await firstEntryOf(handle)
  const entry = first === undefined ? undefined : await startOfEntry(handle, at, first)
  if (entry !== undefined) return entry
  const encoding = encodingOf(await readHead(handle))
  for (let end = wholeUnits(at, encoding); end > 0; ) {
    const start = Math.max(0, end - STEP_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start)
    const length = endOfLastLine(buffer.subarray(0, bytesRead), encoding)
    if (length > 0) return start + length
    end = start
  }
  return 0
}
