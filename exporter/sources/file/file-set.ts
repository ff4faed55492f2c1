import type { Clock } from '../../../core/clock.ts'
import { openRegularFile } from '../../../service/files/regular-file.ts'
import type { UnendedFile } from '../../contracts/source.ts'
import { Ancestors } from './ancestors.ts'
import type { BegunFile } from './backfill.ts'
import type { Look } from './batch.ts'
import { CompressedFiles, mayHold, type OpenedFile } from './compressed-files.ts'
import { compressionOf, type FileContent, GzipContent } from './content.ts'
import { Copies, headsAgree } from './copies.ts'
import { type DiscoveredFile, discoverFiles, errorCode, hasLeft, isDeleted, troubleWith } from './discovery.ts'
import { EditedFiles, type LostPosition } from './edited.ts'
import { contentName, fingerprintOf, readHead } from './fingerprint.ts'
import { isGoneKey } from './gone.ts'
import { positionAtEnd } from './last-line.ts'
import { type FileSourceOptions, gatewayOf } from './options.ts'
import { noParts } from './parts.ts'
import { type FilePosition, holdsUpTo, isOfSameContent, newPosition } from './position.ts'
import { nothingRead, type ReadLines } from './read-lines.ts'
import { Rotations } from './rotations.ts'
import { TrackedFile } from './tracked-file.ts'
import { unendedFiles } from './unended.ts'
import type { FileProgress } from './watermark.ts'

/** How long a file that is no longer found is still read: a writer may hold a renamed or deleted file open. */
export const GONE_PATIENCE_MS = 30_000

/** The files that are followed, through renaming, truncation, copying, deletion and a restart. */
export class FileSet {
  readonly tracked = new Map<string, TrackedFile>()
  readonly #options: FileSourceOptions
  readonly #clock: Clock
  /** Positions of an earlier process whose files this one has not opened yet. */
  readonly #saved: Map<string, FilePosition>
  readonly #createdAt: number
  readonly #edited = new EditedFiles(this.tracked)
  readonly #copies = new Copies(this.tracked, this.#edited)
  readonly #rotations: Rotations
  readonly #ancestors: Ancestors
  readonly #compressed = new CompressedFiles()
  /** One sentence for each path that could not be looked into or read, since the last look. */
  troubles: string[] = []
  /** One sentence for each path that is skipped without a loss. */
  notices: readonly string[] = []
  /** Files that failed to be read since the last look. */
  readonly #aside = new Set<TrackedFile>()

