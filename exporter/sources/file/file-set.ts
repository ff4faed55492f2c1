import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '../../../core/clock.ts'
import type { BegunFile } from './backfill.ts'
import { beginsLike, contentName, fingerprintOf, readHead } from './fingerprint.ts'
import { endOfLastLine } from './last-line.ts'
import { type FileSourceOptions, gatewayOf } from './options.ts'
import { type FilePosition, newPosition, unreadBytes } from './position.ts'
import { errorCode, hasLeft, lookFor, type Sighting, troubleWith } from './sightings.ts'
import { nothingRead, type ReadLines, TrackedFile } from './tracked-file.ts'
import type { FileProgress } from './watermark.ts'

/** How long a file that nobody finds any more is still read: a writer may hold a renamed or deleted file open. */
export const GONE_PATIENCE_MS = 30_000

/** What a look at the files changed. */
export interface Look {
  /** Followed to their end and left behind; the last line of each may still wait for its newline. */
  readonly gone: readonly TrackedFile[]
  /** Saved positions of files that were gone before this process could open them. */
  readonly forgotten: readonly string[]
  readonly lostBytes: number
}

interface Opened {
  readonly sighting: Sighting
  readonly handle: FileHandle
  readonly size: number
  readonly head: Buffer
}

/** The files that are followed, through renaming, truncation, copying, deletion and a restart. */
export class FileSet {
  readonly tracked = new Map<string, TrackedFile>()
  readonly #options: FileSourceOptions
  readonly #clock: Clock
  /** Positions of an earlier process whose files this one has not opened yet. */
  readonly #saved: Map<string, FilePosition>
  readonly #createdAt: number
  /** Positions whose content is no longer under their inode, in this look. */
  #swept: FilePosition[] = []
  /** One sentence for each path that could not be looked into or read, since the last look. */
  #troubles: string[] = []
  /** Files that failed to be read since the last look. */
  readonly #aside = new Set<TrackedFile>()
  /** Keys of saved positions that a file under another key took over. */
  #inheritedKeys: string[] = []

  constructor(options: FileSourceOptions, clock: Clock, saved: ReadonlyMap<string, FilePosition>) {
    this.#options = options
    this.#clock = clock
    this.#saved = new Map(saved)
    this.#createdAt = clock.monotonic()
  }

  /** Looks at names, sizes and beginnings. Files not known before begin at their end when `atEnd` is set, else at 0. */
  async look(atEnd: boolean): Promise<Look> {
    this.#swept = []
    this.#aside.clear()
    const { files, troubles } = await lookFor(this.#options.paths)
    this.#troubles = [...troubles]
    await this.#refresh(files)
    const strangers: Opened[] = []
    for (const sighting of files) {
      if (this.tracked.has(sighting.key)) continue
      const opened = await this.#open(sighting)
      if (opened !== undefined && !(await this.#resume(opened))) strangers.push(opened)
    }
    for (const opened of strangers) await this.#adopt(opened, atEnd)
    const gone = await this.#takeGone()
    const forgotten = await this.#takeForgotten()
    const lostBytes = this.#swept.reduce((sum, position) => sum + unreadBytes(position), 0)
    return { gone, forgotten: forgotten.filter(key => !this.tracked.has(key)), lostBytes }
  }

  get troubles(): readonly string[] {
    return this.#troubles
  }

  positions(): readonly FilePosition[] {
    return [...this.tracked.values()].map(file => file.position)
  }

  /** The same with their keys, for their history. */
  begun(): readonly BegunFile[] {
    return [...this.tracked.values()].map(({ key, position }) => ({ key, position }))
  }

  /** What the watermark goes by. A file that cannot be read does not hold it back. */
  progress(): readonly FileProgress[] {
    const readable = [...this.tracked.values()].filter(file => !this.#aside.has(file))
    return readable.map(file => ({ hasUnread: file.hasUnread, time: file.position.time }))
  }

  /** The file to read from next: the one that is furthest behind in event time. */
  next(): TrackedFile | undefined {
    let first: TrackedFile | undefined
    for (const file of this.tracked.values()) {
      if (!file.hasUnread || this.#aside.has(file)) continue
      if (first === undefined || (file.position.time ?? 0) < (first.position.time ?? 0)) first = file
    }
    return first
  }

  /** Leaves a file that failed alone until the next look. */
  setAside(file: TrackedFile, error: unknown): ReadLines {
    this.#aside.add(file)
    this.#fail(file.position.path, error)
    return nothingRead
  }

  async close(): Promise<void> {
    await Promise.all([...this.tracked.values()].map(file => file.handle.close()))
    this.tracked.clear()
  }

  async #refresh(files: readonly Sighting[]): Promise<void> {
    const now = this.#clock.monotonic()
    for (const { key, path } of files) {
      const file = this.tracked.get(key)
      if (file === undefined) continue
      file.lastSeen = now
      if (file.position.path !== path) file.position = { ...file.position, path }
    }
    for (const file of this.tracked.values()) {
      const size = file.position.size
      const swept = await file.refresh().catch(error => this.#fail(file.position.path, error))
      if (file.position.size !== size) file.lastGrowth = now
      if (swept === undefined) continue
      if (file.copyOf === undefined && this.#bequeath(file.key, swept) === undefined) this.#swept.push(swept)
      file.copyOf = undefined
    }
  }

  #fail(path: string, error: unknown): undefined {
    const code = errorCode(error)
    if (code !== 'ENOENT') this.#troubles.push(troubleWith(path, code))
  }

  async #open(sighting: Sighting): Promise<Opened | undefined> {
    try {
      const handle = await open(sighting.path)
      try {
        const { size } = await handle.stat()
        return { sighting, handle, size, head: await readHead(handle) }
      } catch (error) {
        await handle.close()
        throw error
      }
    } catch (error) {
      return this.#fail(sighting.path, error)
    }
  }

  /** Takes a file up where an earlier process stood in it, when it still is the same content. */
  async #resume({ sighting, handle, head, size }: Opened): Promise<boolean> {
    const saved = this.#saved.get(sighting.key)
    if (saved === undefined) return false
    if (size < saved.offset || !beginsLike(head, saved.fingerprint)) return false
    this.#saved.delete(sighting.key)
    await this.#track(sighting, handle, { ...saved, path: sighting.path })
    return true
  }

  /** Takes up a file that nobody has read: new, moved here from another device, or a copy of a known one. */
  async #adopt({ sighting, handle, head }: Opened, atEnd: boolean): Promise<void> {
    const replaced = this.#saved.get(sighting.key)
    if (replaced !== undefined) {
      this.#saved.delete(sighting.key)
      this.#swept.push(replaced)
    }
    const fresh = newPosition(
      sighting.path,
      gatewayOf(this.#options.gateway, sighting.path),
      replaced === undefined ? 0 : replaced.generation + 1,
    )
    const content = contentName(head)
    const isSame = (position: FilePosition): boolean =>
      content !== undefined && position.content === content && dirname(position.path) === dirname(sighting.path)
    // Of a file without a complete line nothing was read: taking it for an ancestor cannot hide a line.
    const isAncestor = (position: FilePosition): boolean =>
      isSame(position) || (position.content === undefined && beginsLike(head, position.fingerprint))
    const ancestor = this.#takeSwept(isAncestor) ?? this.#takeMissing(isAncestor)
    const original = [...this.tracked.values()].find(file => isSame(file.position))
    const begin = atEnd ? await endOfLastLine(handle) : 0
    const file = await this.#track(sighting, handle, {
      ...fresh,
      ...(content === undefined ? {} : { content }),
      begin,
      offset: begin,
      fingerprint: fingerprintOf(head),
    })
    if (ancestor !== undefined) this.#inherit(file, ancestor)
    else if (original !== undefined && !atEnd) file.copyOf = original.copyOf ?? original.key
  }

  async #track(sighting: Sighting, handle: FileHandle, position: FilePosition): Promise<TrackedFile> {
    const file = new TrackedFile(sighting.key, handle, { ...position, size: Math.max(position.size, position.offset) })
    file.lastSeen = this.#clock.monotonic()
    this.tracked.set(sighting.key, file)
    await file.refresh()
    return file
  }

