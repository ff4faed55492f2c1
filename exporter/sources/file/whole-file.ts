import { openRegularFile } from '../../../service/files/regular-file.ts'
import { contentOf } from './content.ts'
import { readHead } from './fingerprint.ts'
import { createLineScanner } from './lines.ts'
import { newPosition, withHead } from './position.ts'
import { ReadAhead } from './read-ahead.ts'
import type { ReadLines } from './read-lines.ts'
import { TrackedFile } from './tracked-file.ts'

/** A file that is read once, as it is now. */
export interface WholeFile {
  readonly path: string
  /** Device and inode number. */
  readonly key: string
}

/**
 * Reads the complete lines of a file from its beginning to its end, as a source would, and does not follow it. Rejects where
 * it cannot be opened, or is compressed and damaged.
 */
export async function* readWholeFile({ path, key }: WholeFile, signal: AbortSignal): AsyncGenerator<ReadLines> {
  const content = await contentOf(await openRegularFile(path), path, signal)
  try {
    const size = Number((await content.stat({ bigint: true })).size)
    const head = await readHead(content)
    const position = withHead({ ...newPosition({ path, generation: 0, offset: 0 }), size }, head)
    const file = new TrackedFile(key, content, position, size)
    file.isPlaced = true
    file.head = head
    const reader = new ReadAhead()
    const scan = createLineScanner([])
    while (file.hasUnread) {
      signal.throwIfAborted()
      yield await file.read(reader, scan, Number.POSITIVE_INFINITY)
    }
  } finally {
    await content.close()
  }
}