  constructor(options: FileSourceOptions, clock: Clock, saved: ReadonlyMap<string, FilePosition>) {
    this.#options = options
    this.#clock = clock
    const isGone = ([key]: readonly [string, FilePosition]) => isGoneKey(key)
    const { gone = [], files = [] } = Object.groupBy(saved, one => (isGone(one) ? 'gone' : 'files'))
    this.#saved = new Map(files)
    this.#rotations = new Rotations(this.tracked, this.#saved)
    const others = { copies: this.#copies, rotations: this.#rotations }
    this.#ancestors = new Ancestors(this.tracked, this.#saved, gone, clock, others)
    this.#createdAt = clock.monotonic()
  }

  /** Looks at names, sizes and beginnings. Files not known before begin at their end when `atEnd` is set, else at 0. */
  async look(atEnd: boolean): Promise<Look> {
    this.#ancestors.lost = []
    const failed = new Set(this.#aside)
    this.#aside.clear()
    this.#copies.beginLook()
    const { files, troubles, notices } = await discoverFiles(this.#options.paths, this.#options.containers)
    this.troubles = [...troubles]
    await this.#compressed.beginLook(files, this.#clock.monotonic())
    await this.#refresh(files)
    await this.#openNew(files, atEnd)
    await this.#openCompressed()
    const begun = [...this.tracked.values()].filter(file => !file.isPlaced)
    for (const file of begun) await this.#place(file)
    await this.#ancestors.settleBegun(begun, this.#edited)
    for (const file of this.tracked.values()) {
      await this.#ancestors.compare(file).catch(error => this.#fail(file.position.path, error))
    }
    await this.#passOverForeign(files)
    this.#rotations.link(this.#compressed.isMeasuring)
    await this.#carry(failed)
    const expired = this.#rotations.expire(this.#clock.monotonic())
    const edited = this.#edited.take()
    this.notices = [...notices, ...this.#compressed.notices(), ...edited.notices, ...this.#ancestors.notices()]
    const gone = await this.#takeGone()
    const forgotten = await this.#takeForgotten()
    const counts = { rereadBytes: edited.rereadBytes, ...this.#ancestors.loss(expired) }
    return { gone, forgotten: forgotten.filter(key => !this.tracked.has(key)), ...counts }
  }

  /** Files in which no line has ended for some time. */
  get unended(): readonly UnendedFile[] {
    return unendedFiles(this.tracked.values(), this.#clock.monotonic() - GONE_PATIENCE_MS)
  }

  /** Compressed files that are not read. */
  get passedOver(): number {
    return this.#compressed.passedOver
  }

  /** Bytes of files that are not read, because they may be copies of what was read. */
  get heldBackBytes(): number {
    return this.#ancestors.heldBackBytes
  }

  /** True while there may be more to backfill than `begun` returns. */
  get isMeasuring(): boolean {
    return this.#compressed.isMeasuring
  }

  positions(): readonly FilePosition[] {
    return this.#copies.originals().map(file => file.position)
  }

  /** The same with their keys, for their backfill. What a copy holds is in the file that it is a copy of. */
  begun(): readonly BegunFile[] {
    return this.#copies.originals().map(({ key, position }) => ({ key, position }))
  }

  /** Progress of the files, for the watermark. A file that cannot be read does not hold it back. */
  progress(): readonly FileProgress[] {
    const readable = [...this.tracked.values()].filter(file => !this.#aside.has(file))
    return readable.map(file => ({ hasUnread: file.hasUnread, time: file.position.time }))
  }

  /** True while a file that took the place of another one is read after that one. */
  get isWaiting(): boolean {
    return [...this.tracked.values()].some(({ hasUnread, position }) => hasUnread && position.follows !== undefined)
  }

  /** The file to read from next: the one with the earliest event time, of those that can be read at once. */
  next(): TrackedFile | undefined {
    const isBefore = (one: TrackedFile, other: TrackedFile) =>
      one.isOnTheWay === other.isOnTheWay ? (one.position.time ?? 0) < (other.position.time ?? 0) : other.isOnTheWay
    let first: TrackedFile | undefined
    for (const file of this.tracked.values()) {
      if (!file.hasUnread || this.#aside.has(file) || file.position.follows !== undefined) continue
      if (first === undefined || isBefore(file, first)) first = file
    }
    return first
  }

  /** The same, where files wait for others that have been read to their end since. */
  async release(): Promise<TrackedFile | undefined> {
    if (this.isWaiting) await this.#carry(this.#aside)
    return this.next()
  }

  async #carry(failed: ReadonlySet<TrackedFile>): Promise<void> {
    await this.#rotations.carry(failed, this.#clock.monotonic(), this.#compressed.isMeasuring)
  }

  /** Leaves a file that failed alone until the next look. */
  setAside(file: TrackedFile, error: unknown): ReadLines {
    this.#aside.add(file)
    this.#fail(file.position.path, error)
    return nothingRead
  }

  async close(): Promise<void> {
    await Promise.all([...this.tracked.values()].map(file => file.handle.close()))
    await this.#compressed.close()
    this.tracked.clear()
  }

  /** A compressed file that was written again is measured again, and continued where it still holds what was read. */
  async #leaveRewritten(): Promise<void> {
    for (const file of this.tracked.values()) {
      if (!(file.handle instanceof GzipContent) || !(await file.handle.isRewritten())) continue
      const isOwn = file.copyOf === undefined && (await this.#transferPosition(file.key, file.position)) === undefined
      if (isOwn) this.#saved.set(file.key, file.position)
      this.tracked.delete(file.key)
      await file.handle.close()
    }
  }

  /** Follows a file no more, nor what was read of it. */
  async #leave(file: TrackedFile): Promise<void> {
    this.tracked.delete(file.key)
    this.#ancestors.forgettable.push(file.key)
    await file.handle.close()
  }

  async #refresh(files: readonly DiscoveredFile[]): Promise<void> {
    await this.#leaveRewritten()
    const now = this.#clock.monotonic()
    for (const file of this.tracked.values()) file.beginLook()
    for (const { key, path } of files) {
      const file = this.tracked.get(key)
      if (file === undefined) continue
      file.isFound = true
      file.lastSeen = now
      if (file.position.path !== path) file.moveToPath(path)
    }
    const replaced: LostPosition[] = []
    for (const file of this.tracked.values()) {
      file.isOnTheWay = false
      const size = file.position.size
      const position = await this.#refreshed(file)
      if (file.position.size !== size) file.lastGrowth = now
      if (position !== undefined && file.copyOf === undefined) replaced.push({ key: file.key, position })
      if (position !== undefined) file.copyOf = undefined
      // A file that was written again as a compressed one is opened again, as such.
      if (!(file.handle instanceof GzipContent) && compressionOf(file.head) !== undefined) await this.#leave(file)
    }
    for (const { key, position } of replaced) {
      if ((await this.#transferPosition(key, position)) === undefined) this.#ancestors.lost.push({ key, position })
    }
  }

  /** Returns the position whose content is gone; the file is to be placed again then. */
  async #refreshed(file: TrackedFile): Promise<FilePosition | undefined> {
    const lost = await file.refresh().catch(error => this.#fail(file.position.path, error))
    if (lost !== undefined) {
      file.isPlaced = false
      file.differsFrom.clear()
    }
    return lost
  }

  #fail(path: string, error: unknown): undefined {
    const code = errorCode(error)
    if (code !== 'ENOENT') this.troubles.push(troubleWith(path, code))
  }

  async #openNew(files: readonly DiscoveredFile[], atEnd: boolean): Promise<void> {
    const unknown: OpenedFile[] = []
    for (const discovered of files) {
      if (this.tracked.has(discovered.key) || this.#compressed.has(discovered.key)) continue
      const opened = await this.#open(discovered, atEnd)
      if (opened !== undefined && !(await this.#resume(opened))) unknown.push(opened)
    }
    for (const opened of unknown) await this.#begin(opened, atEnd)
  }

  /** Compressed files whose content is known to its end. One that begins like no file that is known is passed over. */
  async #openCompressed(): Promise<void> {
    const whole = await this.#compressed.measure(({ key, path }, head) => {
      const gone = [...this.#saved.values(), ...this.#ancestors.lost.map(({ position }) => position)]
      const from = this.#saved.get(key) ?? gone.find(position => mayHold(path, head, position))
      if (from !== undefined) return from.offset
      const inPlace = { path, content: contentName(head) }
      const isOf = ({ position }: TrackedFile) => isOfSameContent(inPlace, position)
      const isCopy = [...this.tracked.values()].some(file => isOf(file) && headsAgree(head, file.head))
      return isCopy ? 0 : undefined
    })
    for (const opened of whole) {
      if (await this.#resume(opened)) continue
      const file = await this.#begin(opened, opened.atEnd)
      file.isForeign = !opened.atEnd
    }
  }

  /** What a compressed file holds counts only where another file was followed that held it. */
  async #passOverForeign(files: readonly DiscoveredFile[]): Promise<void> {
    for (const file of this.tracked.values()) {
      if (!file.isForeign || file.copyOf !== undefined || file.position.beginningOf !== undefined) continue
      // Under its inode another file may have been followed, or its compressed bytes by an earlier version.
      await this.#leave(file)
      const discovered = files.find(({ key }) => key === file.key)
      if (discovered !== undefined) this.#compressed.passOver(discovered)
    }
  }

  /** Undefined where it cannot be opened, or is compressed and has to be measured first. */
  async #open(discovered: DiscoveredFile, atEnd: boolean): Promise<OpenedFile | undefined> {
    const handle = await openRegularFile(discovered.path).catch(error => this.#fail(discovered.path, error))
    if (handle === undefined) return undefined
    try {
      const { size } = await handle.stat()
      const head = await readHead(handle)
      const compression = compressionOf(head, discovered.path)
      if (compression === undefined) return { discovered, handle, size, head }
      await this.#compressed.add(discovered, handle, compression, atEnd)
      return undefined
    } catch (error) {
      await handle.close()
      return this.#fail(discovered.path, error)
    }
  }

  /** Continues where an earlier process was in a file, if it still is the same content. */
  async #resume({ discovered, handle, head, size }: OpenedFile): Promise<boolean> {
    const saved = this.#saved.get(discovered.key)
    if (saved === undefined || !(await holdsUpTo(saved, handle, size, head))) return false
    this.#saved.delete(discovered.key)
    const { isAway: _back, ...position } = saved
    const file = await this.#track(discovered, handle, { ...position, path: discovered.path })
    file.isPlaced = saved.content !== undefined
    if (saved.path !== discovered.path) this.#copies.doubt(file, saved.path)
    if (file.position.size > saved.size) file.lastGrowth = this.#clock.monotonic()
    return true
  }

  /** Begins a file that was never read under its inode. */
  async #begin({ discovered, handle, head }: OpenedFile, atEnd: boolean): Promise<TrackedFile> {
    const replaced = this.#saved.get(discovered.key)
    if (replaced !== undefined) {
      this.#saved.delete(discovered.key)
      this.#ancestors.replaced(discovered.key, replaced)
    }
    const content = contentName(head)
    const beginningOf = replaced?.beginningOf
    const gateway = gatewayOf(this.#options.gateway, discovered.path)
    return this.#track(discovered, handle, {
      ...newPosition({
        path: discovered.path,
        generation: replaced === undefined ? 0 : replaced.generation + 1,
        begun: this.#clock.now(),
        ...(gateway === undefined ? {} : { gateway }),
      }),
      ...(content === undefined ? {} : { content }),
      ...(beginningOf === undefined ? {} : { beginningOf }),
      fingerprint: fingerprintOf(head),
      ...(atEnd ? await positionAtEnd(handle) : {}),
    })
  }

  async #track(discovered: DiscoveredFile, handle: FileContent, position: FilePosition): Promise<TrackedFile> {
    const file = new TrackedFile(discovered.key, handle, {
      ...position,
      size: Math.max(position.size, position.offset),
    })
    file.firstSeen = this.#clock.monotonic()
    file.lastSeen = file.firstSeen
    this.tracked.set(discovered.key, file)
    await this.#refreshed(file)
    return file
  }

  /**
   * Finds out what a file is as soon as its first line is complete: the content of another one that is gone, a copy of
   * one that is followed, or new.
   */
  async #place(file: TrackedFile): Promise<void> {
    this.#rotations.begun(file)
    // Files whose content was replaced in this look may have been copied after this one was looked at.
    await this.#refreshed(file)
    if (file.position.content === undefined) return
    file.isPlaced = true
    this.#ancestors.reconsider(file)
    const isHeir = await this.#ancestors.continue(file)
    const original = this.#copies.possibleOriginal(file)
    if (original !== undefined) this.#copies.join(file, original, 0)
    if (original !== undefined || isHeir) return
    const replaced = await this.#edited.replace(file, this.#saved, this.#ancestors.lost)
    this.#ancestors.forgettable.push(...replaced)
  }

  #transferPosition(key: string, position: FilePosition): Promise<TrackedFile | undefined> {
    return this.#ancestors.transfer(key, position, file => this.#refreshed(file))
  }

