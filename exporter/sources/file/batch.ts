import type { EpochMs } from '../../../core/clock.ts'
import type { Batch, CursorChange } from '../../contracts/source.ts'
import { type FilePosition, positionToJson } from './position.ts'
import type { ReadLines, TrackedFile } from './tracked-file.ts'

/** Cursor key of the source itself: that it has begun, and its watermark. */
export const SOURCE_KEY = 'source'

/** The part of a batch that holds what was read. */
export function batchContents(lines: ReadLines, lostBytes: number): Pick<Batch, 'records' | 'samples' | 'tally'> {
  const undecoded = {
    ...(lines.tooLong === 0 ? {} : { line_too_long: lines.tooLong }),
    ...(lines.incomplete === 0 ? {} : { partial_record: lines.incomplete }),
  }
  const { records, samples } = lines
  const tally = { skipped: lines.skipped, undecoded, lostBytes }
  return samples === undefined ? { records, tally } : { records, samples, tally }
}

/** What moved since the last batch. A file that waits as a copy has no position of its own to remember. */
export function cursorChanges(
  files: Iterable<TrackedFile>,
  emitted: Map<string, FilePosition>,
  forgotten: readonly string[],
  watermark: EpochMs,
): readonly CursorChange[] {
  const changes: CursorChange[] = [{ key: SOURCE_KEY, value: { watermark } }]
  for (const key of forgotten) {
    emitted.delete(key)
    changes.push({ key, value: null })
  }
  for (const { key, position, copyOf } of files) {
    if (copyOf !== undefined) {
      if (emitted.delete(key)) changes.push({ key, value: null })
      continue
    }
    if (emitted.get(key) === position) continue
    emitted.set(key, position)
    changes.push({ key, value: positionToJson(position) })
  }
  return changes
}
