import { dirname } from 'node:path'
import type { Clock } from '../../../core/clock.ts'
import { noCheckpoints } from './checkpoints.ts'
import { isReached } from './content.ts'
import { type Copies, headsAgree, MIN_COMMON_BYTES } from './copies.ts'
import { type EditedFiles, isUnread, type LostPosition } from './edited.ts'
import { beginsLike, tailBefore } from './fingerprint.ts'
import { firstLinesBefore, isFirstLine, readFirstLines } from './first-lines.ts'
import { GonePositions } from './gone.ts'
import { startOfLine } from './last-line.ts'
import { likenessTo } from './likeness.ts'
import { noParts, partsBefore, pendingRecords } from './parts.ts'
import { type FilePosition, heldBackBytes, isOfSameContent, released, takenBytes, unreadBytes } from './position.ts'
import type { Rotations } from './rotations.ts'
import type { TrackedFile } from './tracked-file.ts'

/** Positions of files out of sight that are kept for their return. */
const MAX_AWAY = 100

/** By what a file that is held back was decided on last. */
interface Decided {
  readonly size: number
  /** Of the positions of what is gone. */
  readonly version: number
}

/**
 * Positions of content that is no longer where it was read: which file continues one, and which file may be a copy of what
 * was read up to one. A file that holds nothing else so far is held back, however long that takes: its lines count when
 * one of them differs, and never twice.
 */
export class Ancestors {
  /** Positions whose content is no longer under their inode, in this look, with the key of the inode. */
  lost: LostPosition[] = []
  /** Keys of saved positions that are no longer of use. */
  readonly forgettable: string[] = []
  readonly gone: GonePositions
  readonly #tracked: ReadonlyMap<string, TrackedFile>
  readonly #saved: Map<string, FilePosition>
  readonly #copies: Copies
  readonly #rotations: Rotations
  readonly #decided = new WeakMap<TrackedFile, Decided>()

  /**
   * @param tracked the files that are followed, by their keys
   * @param saved positions of an earlier process whose files this one has not opened yet
   * @param gone positions of what was gone then, by their keys
   */
  constructor(
    tracked: ReadonlyMap<string, TrackedFile>,
    saved: Map<string, FilePosition>,
    gone: Iterable<readonly [string, FilePosition]>,
    clock: Clock,
    { copies, rotations }: { readonly copies: Copies; readonly rotations: Rotations },
  ) {
    this.#tracked = tracked
    this.#saved = saved
    this.#copies = copies
    this.#rotations = rotations
    this.gone = new GonePositions(gone, clock, this.forgettable)
  }

  /**
   * What was lost in this look: bytes that were seen and not read, and records whose ends were not.
   *
   * @param expired other records whose ends were not read
   */
  loss(expired: number): { readonly lostBytes: number; readonly incomplete: number } {
    for (const { position } of this.lost) if (position.beginningOf === undefined) this.gone.add(position)
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
    const found = (await this.#takeLost(file)) ?? (await this.#takeSaved(file)) ?? (await this.#takeHeldBack(file))
    const gone = await this.#takeGone(file)
    // What was read of one copy may be the beginning of what was read of another.
    const from = gone !== undefined && gone.offset > (found?.offset ?? 0) ? gone : found
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

  /** A whole copy of what others hold the beginning of: those are copies of it from now on. */
  async #takeHeldBack(file: TrackedFile): Promise<FilePosition | undefined> {
    let taken: FilePosition | undefined
    for (const other of this.#tracked.values()) {
      const { beginningOf } = other.position
      if (other === file || beginningOf === undefined || !(await isHeirOf(file, beginningOf))) continue
      await this.#joinHeldBack(other, file)
      this.gone.remove(beginningOf)
      if (taken === undefined || beginningOf.offset > taken.offset) taken = beginningOf
    }
    return taken
  }

  async #takeGone(file: TrackedFile): Promise<FilePosition | undefined> {
    let taken: FilePosition | undefined
    for (const position of this.gone.positions()) {
      const { path, content, offset } = position
      const isRecent = this.gone.isRecent(position)
      const isRotated = isRecent && path !== file.position.path
      // Less than that other logs may begin with too.
      if (!isRotated && (offset < MIN_COMMON_BYTES || !mayBeCopyOf(file, position))) continue
      if (content === undefined || !(await isHeirOf(file, position))) continue
      this.gone.remove(position)
      if (taken === undefined || offset > taken.offset) taken = isRecent ? position : { ...position, parts: noParts }
    }
    return taken
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
      left.find(({ equalTo, position: { size } }) => equalTo === size && size < position.offset) ??
      left.find((_copy, index) => held[index] === 'unknown')
    if (heir !== undefined) this.#rotations.continued(key, heir.key)
    if (heir !== undefined && held[left.indexOf(heir)] === 'unknown') holdBackAll(heir, position)
    else if (heir !== undefined && heir.position.size >= position.offset) await this.#copies.inherit(heir, position)
    else if (heir !== undefined) {
      this.lost.push({ key: heir.key, position })
      await this.#holdBackRest(heir, position)
    }
    for (const copy of left) {
      if (copy === heir) continue
      if (heir !== undefined) this.#copies.join(copy, heir, Math.min(copy.equalTo, heir.equalTo))
      else if (copy.position.offset > 0) await this.#copies.release(copy, key, copy.equalTo)
      // It is equal to what is gone as far as it was compared: how it goes on, is decided as of a new file.
      else [copy.copyOf, copy.isPlaced] = [undefined, false]
    }
    return heir
  }

