import { type Budget, type FileContent, isReached } from './content.ts'
import type { EditedFiles } from './edited.ts'
import { HEAD_BYTES, tailBefore } from './fingerprint.ts'
import { firstLinesBefore } from './first-lines.ts'
import { startOfLine } from './last-line.ts'
import { noParts, type PendingParts, partsBefore } from './parts.ts'
import { type FilePosition, isOfSameContent, released, takenBytes } from './position.ts'
import type { TrackedFile } from './tracked-file.ts'

/** Bytes of each file that are compared in one look at the files, so that a look stays short however large they are. */
const BYTES_A_LOOK = 64 * 1024 * 1024
const STEP_BYTES = 256 * 1024
/** Files that differ within this many bytes have nothing but their first lines in common: they are no copies. */
export const MIN_COMMON_BYTES = 1024

/** Result of a comparison. */
interface Comparison {
  readonly isEqual: boolean
  /** Up to where they are equal: the first byte that differs, or as far as both go or could be compared. */
  readonly to: number
}

/** Compares files in pieces; one budget of bytes serves all comparisons of a look. */
class FileComparer {
  #budget: Budget = { left: BYTES_A_LOOK }
  readonly #pieces: readonly [Buffer, Buffer] = [Buffer.alloc(STEP_BYTES), Buffer.alloc(STEP_BYTES)]

  /** A new look begins. */
  renew(): void {
    this.#budget = { left: BYTES_A_LOOK }
  }

