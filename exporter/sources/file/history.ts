import { open } from 'node:fs/promises'
import type { Batch } from '../source.ts'
import { toldBy } from './batch.ts'
import { beginsLike, readHead } from './fingerprint.ts'
import type { ScannedLines } from './lines.ts'
import type { FilePosition } from './position.ts'
import { ReadAhead } from './read-ahead.ts'
import { TrackedFile } from './tracked-file.ts'

/**
 * Reads what lies before the byte where counting began in each file, one file after the other in the given order.
 * A file that has been moved or replaced since is passed over. The batches carry no cursor.
 */
export async function* readBefore(
  positions: readonly FilePosition[],
  scan: (chunk: Buffer) => ScannedLines,
  signal: AbortSignal,
): AsyncIterable<Batch> {
  const reader = new ReadAhead()
  let watermark = 0
  for (const position of positions) {
    const handle = await open(position.path).catch(() => undefined)
    if (handle === undefined) continue
    try {
      if (!beginsLike(await readHead(handle), position.fingerprint)) continue
      const { dev, ino } = await handle.stat({ bigint: true })
      const start = { ...position, offset: 0, inLongLine: false, size: position.begin }
      const file = new TrackedFile(`${dev}:${ino}`, handle, start, position.begin)
      while (file.hasUnread && !signal.aborted) {
        const lines = await file.read(reader, scan, Number.POSITIVE_INFINITY)
        watermark = Math.max(watermark, file.position.time ?? 0)
        yield { ...toldBy(lines, 0), cursor: [], watermark, caughtUp: false }
      }
    } finally {
      await handle.close()
    }
  }
}