  #takeSwept(isAncestor: (position: FilePosition) => boolean): FilePosition | undefined {
    const index = this.#swept.findIndex(isAncestor)
    return index < 0 ? undefined : this.#swept.splice(index, 1)[0]
  }

  #takeMissing(isAncestor: (position: FilePosition) => boolean): FilePosition | undefined {
    for (const [key, position] of this.#saved) {
      if (!isAncestor(position)) continue
      this.#inheritedKeys.push(key)
      this.#saved.delete(key)
      return position
    }
    return undefined
  }

  /** Hands what was not read of a position to a copy of its file, where there is one, and returns that. */
  #bequeath(key: string, position: FilePosition): TrackedFile | undefined {
    const [heir, ...others] = [...this.tracked.values()].filter(file => file.copyOf === key)
    if (heir === undefined) return undefined
    this.#inherit(heir, position)
    for (const copy of others) copy.copyOf = heir.key
    return heir
  }

  #inherit(heir: TrackedFile, from: FilePosition): void {
    heir.copyOf = undefined
    const { size } = heir.position
    if (size < from.offset) this.#swept.push(from)
    heir.moveTo({
      ...heir.position,
      begin: Math.min(from.begin, size),
      offset: Math.min(from.offset, size),
      inLongLine: from.inLongLine,
      ...(from.time === undefined ? {} : { time: from.time }),
      ...(from.gateway === undefined ? {} : { gateway: from.gateway }),
    })
  }

  async #takeGone(): Promise<readonly TrackedFile[]> {
    const now = this.#clock.monotonic()
    const gone: TrackedFile[] = []
    for (const file of this.tracked.values()) {
      const quiet = now - Math.max(file.lastSeen, file.lastGrowth)
      if (quiet < GONE_PATIENCE_MS || file.hasUnread) continue
      const isDeleted = await file.isDeleted()
      if (!isDeleted && !(await hasLeft(file.position.path, file.key))) continue
      gone.push(file)
      this.tracked.delete(file.key)
      file.copyOf ??= this.#bequeath(file.key, file.position)?.key
    }
    return gone
  }

  async #takeForgotten(): Promise<readonly string[]> {
    const forgotten = this.#inheritedKeys.splice(0)
    if (this.#clock.monotonic() - this.#createdAt < GONE_PATIENCE_MS) return forgotten
    for (const [key, position] of this.#saved) {
      if (!(await hasLeft(position.path, key))) continue
      this.#saved.delete(key)
      this.#swept.push(position)
      forgotten.push(key)
    }
    return forgotten
  }
}
