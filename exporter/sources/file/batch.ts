import type { EpochMs } from '../../../core/clock.ts'
import type { Batch, CursorChange } from '../../contracts/source.ts'
import { type FilePosition, positionToJson } from './position.ts'
import type { ReadLines } from './read-lines.ts'
import type { TrackedFile } from './tracked-file.ts'

/** Cursor key of the source itself: that it has begun, and its watermark. */
export const SOURCE_KEY = 'source'

/** The changes that a look at the files found. */
export interface Look {
  /** Followed to their end and no longer tracked; the last line of each may still wait for its newline. */
  readonly gone: readonly TrackedFile[]
  /** Saved positions of files that were gone before this process could open them. */
  readonly forgotten: readonly string[]
  readonly lostBytes: number
  /** Counted bytes that are read again, as what was after them in an edited file cannot be distinguished from them. */
  readonly rereadBytes: number
  /** Records whose first parts were read from files that are lost. */
  readonly incomplete: number
}

const unchanged = { lostBytes: 0, rereadBytes: 0 }

/** The part of a batch that holds what was read. */
export function batchContents(
  lines: ReadLines,
  look: Pick<Look, 'lostBytes' | 'rereadBytes'> = unchanged,
): Pick<Batch, 'records' | 'samples' | 'tally'> {
  const undecoded = {
    ...(lines.tooLong === 0 ? {} : { line_too_long: lines.tooLong }),
    ...(lines.incomplete === 0 ? {} : { partial_record: lines.incomplete }),
  }
  const { records, samples } = lines
  const { lostBytes, rereadBytes } = look
  const tally = { skipped: lines.skipped, undecoded, lostBytes, ...(rereadBytes === 0 ? {} : { rereadBytes }) }
  return samples === undefined ? { records, tally } : { records, samples, tally }
}

/** What moved since the last batch. A file that waits as a copy has no position of its own to remember. */
export function cursorChanges(
  files: Iterable<Pick<TrackedFile, 'key' | 'position' | 'copyOf'>>,
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
