import { type Checkpoints, lastInPlace } from './checkpoints.ts'
import { isReached } from './content.ts'
import type { Copies } from './copies.ts'
import type { LostPosition } from './edited.ts'
import { beginsLike, tailBefore } from './fingerprint.ts'
import { startOfLine } from './last-line.ts'
import { noParts, partsBefore, pendingRecords } from './parts.ts'
import { type FilePosition, heldBackBytes, isOfSameContent, released, unreadBytes } from './position.ts'
import type { Rotations } from './rotations.ts'
import type { TrackedFile } from './tracked-file.ts'

/** Positions of files out of sight that are kept for their return. */
const MAX_AWAY = 100

/** How long a file may be a copy that is being made, monotonic milliseconds. */
const COPYING_PATIENCE_MS = 30_000

/** Positions that are remembered while copies of their content may still be made. */
const MAX_RECENT = 100

/** What was seen of a file that is held back. */
interface Growth {
  /** Up to where it was compared with what was read. */
  comparedTo: number
  /** Since when it grows after it had settled, monotonic milliseconds. */
  since: number | undefined
}

/**
 * Positions of content that is no longer where it was read: which file continues one, and which file may be an unfinished
 * copy of what was read up to one. What such a file holds is held back until it is known: it may be a log of its own.
 */
export class Ancestors {
  /** Positions whose content is no longer under their inode, in this look, with the key of the inode. */
  lost: LostPosition[] = []
  /** Keys of saved positions that are no longer of use. */
  readonly forgettable: string[] = []
  /** Those of the last looks, of which copies may still be made, with the monotonic time of the look. */
  #recent: readonly { readonly position: FilePosition; readonly since: number }[] = []
  readonly #tracked: ReadonlyMap<string, TrackedFile>
  readonly #saved: Map<string, FilePosition>
  readonly #copies: Copies
  readonly #rotations: Rotations
  readonly #growth = new WeakMap<TrackedFile, Growth>()

  /**
   * @param tracked the files that are followed, by their keys
   * @param saved positions of an earlier process whose files this one has not opened yet
   */
  constructor(
    tracked: ReadonlyMap<string, TrackedFile>,
    saved: Map<string, FilePosition>,
    copies: Copies,
    rotations: Rotations,
  ) {
    this.#tracked = tracked
    this.#saved = saved
    this.#copies = copies
    this.#rotations = rotations
  }

  /**
   * What was lost in this look: bytes that were seen and not read, and records whose ends were not.
   *
   * @param expired other records whose ends were not read
   * @param now monotonic
   */
  loss(expired: number, now: number): { readonly lostBytes: number; readonly incomplete: number } {
    const recent = this.#recent.filter(({ since }) => now - since < COPYING_PATIENCE_MS)
    this.#recent = [...recent, ...this.lost.map(({ position }) => ({ position, since: now }))].slice(-MAX_RECENT)
    const lostBytes = this.lost.reduce((sum, { position }) => sum + unreadBytes(position) + heldBackBytes(position), 0)
    const incomplete = this.lost.reduce((sum, { position }) => sum + pendingRecords(position.parts), expired)
    return { lostBytes, incomplete }
  }

  /** Another file has the inode number of a position; what is followed is the position. */
  replaced(key: string, position: FilePosition): void {
    const followedAs = `${key} before`
    this.#rotations.continued(key, followedAs)
    this.lost.push({ key, position, followedAs })
  }

  /** Continues the position whose content a file holds, to where that was read. False where there is none. */
  async continue(file: TrackedFile): Promise<boolean> {
    const from =
      (await this.#takeLost(file)) ??
      (await this.#takeSaved(file)) ??
      (await this.#takeHeldBack(file)) ??
      (await this.#takeRecent(file))
    if (from !== undefined) await this.#copies.inherit(file, from)
    return from !== undefined
  }

  async #takeLost(file: TrackedFile): Promise<FilePosition | undefined> {
    for (const [index, { key, position, followedAs = key }] of this.lost.entries()) {
      if (key === file.key || !(await isHeirOf(file, position))) continue
      this.lost.splice(index, 1)
      this.#rotations.continued(followedAs, file.key)
      return position
    }
    return undefined
  }

  async #takeSaved(file: TrackedFile): Promise<FilePosition | undefined> {
    for (const [key, position] of this.#saved) {
      if (!(await isHeirOf(file, position))) continue
      this.forgettable.push(key)
      this.#saved.delete(key)
      this.#rotations.continued(key, file.key)
      return position
    }
    return undefined
  }

  async #takeRecent(file: TrackedFile): Promise<FilePosition | undefined> {
    for (const one of this.#recent) {
      const { path, content } = one.position
      // One that took its path, or of which nothing was read, is a log of its own.
      if (path === file.position.path || content === undefined || !(await isHeirOf(file, one.position))) continue
      this.#recent = this.#recent.filter(other => other !== one)
      return one.position
    }
    return undefined
  }

  /** A complete copy of what an unfinished one holds the beginning of: that one is a copy of it from now on. */
  async #takeHeldBack(file: TrackedFile): Promise<FilePosition | undefined> {
    for (const other of this.#tracked.values()) {
      const { beginningOf } = other.position
      if (other === file || beginningOf === undefined || !(await isHeirOf(file, beginningOf))) continue
      other.moveTo(released(other.position))
      this.#copies.join(other, file, 0)
      return beginningOf
    }
    return undefined
  }