  async #takeGone(): Promise<readonly TrackedFile[]> {
    const now = this.#clock.monotonic()
    const gone: TrackedFile[] = []
    // What is being measured may hold what is gone.
    if (this.#compressed.isMeasuring) return gone
    for (const file of this.tracked.values()) {
      const quiet = now - Math.max(file.lastSeen, file.lastGrowth)
      if (quiet < GONE_PATIENCE_MS || file.hasUnread || this.#copies.isCompared(file)) continue
      const isUnlinked = await isDeleted(file.handle)
      if (!isUnlinked && !(await hasLeft(file.position.path, file.key))) continue
      gone.push(file)
      this.tracked.delete(file.key)
      if (file.copyOf !== undefined) continue
      const heir = await this.#transferPosition(file.key, file.position)
      if (heir === undefined) file.leftAs = isUnlinked ? 'deleted' : 'moved'
      if (file.leftAs === 'deleted') this.#ancestors.deleted(file)
      file.copyOf = this.#ancestors.originalOfBeginning(file)
      if (heir === undefined) continue
      file.position = { ...file.position, parts: noParts }
      if (heir.position.size >= file.position.size) file.copyOf = heir.key
    }
    return gone
  }

  /** Keeps the position of a file that was left and may return, to be saved under its key. False for others. */
  keep(file: TrackedFile): boolean {
    if (file.leftAs === 'moved') this.#ancestors.keep(file)
    if (file.leftAs === 'deleted') this.#ancestors.gone.add(file.position.beginningOf ?? file.position)
    return file.leftAs === 'moved'
  }

  /** Positions of what is gone, to be saved. */
  gone() {
    return this.#ancestors.gone.saved()
  }

  async #takeForgotten(): Promise<readonly string[]> {
    const forgotten = this.#ancestors.forgettable.splice(0)
    if (this.#clock.monotonic() - this.#createdAt < GONE_PATIENCE_MS || this.#compressed.isMeasuring) return forgotten
    for (const [key, position] of this.#saved) {
      if (position.isAway || !(await hasLeft(position.path, key))) continue
      this.#saved.delete(key)
      this.#ancestors.lost.push({ key, position })
      forgotten.push(key)
    }
    return forgotten
  }
}