  /** Content that may be in a file of which no line was read. */
  #mayBeIn(file: TrackedFile): readonly FilePosition[] {
    const held = [...this.#tracked.values()].map(({ position }) => position.beginningOf)
    const known = [file.position.beginningOf, ...held].filter(from => from !== undefined)
    const all = [...known, ...this.lost.map(({ position }) => position), ...this.#saved.values()]
    return [...all, ...this.gone.positions()].filter(from => mayBeCopyOf(file, from))
  }

  /** Settles files that began in this look, where they are not edited ones, and decides again on those that are held back. */
  async settleBegun(begun: readonly TrackedFile[], edited: EditedFiles): Promise<void> {
    const settle = async (file: TrackedFile) => isUnread(file) && (await this.settle(file))
    const isEdited = ({ position }: TrackedFile) => this.lost.some(one => one.position.path === position.path)
    for (const file of begun) if (!isEdited(file)) await settle(file)
    await this.#decide()
    this.lost = await edited.continueInPlace(this.lost)
    for (const file of this.#copies.joinDoubted()) await this.settle(file)
    for (const file of begun) await settle(file)
  }

  /**
   * Finds out which lines of a file that was not read were read where they are gone. As long as it holds nothing else, it
   * is held back; else it is read from the first line that differs.
   */
  async settle(file: TrackedFile): Promise<void> {
    const { handle, head, position } = file
    const gone = this.#mayBeIn(file)
    const lines = gone.length === 0 ? undefined : await readFirstLines(handle, position.size, head)
    let same: { readonly from: FilePosition; readonly to: number } | undefined
    let [to, by] = [0, 0]
    for (const from of gone) {
      if (lines === undefined) break
      const found = await likenessTo(file, lines, from)
      const equalTo = found.kind === 'whole' ? from.offset : found.to
      if (found.kind === 'different' || (found.kind === 'whole' && position.size > from.size)) {
        to = Math.max(to, equalTo)
        by = Math.max(by, found.kind === 'different' ? found.by : equalTo)
      } else if (same === undefined || equalTo > same.to) same = { from, to: equalTo }
    }
    if (same !== undefined) return await this.#holdBack(file, same.from, Math.max(same.to, position.offset))
    const original = this.#copies.possibleOriginal(file)
    if (original === undefined) return await readOwnLines(file, to, by)
    await this.#joinHeldBack(file, original)
  }

  /** A file that may have been held back is a copy of another one from now on. Where it differs, it is decided on as a new one. */
  async #joinHeldBack(file: TrackedFile, original: TrackedFile): Promise<void> {
    const { position } = file
    if (position.beginningOf !== undefined)
      file.moveTo(await startingAt(file, takenBytes(position), released(position)))
    this.#copies.join(file, original, 0)
  }

  /** Holds back a file that is known to be equal up to its size. */
  async #holdBackRest(file: TrackedFile, from: FilePosition): Promise<void> {
    const offset = await startOfLine(file.handle, file.position.size)
    await this.#holdBack(file, from, Math.max(offset, file.position.offset))
  }