  /**
   * Hands what was not read of a position to a copy of its file, where there is one, and returns that.
   *
   * @param refreshed looks at a file again, and returns the position whose content is gone
   */
  async transfer(
    key: string,
    position: FilePosition,
    refreshed: (file: TrackedFile) => Promise<FilePosition | undefined>,
  ): Promise<TrackedFile | undefined> {
    const copies = [...this.#tracked.values()].filter(file => file.copyOf === key)
    // A copy is complete before its original is truncated, but it may have been looked at before that.
    for (const copy of copies) if ((await refreshed(copy)) !== undefined) copy.copyOf = undefined
    const left = copies.filter(copy => copy.copyOf === key)
    const held = await Promise.all(left.map(copy => this.#copies.holds(copy, position)))
    const heir =
      left.find((_copy, index) => held[index] === true) ??
      left.find(copy => copy.equalTo === copy.position.size) ??
      left.find((_copy, index) => held[index] === 'unknown')
    if (heir !== undefined) this.#rotations.continued(key, heir.key)
    if (heir !== undefined && held[left.indexOf(heir)] === 'unknown') holdBackAll(heir, position)
    else if (heir !== undefined && heir.position.size >= position.offset) await this.#copies.inherit(heir, position)
    else if (heir !== undefined) {
      this.lost.push({ key: heir.key, position })
      await this.holdBackRest(heir, position)
    }
    for (const copy of left) {
      if (copy === heir) continue
      if (heir === undefined) await this.#copies.release(copy, key, copy.equalTo)
      else this.#copies.join(copy, heir, Math.min(copy.equalTo, heir.equalTo))
    }
    return heir
  }

  /**
   * Holds back what is in a file that is shorter than what was read of another one and, as far as is known, its
   * beginning.
   */
  async holdBack(file: TrackedFile): Promise<void> {
    const gone = [...this.lost, ...this.#recent].map(({ position }) => position).concat(...this.#saved.values())
    const held = [...this.#tracked.values()].map(({ position }) => position.beginningOf)
    for (const from of [...gone, ...held]) {
      if (from === undefined || !(await mayBeBeginningOf(file, from))) continue
      const { handle, position } = file
      const last = await lastInPlace(from.checkpoints, handle, position.size)
      const known = from.checkpoints.filter(({ offset }) => offset <= (last?.offset ?? 0))
      return this.#holdBackFrom(file, from, Math.max(last?.offset ?? 0, position.offset), known)
    }
  }

  /** The same of a file that is known to be equal up to its size. */
  async holdBackRest(file: TrackedFile, from: FilePosition): Promise<void> {
    const offset = await startOfLine(file.handle, file.position.size)
    const known = from.checkpoints.filter(found => found.offset <= offset)
    await this.#holdBackFrom(file, from, Math.max(offset, file.position.offset), known)
  }

  async #holdBackFrom(file: TrackedFile, from: FilePosition, offset: number, checkpoints: Checkpoints): Promise<void> {
    const { handle, position } = file
    file.copyOf = undefined
    file.moveTo({
      ...position,
      begin: Math.min(from.begin, offset),
      offset,
      checkpoints,
      ...(offset === 0 ? {} : { tail: await tailBefore(handle, offset), parts: await partsBefore(handle, offset) }),
      beginningOf: from,
    })
  }

  /** Reads a file that was written again while it was held back, where it no longer begins like what was read. */
  reconsider(file: TrackedFile): void {
    this.#growth.delete(file)
    const { beginningOf, content } = file.position
    if (beginningOf === undefined) return
    const isSame = content === beginningOf.content && mayBecome(file.head, beginningOf)
    if (!isSame) file.moveTo(released(file.position))
  }

  /**
   * Decides on what is held back. It was an unfinished copy if it holds all that was read. It is a log of its own if it holds
   * something else at the next checkpoint; and if it had settled, grew, and did not become a copy soon.
   *
   * @param now monotonic
   */
  async decide(now: number): Promise<void> {
    for (const file of this.#tracked.values()) {
      const { beginningOf, size } = file.position
      if (beginningOf === undefined || !file.isPlaced) continue
      if (file.isForeign && !(await isReached(file.handle, beginningOf.offset))) continue
      const hasGrown = size > this.#growthOf(file).comparedTo
      this.#growthOf(file).comparedTo = size
      if (size >= beginningOf.offset && (await file.holds(beginningOf))) {
        await this.#copies.inherit(file, beginningOf)
      } else if (hasGrown && (await this.continue(file))) {
        // It is a whole copy of another one.
      } else if (size >= beginningOf.offset || (hasGrown && !(await holdsLastCheckpoint(file, beginningOf)))) {
        await this.#compareWithOthers(file)
      } else if (this.#isWritten(file, now)) {
        file.moveTo(released(file.position))
      }
    }
  }

  #isWritten(file: TrackedFile, now: number): boolean {
    const { size, settledSize } = file.position
    if (settledSize === undefined) {
      const isSettled = now - Math.max(file.lastGrowth, file.firstSeen) >= COPYING_PATIENCE_MS
      if (isSettled) file.position = { ...file.position, settledSize: size }
      return false
    }
    if (size <= settledSize) return false
    const growth = this.#growthOf(file)
    growth.since ??= now
    return now - growth.since >= COPYING_PATIENCE_MS
  }

  #growthOf(file: TrackedFile): Growth {
    const growth = this.#growth.get(file) ?? { comparedTo: 0, since: undefined }
    this.#growth.set(file, growth)
    return growth
  }

  /** It is no copy of the file that it was held back for. */
  async #compareWithOthers(file: TrackedFile): Promise<void> {
    file.moveTo(released(file.position))
    const original = this.#copies.possibleOriginal(file)
    if (original === undefined) await this.holdBack(file)
    else this.#copies.join(file, original, 0)
  }

  /** True while a file is held back that may be an unfinished copy of what was read up to this position. */
  mayBeCopied(position: FilePosition): boolean {
    return [...this.#tracked.values()].some(
      file =>
        file.position.beginningOf !== undefined &&
        file.position.size < position.offset &&
        isOfSameContent(file.position, position) &&
        mayBecome(file.head, position),
    )
  }

  /** Compares a copy with its original. A file that is no copy of one that is followed may be one of what is gone. */
  async compare(file: TrackedFile): Promise<void> {
    const isUnread = file.copyOf !== undefined && file.position.offset === 0
    const { size } = file.differsFrom
    await this.#copies.compare(file)
    if (isUnread && file.copyOf === undefined && file.differsFrom.size > size) await this.holdBack(file)
  }

  /** Keeps the position of a file that was left and may return. */
  keep(file: TrackedFile): void {
    file.position = { ...file.position, parts: noParts, isAway: true }
    this.#saved.set(file.key, file.position)
    const away = [...this.#saved].filter(([, { isAway }]) => isAway)
    for (const [key] of away.slice(0, -MAX_AWAY)) {
      this.#saved.delete(key)
      this.forgettable.push(key)
    }
  }

  /** Files of which something is held back; not those on the way to where another one was left. */
  get #heldBack(): readonly FilePosition[] {
    const files = [...this.#tracked.values()].filter(({ isForeign }) => !isForeign)
    return files.map(({ position }) => position).filter(position => heldBackBytes(position) > 0)
  }

  /** What is held back. */
  get heldBackBytes(): number {
    return this.#heldBack.reduce((sum, position) => sum + heldBackBytes(position), 0)
  }

  /** What is held back of a file that is deleted is lost, unless it had been read before. */
  deleted({ key, position, isForeign }: TrackedFile): void {
    const { beginningOf } = position
    if (beginningOf !== undefined) this.lost.push({ key, position: isForeign ? beginningOf : position })
  }

  /** One sentence for each file of which something is held back. */
  notices(): readonly string[] {
    return this.#heldBack.map(({ path, offset, beginningOf }) => {
      return `${path} seems to be an unfinished copy of ${beginningOf?.path}, which was read and is gone; what follows byte ${offset} is read when lines are added to it.`
    })
  }
}

