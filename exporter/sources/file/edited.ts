import { checkpointBefore, lastHeld, stillHeld } from './checkpoints.ts'
import { isDeleted } from './discovery.ts'
import { encodingOf } from './encoding.ts'
import { tailBefore } from './fingerprint.ts'
import { firstLinesBefore } from './first-lines.ts'
import { framingOf } from './framing.ts'
import { startOfLastLine } from './last-line.ts'
import { noParts, partsBefore } from './parts.ts'
import { type FilePosition, unreadBytes } from './position.ts'
import type { TrackedFile } from './tracked-file.ts'

/** A position whose content is no longer under its inode, with the key of the inode. */
export interface LostPosition {
  readonly key: string
  readonly position: FilePosition
  /** Key by which files follow it, where another file has its inode number and may be followed too. */
  readonly followedAs?: string
}

/** Files that were edited after they were read: they are read on after the last line that they still hold. */
export class EditedFiles {
  readonly #tracked: ReadonlyMap<string, TrackedFile>
  #rereadBytes = 0
  #notices: string[] = []

  /** @param tracked the files that are followed, by their keys */
  constructor(tracked: ReadonlyMap<string, TrackedFile>) {
    this.#tracked = tracked
  }

  /** Bytes that are read again, and one sentence for each file of which some are, since this was asked last. */
  take(): { readonly rereadBytes: number; readonly notices: readonly string[] } {
    const taken = { rereadBytes: this.#rereadBytes, notices: this.#notices }
    this.#rereadBytes = 0
    this.#notices = []
    return taken
  }

  /**
   * Continues from lost positions in the files that were edited in place. Returns the other ones, and those of whose bytes
   * that were not read some are no longer there.
   */
  async continueInPlace(lost: readonly LostPosition[]): Promise<LostPosition[]> {
    const left: LostPosition[] = []
    for (const one of lost) {
      const file = [...this.#tracked.values()].find(other => isUnread(other) && isInPlaceOf(other, one))
      const isHeldBack = one.position.beginningOf !== undefined
      if (file === undefined || isHeldBack || !(await this.#continue(file, one.position))) {
        left.push(one)
        continue
      }
      const removed = unreadBytes(one.position) - unreadBytes(file.position)
      const size = one.position.offset + removed
      if (removed > 0) left.push({ key: one.key, position: { ...one.position, size, parts: noParts } })
    }
    return left
  }

  /**
   * Continues in a file that took the path of a deleted one, which is still followed: after the lines that are read of
   * that one. False where there is none, or it holds nothing of it.
   */
  async replaceDeleted(file: TrackedFile): Promise<boolean> {
    if (!isUnread(file)) return false
    // The one that was followed last had the path last.
    for (const other of [...this.#tracked.values()].reverse()) {
      const isOfThisPath = other !== file && other.position.path === file.position.path
      if (!isOfThisPath || other.copyOf !== undefined || !(await isDeleted(other.handle))) continue
      const end = await startOfLastLine(other.handle)
      const position = end > other.position.offset ? await readTo(other, end) : other.position
      if (await this.#continue(file, position)) return true
    }
    return false
  }

  /**
   * Continues in a file that took the path of another one that is gone, also of one that an earlier process followed.
   *
   * @param saved positions of an earlier process; the one that is continued is removed
   * @param lost positions that are to be continued in place
   * @returns the key of that one
   */
  async replace(
    file: TrackedFile,
    saved: Map<string, FilePosition>,
    lost: readonly LostPosition[],
  ): Promise<readonly string[]> {
    if (lost.some(one => isInPlaceOf(file, one)) || !isUnread(file) || (await this.replaceDeleted(file))) return []
    // The one that was begun last had the path last.
    const newest = [...saved].sort(([, one], [, other]) => (other.begun ?? 0) - (one.begun ?? 0))
    for (const [key, position] of newest) {
      if (position.path !== file.position.path || position.isAway) continue
      if (!(await this.#continue(file, position))) continue
      saved.delete(key)
      return [key]
    }
    return []
  }

  async #continue(file: TrackedFile, from: FilePosition): Promise<boolean> {
    const { handle, position } = file
    // A file that lost more than half of what was read was truncated, and may begin with the same lines each time.
    const known = from.checkpoints.filter(({ offset }) => 2 * offset >= from.offset)
    const found = await lastHeld(known, handle, position.size, encodingOf(file.head))
    if (found === undefined) return false
    const { at, checkpoint } = found
    const moved = at - checkpoint.offset
    const [tail, parts, firstLines, checkpoints] = await Promise.all([
      tailBefore(handle, at),
      partsBefore(handle, at),
      firstLinesBefore(handle, at),
      stillHeld(from.checkpoints, found, handle),
    ])
    file.moveTo({
      ...position,
      begin: Math.min(Math.max(from.begin + moved, 0), at),
      offset: at,
      tail,
      checkpoints,
      firstLines,
      parts,
      ...entriesAfter(from, at, file.head),
      ...(from.time === undefined ? {} : { time: from.time }),
      ...(from.gateway === undefined ? {} : { gateway: from.gateway }),
    })
    const reread = Math.min(from.offset - checkpoint.offset, position.size - at)
    if (reread <= 0) return true
    this.#rereadBytes += reread
    this.#notices.push(
      `${position.path} was edited after it was read; up to ${reread} bytes of it, from byte ${at} on, are read again.`,
    )
    return true
  }
}

/** Entries of a journal follow a checkpoint within them, also where the beginning of an entry was removed. */
function entriesAfter({ sequence }: FilePosition, at: number, head: Buffer): Partial<FilePosition> {
  return sequence === undefined || framingOf(head) === 'journal-export' ? {} : { sequence, entriesFrom: at }
}

/** The position of a file when it will be read up to the end of a line. */
async function readTo({ handle, head, position }: TrackedFile, offset: number): Promise<FilePosition> {
  const end = await checkpointBefore(handle, offset, encodingOf(head))
  return { ...position, offset, checkpoints: [...position.checkpoints, ...end] }
}

/** True for the file of a lost position, also where that was continued in a copy for a while. */
function isInPlaceOf(file: TrackedFile, { key, position }: LostPosition): boolean {
  return file.key === key || file.position.path === position.path
}

/** True for a file of which no other position is known. */
export function isUnread({ isPlaced, isForeign, copyOf, position }: TrackedFile): boolean {
  if (position.offset > 0 || position.beginningOf !== undefined) return false
  return isPlaced && !isForeign && copyOf === undefined
}
