import { carryParts, noParts, type PendingParts, withoutCarried } from './parts.ts'
import type { FilePosition } from './position.ts'
import { type RotatedName, rotatedName } from './rotated-name.ts'
import type { TrackedFile } from './tracked-file.ts'

/** How long the end of a record is waited for in the file that took the place of its first one, monotonic milliseconds. */
export const CARRY_PATIENCE_MS = 30_000

/**
 * Which file took the place of which other one when a log was rotated. A container runtime rotates between two parts of a
 * record too: those at the end of a file are carried to the next one, which is read after it.
 */
export class Rotations {
  readonly #tracked: ReadonlyMap<string, TrackedFile>
  readonly #saved: ReadonlyMap<string, FilePosition>
  /** Files of which no line is known before this look. */
  readonly #begun = new Set<TrackedFile>()
  /** Of these, the generations that were linked, by key. */
  readonly #linked = new Map<string, number>()

  /**
   * @param tracked the files that are followed, by their keys
   * @param saved positions of an earlier process whose files this one has not opened yet
   */
  constructor(tracked: ReadonlyMap<string, TrackedFile>, saved: ReadonlyMap<string, FilePosition>) {
    this.#tracked = tracked
    this.#saved = saved
  }

  /** A file, or new content under an inode, had no complete line at the last look. */
  begun(file: TrackedFile): void {
    this.#begun.add(file)
  }

  /** What was read of one file is continued in another one. */
  continued(key: string, heir: string): void {
    for (const file of this.#tracked.values()) {
      if (file.position.follows === key) file.position = { ...file.position, follows: heir }
    }
  }