/** Holds back a compressed file, which has to be read to a position before it is known whether it holds what was read. */
function holdBackAll(file: TrackedFile, beginningOf: FilePosition): void {
  file.copyOf = undefined
  file.isForeign = true
  file.moveTo({ ...file.position, beginningOf })
}

/** True where a file that begins like this may come to begin like one that was read. */
function mayBecome(head: Buffer, { fingerprint }: FilePosition): boolean {
  return head.length < fingerprint.length || beginsLike(head, fingerprint)
}

/** True when the file continues another one of this position: it holds what was read of that one. */
async function isHeirOf(file: TrackedFile, position: FilePosition): Promise<boolean> {
  // Nothing was read of a file without a complete line: continuing it cannot hide a line.
  if (position.content === undefined) return beginsLike(file.head, position.fingerprint)
  return isOfSameContent(file.position, position) && file.holds(position)
}

/**
 * True when the file is shorter than what was read up to a position of another one and, as far as is known, holds the
 * beginning of it. One that took the path was edited, and a compressed file is complete.
 */
async function mayBeBeginningOf(file: TrackedFile, position: FilePosition): Promise<boolean> {
  const { size, path } = file.position
  if (size >= position.offset || path === position.path || file.isForeign) return false
  if (!isOfSameContent(file.position, position) || !beginsLike(file.head, position.fingerprint)) return false
  return holdsLastCheckpoint(file, position)
}

/** True where the file holds the last checkpoint that is within its size, if there is one. */
async function holdsLastCheckpoint({ handle, position: { size } }: TrackedFile, { checkpoints }: FilePosition) {
  const within = checkpoints.filter(({ offset }) => offset <= size).slice(-1)
  return within.length === 0 || (await lastInPlace(within, handle, size)) !== undefined
}
