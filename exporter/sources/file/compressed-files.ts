import type { FileHandle } from 'node:fs/promises'
import { type Budget, type Compression, type FileContent, GzipContent } from './content.ts'
import type { DiscoveredFile } from './discovery.ts'
import { beginsLike, contentName, readHead } from './fingerprint.ts'
import { type FilePosition, isOfSameContent } from './position.ts'
import { rotatedName } from './rotated-name.ts'

/** Bytes of content that are measured, and read on the way to a place, in one look at the files, so that a look stays short. */
const BYTES_A_LOOK = 64 * 1024 * 1024
/** What looking at the beginning of a file counts as: to start takes as long as to read on for so many bytes. */
const BYTES_A_BEGINNING = 512 * 1024
/** How long a file may be incomplete, milliseconds: it is being written. */
const WRITING_PATIENCE_MS = 30_000
/** Files that are named one by one. */
const MAX_NAMED = 10

/** Why a compressed file is not read, as the end of a sentence. */
type Reason = 'unknown' | 'damaged' | 'too large' | Exclude<Compression, 'gzip'>

const explanations: Readonly<Record<Reason, string>> = {
  unknown: 'holds nothing that is known from a followed file',
  damaged: 'is damaged or incomplete',
  'too large': 'holds more than the limit for compressed files',
  zstd: 'is compressed by zstd, and only gzip is read',
  xz: 'is compressed by xz, and only gzip is read',
  bzip2: 'is compressed by bzip2, and only gzip is read',
}

/** A compressed file whose content is being measured. */
interface Measured {
  readonly discovered: DiscoveredFile
  readonly content: GzipContent
  /** True where it was found at the first start, and counting begins at its end. */
  readonly atEnd: boolean
}

/** What is known of a compressed file that is not followed, while it stays as it is. */
interface PassedOver {
  readonly discovered: DiscoveredFile
  readonly reason: Reason
  readonly since: number
}

/** A file that was opened and is not yet followed. */
export interface OpenedFile {
  readonly discovered: DiscoveredFile
  readonly handle: FileContent
  readonly head: Buffer
  readonly size: number
}

/** A compressed file that can be read from any place. */
interface WholeFile extends OpenedFile {
  readonly atEnd: boolean
}

/** Compressed files that are not followed: their content is not yet measured, or it is none that is known. */
export class CompressedFiles {
  readonly #measured = new Map<string, Measured>()
  readonly #passedOver = new Map<string, PassedOver>()
  #found = new Map<string, DiscoveredFile>()
  #now = 0

  /** A look begins, at this monotonic time. */
  async beginLook(files: readonly DiscoveredFile[], now: number): Promise<void> {
    const before = this.#found
    this.#now = now
    this.#found = new Map(files.map(file => [file.key, file]))
    for (const [key, { discovered, content }] of this.#measured) {
      const found = this.#found.get(key)
      if (found !== undefined && isSame(found, discovered)) continue
      await content.close()
      this.#measured.delete(key)
    }
    for (const [key, { discovered }] of this.#passedOver) {
      const found = this.#found.get(key)
      // A file that changes is being written: it is looked at again when it no longer does.
      if (found === undefined || (!isSame(found, discovered) && isSame(found, before.get(key)))) {
        this.#passedOver.delete(key)
      }
    }
  }

  /** True for a file that need not be opened. */
  has(key: string): boolean {
    return this.#measured.has(key) || this.#passedOver.has(key)
  }

  /** True while the content of some files is not known: it may be that of a file that is gone, or backfill. */
  get isMeasuring(): boolean {
    return this.#measured.size > 0
  }

  async add(discovered: DiscoveredFile, handle: FileHandle, compression: Compression, atEnd: boolean): Promise<void> {
    if (compression === 'gzip') {
      this.#measured.set(discovered.key, { discovered, content: new GzipContent(handle), atEnd })
      return
    }
    this.passOver(discovered, compression)
    await handle.close()
  }

  passOver(discovered: DiscoveredFile, reason: Reason = 'unknown'): void {
    this.#passedOver.set(discovered.key, { discovered, reason, since: this.#now })
  }

  /**
   * Measures on.
   *
   * @param placeOf where a file will be read, by what it begins with; undefined for one that begins as none that is known,
   *   which is passed over
   * @returns the files whose content is known from its beginning to its end, ready to be read at that place
   */
  async measure(
    placeOf: (discovered: DiscoveredFile, head: Buffer) => number | undefined,
  ): Promise<readonly WholeFile[]> {
    const budget: Budget = { left: BYTES_A_LOOK }
    const onTheWay: Budget = { left: BYTES_A_LOOK }
    const whole: WholeFile[] = []
    for (const [key, { discovered, content, atEnd }] of this.#measured) {
      if (budget.left <= 0) break
      budget.left -= BYTES_A_BEGINNING
      const head = await readHead(content).catch(() => undefined)
      const place = head === undefined || atEnd ? undefined : placeOf(discovered, head)
      const isWanted = head === undefined || atEnd || place !== undefined
      const measured = isWanted ? await content.measure(budget) : 'unknown'
      if (measured === false) break
      if (measured === true && place !== undefined && !(await content.reach(place, onTheWay))) break
      this.#measured.delete(key)
      if (measured === true) {
        const size = Number((await content.stat({ bigint: true })).size)
        whole.push({ discovered, handle: content, head: await readHead(content), size, atEnd })
        continue
      }
      await content.close()
      this.passOver(discovered, measured)
    }
    return whole
  }

  /** How many files are passed over. */
  get passedOver(): number {
    return this.#shown().length
  }

  /** One sentence for each of the first files that are passed over, and one for the others. */
  notices(): readonly string[] {
    const shown = this.#shown()
    const named = shown.slice(0, MAX_NAMED).map(({ discovered, reason }) => {
      return `${discovered.path} ${explanations[reason]}; it is not read. To have it read, put its decompressed content into the folder.`
    })
    const others = shown.length - named.length
    return others === 0 ? named : [...named, `${others} more compressed files are not read.`]
  }

  #shown(): readonly PassedOver[] {
    const isWritten = ({ reason, since }: PassedOver): boolean =>
      reason !== 'damaged' || this.#now - since >= WRITING_PATIENCE_MS
    return [...this.#passedOver.values()].filter(isWritten)
  }

  async close(): Promise<void> {
    for (const { content } of this.#measured.values()) await content.close()
    this.#measured.clear()
  }
}

function isSame(one: DiscoveredFile, other: DiscoveredFile | undefined): boolean {
  return one.size === other?.size && one.modified === other.modified
}

/**
 * True where a compressed file may hold what was seen of another one, by what it begins with; by its name too, where no line
 * of that was complete.
 */
export function mayHold(path: string, head: Buffer, position: FilePosition): boolean {
  const { content, fingerprint } = position
  const isNamedLike = () => fingerprint.length > 0 && rotatedName(path).family === rotatedName(position.path).family
  const isOf = content === undefined ? isNamedLike() : isOfSameContent({ path, content: contentName(head) }, position)
  return isOf && beginsLike(head, fingerprint)
}