  /**
   * Finds out which files the new ones of a look follow, by their names, else the times at which they were written last.
   *
   * @param isMeasuring true while files may be found whose content is not known yet
   */
  link(isMeasuring: boolean): void {
    const begun = [...this.#begun].filter(isNew)
    const linked = new Map(this.#linked)
    this.#linked.clear()
    for (const { key, position } of this.#begun) this.#linked.set(key, position.generation)
    this.#begun.clear()
    const isLinked = ({ key, position }: TrackedFile) => linked.get(key) === position.generation
    if (begun.every(isLinked)) return
    const families = Map.groupBy(this.#tracked.values(), file => nameOf(file).family)
    for (const [name, group] of Map.groupBy(begun, file => nameOf(file).family)) {
      if (group.every(isLinked)) continue
      const family = families.get(name) ?? []
      const last = lastOf(family, group)
      const anchor = anchorOf(family, group, last)
      // What was at the path of the log last may be in a file whose content is not known yet.
      const follows = (isMeasuring ? this.#savedAnchorOf(group) : undefined) ?? anchor?.key
      if (follows === undefined && last === undefined) continue
      const isOlder = (file: TrackedFile) => file !== last && anchor !== undefined && compareAge(file, anchor) < 0
      const [first, ...others] = inOrder(group, last).filter(file => !isOlder(file))
      if (first === undefined) continue
      if (follows !== undefined && first.position.follows === undefined) follow(first, follows)
      let before = first
      for (const file of others) {
        // It was copied and truncated before a line of it was read.
        if (file.position.parts !== noParts) takeParts(first, file)
        follow(file, before.key)
        before = file
      }
      // They were written where the last one is, or will be.
      for (const file of [first, ...others]) {
        const from = file.position.rotatedFrom ?? last?.position.path ?? anchor?.position.rotatedFrom
        if (file !== last && from !== undefined) file.position = { ...file.position, rotatedFrom: from }
      }
    }
  }

  #savedAnchorOf(group: readonly TrackedFile[]): string | undefined {
    for (const [key, { path }] of this.#saved) if (group.some(file => file.position.path === path)) return key
    return undefined
  }

  /**
   * Lets files be read that follow those which were read to their end, with the parts that are pending there.
   *
   * @param failed files that could not be read; none is waited for
   * @param isMeasuring true while files may be found whose content is not known yet
   */
  async carry(failed: ReadonlySet<TrackedFile>, now: number, isMeasuring: boolean): Promise<void> {
    const ending = new Set<TrackedFile>()
    for (const file of this.#tracked.values()) {
      const { follows, ...position } = file.position
      if (follows === undefined) continue
      const before = this.#read(follows)
      if (before === undefined && isMeasuring && this.#saved.has(follows)) continue
      const mayFollow = before !== undefined && isNew(file) && !failed.has(before) && !this.#followsItself(file, ending)
      if (mayFollow && isAwaited(before, file)) continue
      file.position = position
      file.waitsUntil = undefined
      if (
        mayFollow &&
        before.endsWithinEntry &&
        position.sequence === undefined &&
        before.position.sequence !== undefined
      )
        file.position = { ...position, sequence: before.position.sequence }
      if (!mayFollow || position.parts !== noParts) continue
      // What cannot be read any more is counted when its file is left.
      const parts = await endOf(before).catch(() => noParts)
      if (parts === noParts) continue
      before.position = { ...before.position, parts: noParts }
      file.position = { ...file.position, parts }
      file.carriedAt = now
    }
  }

  /** True where a file follows itself, through any others. Not those in `ending`, to which ones on the way are added. */
  #followsItself(file: TrackedFile, ending: Set<TrackedFile>): boolean {
    const met = new Set<TrackedFile>()
    let at = this.#read(file.position.follows ?? '')
    while (at !== undefined && at !== file && !met.has(at) && !ending.has(at)) {
      met.add(at)
      at = this.#read(at.position.follows ?? '')
    }
    if (at === undefined || ending.has(at)) for (const one of met) ending.add(one)
    return at === file
  }

  /** The file of a key, or the one that is read for it. */
  #read(key: string): TrackedFile | undefined {
    const file = this.#tracked.get(key)
    return file?.copyOf === undefined ? file : this.#tracked.get(file.copyOf)
  }

  /** Gives up records whose ends have not come, and returns their number. */
  expire(now: number): number {
    let incomplete = 0
    for (const file of this.#tracked.values()) {
      if (file.position.parts.carried === undefined || file.hasUnread) continue
      if (now - Math.max(file.carriedAt, file.firstSeen) < CARRY_PATIENCE_MS) continue
      const left = withoutCarried(file.position.parts)
      file.position = { ...file.position, parts: left.parts }
      incomplete += left.incomplete
    }
    return incomplete
  }
}

/** The file is read after another one. */
function follow(file: TrackedFile, key: string): void {
  file.position = { ...file.position, follows: key }
  file.waitsUntil = undefined
}

/** The file takes the parts of records that were carried to another one. */
function takeParts(file: TrackedFile, from: TrackedFile): void {
  file.position = { ...file.position, parts: from.position.parts }
  file.carriedAt = from.carriedAt
  from.position = { ...from.position, parts: noParts }
}

function isNew({ copyOf, isForeign, position }: TrackedFile): boolean {
  return position.offset === 0 && copyOf === undefined && !isForeign && position.beginningOf === undefined
}

interface Name extends RotatedName {
  /** How the file was rotated, as far as its name says it; `log` for the log itself. */
  readonly kind: 'log' | 'dated' | 'shifted' | 'moved'
}

/** By its name; a file that was renamed to another one, or copied, is of the log that it was rotated from. */
function nameOf({ position: { path, rotatedFrom } }: TrackedFile): Name {
  const own = rotatedName(path)
  const family = rotatedFrom === undefined ? own.family : rotatedName(rotatedFrom).family
  if (own.family !== family) return { family, date: '', shifted: 0, kind: 'moved' }
  if (own.date !== '') return { ...own, kind: 'dated' }
  return { ...own, kind: own.shifted === 0 ? 'log' : 'shifted' }
}

/** A writer that goes on in a rotated file must not hold up the next one for ever. */
function isAwaited({ isForeign, position, hasUnread }: TrackedFile, by: TrackedFile): boolean {
  // Of a compressed file it may not be known yet what it holds.
  if (isForeign) return true
  by.waitsUntil ??= position.size
  return position.follows !== undefined || (hasUnread && position.offset < by.waitsUntil)
}

/** The parts that are pending at the end of a file. */
async function endOf(file: TrackedFile): Promise<PendingParts> {
  const { parts } = file.position
  if (parts === noParts || !(await file.isIntact())) return noParts
  return (await carryParts(file.handle, parts)) ?? noParts
}

/** The newest file that is known and was written at a path of the log before. */
function anchorOf(
  family: readonly TrackedFile[],
  group: readonly TrackedFile[],
  last: TrackedFile | undefined,
): TrackedFile | undefined {
  const paths = new Set(group.map(({ position }) => position.path))
  // An earlier process may have known more.
  const followed = new Set(group.map(({ position }) => position.follows))
  const known = family.filter(file => {
    if (group.includes(file) || file.copyOf !== undefined || !file.isPlaced) return false
    return file.position.rotatedFrom !== undefined || paths.has(file.position.path) || followed.has(file.key)
  })
  // The times of writing may be equal: the one that had the path of the log at the last look is the newest.
  const path = last?.position.path
  const moved = known.filter(({ movedFrom }) => movedFrom !== undefined && movedFrom === path)
  const gone = known.filter(({ isFound, position }) => !isFound && position.path === path)
  return inOrder(moved).at(-1) ?? inOrder(gone).at(-1) ?? inOrder(known).at(-1)
}

/** The file that is written now: the one at the path of the log, from which others were moved. */
function lastOf(family: readonly TrackedFile[], group: readonly TrackedFile[]): TrackedFile | undefined {
  const left = new Set(
    family.map(file => file.position.rotatedFrom ?? (group.includes(file) ? undefined : file.position.path)),
  )
  const atPath = group.filter(({ position }) => position.rotatedFrom === undefined && left.has(position.path))
  const byLength = atPath.toSorted((one, other) => one.position.path.length - other.position.path.length)
  return group.find(file => nameOf(file).kind === 'log') ?? byLength[0]
}

/** In the order in which they were written; `last` is written now. */
function inOrder(files: readonly TrackedFile[], last?: TrackedFile): readonly TrackedFile[] {
  return files.toSorted((one, other) => {
    if (one === last || other === last) return one === last ? 1 : -1
    return compareAge(one, other)
  })
}

/** By their names where they still have them and these are of one kind, else by when they were written last: to compress a file writes it later. */
function compareAge(one: TrackedFile, other: TrackedFile): number {
  const [a, b] = [nameOf(one), nameOf(other)]
  const byName = a.date.localeCompare(b.date, 'en', { numeric: true }) || b.shifted - a.shifted
  if (a.kind === b.kind && one.isFound && other.isFound && byName !== 0) return byName
  return one.modified < other.modified ? -1 : Number(one.modified > other.modified)
}