  /** Compares two files from the byte `from`, up to which they are known to be equal, to the byte `end`. */
  async compare(one: FileContent, other: FileContent, from: number, end: number): Promise<Comparison> {
    let to = from
    for (const content of [one, other]) {
      if (!(await isReached(content, from, this.#budget))) return { isEqual: true, to }
    }
    while (to < end && this.#budget.left > 0) {
      const wanted = Math.min(STEP_BYTES, end - to, this.#budget.left)
      const [a, b] = await Promise.all(
        this.#pieces.map(async (piece, index) => {
          const { bytesRead } = await (index === 0 ? one : other).read(piece, 0, wanted, to)
          return piece.subarray(0, bytesRead)
        }),
      )
      if (a === undefined || b === undefined) break
      const both = Math.min(a.length, b.length)
      const difference = firstDifference(a.subarray(0, both), b.subarray(0, both))
      if (difference < both) return { isEqual: false, to: to + difference }
      this.#budget.left -= both
      to += both
      // One of them was truncated since its size was read.
      if (both < wanted) break
    }
    return { isEqual: true, to }
  }
}

function firstDifference(a: Buffer, b: Buffer): number {
  if (a.equals(b)) return a.length
  return a.findIndex((byte, index) => byte !== b[index])
}

/** True when two files may be copies of each other: the same first line in one folder, and beginnings that agree. */
function mayBeCopies(one: TrackedFile, other: TrackedFile): boolean {
  const [a, b] = [one.position.fingerprint, other.position.fingerprint]
  // Thousands of files may begin with the same line: most differ by their hashes.
  if (a.length === b.length && a.hash !== b.hash) return false
  return isOfSameContent(one.position, other.position) && headsAgree(one.head, other.head)
}

function isRead({ isPlaced, copyOf, isForeign, position }: TrackedFile): boolean {
  return isPlaced && copyOf === undefined && !isForeign && position.beginningOf === undefined
}

/** True where the shorter of two beginnings is the beginning of the other one. */
export function headsAgree(one: Buffer, other: Buffer): boolean {
  const length = Math.min(one.length, other.length)
  return one.subarray(0, length).equals(other.subarray(0, length))
}

/**
 * Files of one folder with the same content, as far as both go: one of them is read, with one offset for all, and the
 * others are copies of it. Where a copy turns out to differ, it is read by itself.
 */
export class Copies {
  readonly #tracked: ReadonlyMap<string, TrackedFile>
  readonly #edited: EditedFiles
  readonly #comparer = new FileComparer()
  readonly #doubted = new Set<TrackedFile>()
  /** When copies were last written, as they were compared last. */
  readonly #modified = new WeakMap<TrackedFile, bigint>()

  /** @param tracked the files that are followed, by their keys */
  constructor(tracked: ReadonlyMap<string, TrackedFile>, edited: EditedFiles) {
    this.#tracked = tracked
    this.#edited = edited
  }

  beginLook(): void {
    this.#comparer.renew()
    this.#doubted.clear()
  }

  /**
   * A file continues the position of an earlier process under another path: it was renamed, or has the inode number of
   * that file and begins with what was read of it.
   */
  doubt(file: TrackedFile, path: string): void {
    file.hadPath(path)
    if (file.position.offset > 0 && file.position.beginningOf === undefined) this.#doubted.add(file)
  }

  /** Has doubted files compared with those of which they may be copies. Returns the ones that may be of none. */
  joinDoubted(): readonly TrackedFile[] {
    return [...this.#doubted].filter(file => {
      const original = file.copyOf === undefined ? this.possibleOriginal(file) : undefined
      if (original !== undefined) this.join(file, original, 0)
      return file.copyOf === undefined
    })
  }

  /** The files that are read. */
  originals(): readonly TrackedFile[] {
    return [...this.#tracked.values()].filter(file => file.copyOf === undefined)
  }

  /** The largest file that another one may be a copy of, as far as they were not compared. */
  possibleOriginal(file: TrackedFile): TrackedFile | undefined {
    let largest: TrackedFile | undefined
    for (const other of this.#tracked.values()) {
      if (other === file || !isRead(other) || file.differsFrom.has(other.key) || !mayBeCopies(file, other)) continue
      if (largest === undefined || other.position.size > largest.position.size) largest = other
    }
    return largest
  }

  /**
   * Whether a copy holds what was read of its original. A compressed one, which does not change, was compared; where that
   * has not come to an end, it would have to be read from its beginning.
   */
  async holds(copy: TrackedFile, position: FilePosition): Promise<boolean | 'unknown'> {
    if (copy.handle.reach === undefined) return copy.holds(position)
    if (copy.equalTo >= position.offset) return true
    return copy.position.size >= position.offset && copy.isPlaced ? 'unknown' : false
  }

  /** True while a compressed copy of a file is compared with it. */
  isCompared({ key, position }: TrackedFile): boolean {
    return [...this.#tracked.values()].some(
      copy =>
        copy.copyOf === key &&
        copy.handle.reach !== undefined &&
        copy.equalTo < Math.min(copy.position.size, position.size),
    )
  }

  /** A file is read no more, because another one holds the same up to the byte `equalTo`. */
  join(file: TrackedFile, original: TrackedFile, equalTo: number): void {
    file.copyOf = original.key
    file.equalTo = equalTo
  }

  /** Compares a copy with its original: it takes over where it goes farther, and is released where it differs. */
  async compare(file: TrackedFile): Promise<void> {
    const original = this.#tracked.get(file.copyOf ?? '')
    if (original === undefined) return
    file.equalTo = await this.#stillEqualTo(file, original)
    const end = Math.min(file.position.size, original.position.size)
    const { isEqual, to } = await this.#comparer.compare(file.handle, original.handle, file.equalTo, end)
    if (isEqual) file.equalTo = Math.max(file.equalTo, to)
    else if ((await file.isIntact()) && (await original.isIntact())) return await this.release(file, original.key, to)
    if (file.equalTo === original.position.size && file.position.size > end) await this.#takeOver(file, original)
    else if (file.equalTo >= file.position.offset && file.position.offset > original.position.offset) {
      await this.inherit(original, file.position)
    }
  }

  /** How far a copy is known to be equal to its original: nowhere, where it was written again in place. */
  async #stillEqualTo(file: TrackedFile, original: TrackedFile): Promise<number> {
    const { equalTo, handle, modified, position } = file
    if (position.size < equalTo) return 0
    const isPlain = handle.reach === undefined && original.handle.reach === undefined
    if (!isPlain || this.#modified.get(file) === modified) return equalTo
    // Lines that were read are not changed: the last of them show what was written.
    const { isEqual, to } = await this.#comparer.compare(
      handle,
      original.handle,
      Math.max(0, equalTo - HEAD_BYTES),
      equalTo,
    )
    if (to >= equalTo) this.#modified.set(file, modified)
    return isEqual ? equalTo : 0
  }

  /** A copy goes farther than its original, which was replaced by it or is the copy itself: it is read from now on. */
  async #takeOver(file: TrackedFile, original: TrackedFile): Promise<void> {
    await this.inherit(file, original.position)
    for (const copy of this.#tracked.values()) {
      if (copy.copyOf === original.key) this.join(copy, file, Math.min(copy.equalTo, original.position.size))
    }
    this.join(original, file, original.position.size)
    const other = this.possibleOriginal(file)
    if (other === undefined) return
    this.join(file, other, 0)
    await this.compare(file)
  }