  async #holdBack(file: TrackedFile, from: FilePosition, offset: number): Promise<void> {
    const { position } = file
    this.#decided.set(file, { size: position.size, version: this.gone.version })
    if (position.beginningOf === from && position.offset === offset) return
    file.copyOf = undefined
    const checkpoints = from.checkpoints.filter(found => found.offset <= offset)
    file.moveTo({
      ...(await startingAt(file, offset, position)),
      begin: Math.min(from.begin, offset),
      checkpoints,
      beginningOf: from,
      takenTo: takenBytes(position),
    })
  }

  /** A file that was held back begins again: it is decided on as a new one. */
  reconsider(file: TrackedFile): void {
    const { beginningOf } = file.position
    if (beginningOf === undefined) return
    this.gone.add(beginningOf)
    file.moveTo(released(file.position))
  }

  /** Decides again on what is held back and has grown. */
  async #decide(): Promise<void> {
    for (const file of this.#tracked.values()) {
      const { beginningOf, size } = file.position
      if (beginningOf === undefined || !file.isPlaced) continue
      if (file.isForeign && !(await isReached(file.handle, beginningOf.offset))) continue
      const decided = this.#decided.get(file)
      if (!file.isForeign && decided?.size === size && decided.version === this.gone.version) continue
      if (await isHeirOf(file, beginningOf)) {
        this.gone.remove(beginningOf)
        await this.#takeHeldBack(file)
        await this.#copies.inherit(file, beginningOf)
        continue
      }
      const { isForeign } = file
      const isHeir = await this.continue(file)
      // What it continues may be less than what it may be a copy of.
      if (isHeir && !isForeign) stayHeldBack(file, beginningOf)
      if (!isForeign || (!isHeir && size >= beginningOf.offset)) await this.settle(file)
    }
  }

  /** Compares a copy with its original. A file that is no copy of one that is followed may be one of what is gone. */
  async compare(file: TrackedFile): Promise<void> {
    const wasCopy = file.copyOf !== undefined
    const { size } = file.differsFrom
    await this.#copies.compare(file)
    if (wasCopy && file.copyOf === undefined && file.differsFrom.size > size) await this.settle(file)
  }

  /** The key of what holds the bytes of a file of which no line has ended, where they are known to be copied. */
  originalOfBeginning({ head, position }: TrackedFile): string | undefined {
    if (position.content !== undefined || head.length === 0) return undefined
    const isBeside = ({ path }: FilePosition) => dirname(path) === dirname(position.path)
    const holds = (other: TrackedFile) => other.head.length > head.length && headsAgree(other.head, head)
    const original = [...this.#tracked.values()].find(other => isBeside(other.position) && holds(other))
    const gone = [...this.#saved].map(([key, from]) => ({ key, position: from })).concat(this.gone.saved())
    return (original ?? gone.find(from => isBeside(from.position) && isFirstLine(from.position.firstLines, head)))?.key
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
    const { beginningOf, offset } = position
    if (beginningOf !== undefined) this.lost.push({ key, position: isForeign ? beginningOf : position })
    // Its last line may still be read.
    else if (heldBackBytes(position) > 0) this.lost.push({ key, position: { ...position, size: offset } })
  }

  /** One sentence for each file of which something is held back. */
  notices(): readonly string[] {
    return this.#heldBack.map(({ path, offset, beginningOf, withheld }) => {
      return beginningOf === undefined
        ? `${path} begins like a file that was read and is gone; it is not known which lines from byte ${withheld?.from} to byte ${withheld?.to} were read, and they are not read.`
        : `${path} seems to be an unfinished copy of ${beginningOf.path}, which was read and is gone; what follows byte ${offset} is read when it differs from that.`
    })
  }
}

/** Holds back a compressed file, which has to be read to a position before it is known whether it holds what was read. */
function holdBackAll(file: TrackedFile, beginningOf: FilePosition): void {
  file.copyOf = undefined
  file.isForeign = true
  file.moveTo({ ...file.position, beginningOf, takenTo: takenBytes(file.position) })
}

/** Holds a file back still, where more of it is read now. */
function stayHeldBack(file: TrackedFile, beginningOf: FilePosition): void {
  const { position } = file
  if (position.beginningOf === undefined) file.moveTo({ ...position, beginningOf, takenTo: position.offset })
}

/** True when the file continues another one of this position: it holds what was read of that one. */
async function isHeirOf(file: TrackedFile, position: FilePosition): Promise<boolean> {
  // Nothing was read of a file without a complete line: continuing it cannot hide a line, nor show what was not to be read.
  if (position.content === undefined) {
    const isToBeRead = file.position.beginningOf === undefined && (!file.isForeign || position.size > 0)
    return isToBeRead && beginsLike(file.head, position.fingerprint)
  }
  return isOfSameContent(file.position, position) && file.holds(position)
}

/**
 * True where a file may hold what was read up to a position. A compressed one is complete. Under one path a log without
 * times may begin with the same lines again and again.
 */
function mayBeCopyOf({ position, isForeign }: TrackedFile, from: FilePosition): boolean {
  if (isForeign || from.offset === 0 || !isOfSameContent(position, from)) return false
  return position.path !== from.path || from.time !== undefined
}

/**
 * Reads a file whose lines up to the byte `to` were read elsewhere, and whose own lines begin at the byte `by` at the
 * latest. What is between them is not read: it is not known which of its lines were.
 */
async function readOwnLines(file: TrackedFile, to: number, by: number): Promise<void> {
  const { handle, position } = file
  const shared = await startOfLine(handle, to)
  const own = by > to ? Math.max(shared, await startOfLine(handle, by - 1)) : shared
  const known = takenBytes(position)
  // What is less may be the beginning of any log.
  const offset = own < MIN_COMMON_BYTES ? known : Math.max(own, known)
  if (position.beginningOf === undefined && offset === position.offset) return
  const withheld = { from: Math.max(shared, known), to: own }
  const moved = await startingAt(file, offset, released(position))
  file.moveTo({ ...moved, begin: 0, ...(offset === own && withheld.from < own ? { withheld } : {}) })
}

/** A position in a file of which nothing before the offset is read. */
async function startingAt({ handle }: TrackedFile, offset: number, position: FilePosition): Promise<FilePosition> {
  const { tail: _before, ...rest } = position
  const found = {
    ...rest,
    begin: Math.min(rest.begin, offset),
    offset,
    checkpoints: noCheckpoints,
    firstLines: await firstLinesBefore(handle, offset),
  }
  if (offset === 0) return { ...found, parts: noParts }
  return { ...found, tail: await tailBefore(handle, offset), parts: await partsBefore(handle, offset) }
}