  /**
   * A file turned out to differ from its supposed original: its own lines are read, unless it is a copy of another
   * one.
   */
  async release(file: TrackedFile, original: string, at: number): Promise<void> {
    file.copyOf = undefined
    file.differsFrom.set(original, at)
    const other = this.possibleOriginal(file)
    if (other !== undefined) {
      this.join(file, other, 0)
      return this.compare(file)
    }
    if (await this.#edited.replaceDeleted(file)) return
    const own = await beginOfOwnLines(file, Math.max(...file.differsFrom.values()))
    const offset = Math.max(own, file.position.offset)
    if (offset === file.position.offset) return
    const [tail, parts, firstLines] = await Promise.all([
      tailBefore(file.handle, offset),
      partsBefore(file.handle, offset),
      firstLinesBefore(file.handle, offset),
    ])
    file.moveTo({ ...file.position, begin: 0, offset, tail, parts, firstLines })
  }

  /** Continues in a file where another one was read, whose content up to there it holds. */
  async inherit(heir: TrackedFile, from: FilePosition): Promise<void> {
    heir.copyOf = undefined
    heir.isForeign = false
    if (from.path !== heir.position.path) heir.hadPath(from.path)
    const takenTo = Math.max(takenBytes(heir.position), takenBytes(from))
    const position = released(heir.position)
    const offset = Math.max(position.offset, from.offset)
    heir.moveTo({
      ...position,
      begin: Math.max(position.begin, Math.min(from.begin, offset)),
      offset,
      // A compressed file is read to there in pieces.
      tail: (offset === from.offset ? from.tail : undefined) ?? (await tailBefore(heir.handle, offset)),
      checkpoints: (offset === position.offset ? position : from).checkpoints.filter(found => found.offset <= offset),
      firstLines: from.firstLines.to < position.firstLines.to ? position.firstLines : from.firstLines,
      inLongLine: from.inLongLine && offset === from.offset,
      ...(from.sequence === undefined ? {} : { sequence: from.sequence }),
      ...(from.entriesFrom === undefined ? {} : { entriesFrom: from.entriesFrom }),
      ...(from.forgeableTo === undefined ? {} : { forgeableTo: { ...position.forgeableTo, ...from.forgeableTo } }),
      parts: partsAt(offset, from, position),
      ...(from.time === undefined ? {} : { time: from.time }),
      ...(from.gateway === undefined ? {} : { gateway: from.gateway }),
      ...(from.beginningOf === undefined ? {} : { beginningOf: from.beginningOf, takenTo }),
      ...(from.withheld === undefined ? {} : { withheld: from.withheld }),
    })
  }
}

/** The parts that are pending at an offset that one of two positions has; none in a file that does not hold them all. */
function partsAt(offset: number, ...positions: readonly FilePosition[]): PendingParts {
  return positions.find(position => position.offset === offset)?.parts ?? noParts
}

/**
 * Where reading begins in a file that differs from its supposed original from the byte `at` on. The lines that both
 * hold are counted in the original.
 */
async function beginOfOwnLines(file: TrackedFile, at: number): Promise<number> {
  return at < MIN_COMMON_BYTES ? 0 : startOfLine(file.handle, at)
}
