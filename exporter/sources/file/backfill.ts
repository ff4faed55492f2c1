import { openRegularFile } from '../../../service/files/regular-file.ts'
import type { Json } from '../../../service/state/state.ts'
import type { Batch, SourceStart } from '../../contracts/source.ts'
import { batchContents } from './batch.ts'
import { noCheckpoints } from './checkpoints.ts'
import { contentOf, type FileContent, reached } from './content.ts'
import { beginsLike, type Fingerprint, precedes, readHead } from './fingerprint.ts'
import type { ScannedLines } from './lines.ts'
import { noParts, type PendingParts } from './parts.ts'
import { type FilePosition, partsFromJson } from './position.ts'
import type { ReadAhead } from './read-ahead.ts'
import { nothingRead } from './read-lines.ts'
import { TrackedFile } from './tracked-file.ts'

/** A file whose beginning is read by a backfill. */
export interface BegunFile {
  readonly key: string
  /** With the path under which it is found now. */
  readonly position: FilePosition
}

/** How far the backfill of one file has come; saved under the file's key. */
interface Progress {
  readonly content: string | null
  readonly offset: number
  readonly inLongLine: boolean
  readonly parts?: PendingParts['spans']
  /** What lies before `offset`. */
  readonly tail?: Fingerprint
}

/**
 * What lies before the byte where counting began in each file, one file after the other in the given order, each from
 * where an earlier process stopped. A file that has been replaced since is skipped.
 */
export class FileBackfill {
  readonly #scan: (chunk: Buffer) => ScannedLines
  readonly #reader: ReadAhead
  readonly #signal: AbortSignal
  readonly #saved: ReadonlyMap<string, Progress>
  #all = 0
  #done = 0

  constructor(scan: (chunk: Buffer) => ScannedLines, { cursor, signal }: SourceStart, reader: ReadAhead) {
    this.#scan = scan
    this.#reader = reader
    this.#signal = signal
    this.#saved = new Map([...cursor].map(([key, value]) => [key, value as unknown as Progress]))
  }

  /** Share of the bytes that has been read, 0 to 1. */
  get progress(): number {
    return this.#all === 0 ? 1 : this.#done / this.#all
  }

  /** @param now the files as they are found at this moment */
  async *rest(now: () => readonly BegunFile[]): AsyncGenerator<Batch> {
    const files = now().filter(({ position }) => position.begin > 0)
    this.#all = files.reduce((sum, { position }) => sum + position.begin, 0)
    let watermark = 0
    const batch = (contents: Pick<Batch, 'records' | 'tally'>, cursor: Batch['cursor']): Batch => {
      return { ...contents, cursor, watermark, caughtUp: false }
    }
    // Known from the start, so that a copy that takes a file's place later takes its progress too.
    const begun = await Promise.all(files.map(async file => ({ key: file.key, value: json(await this.#of(file)) })))
    // What could not be looked up is not to be saved as nothing.
    if (this.#signal.aborted) return
    yield batch(batchContents(nothingRead), begun)
    let passed = 0
    for (const { key, position } of files) {
      const { path } = now().find(file => file.key === key)?.position ?? position
      const file = await this.#opened({ key, position: { ...position, path } })
      if (file !== undefined) {
        try {
          while (file.hasUnread && !this.#signal.aborted) {
            const lines = await file.read(this.#reader, this.#scan, Number.POSITIVE_INFINITY)
            watermark = Math.max(watermark, file.position.time ?? 0)
            this.#done = passed + file.position.offset
            yield batch(batchContents(lines), [{ key, value: json(progressOf(file.position)) }])
          }
        } finally {
          await file.handle.close()
        }
      }
      if (this.#signal.aborted) return
      passed += position.begin
      this.#done = passed
    }
  }

  async #opened(file: BegunFile): Promise<TrackedFile | undefined> {
    return openedAt(file.key, file.position, await this.#of(file), this.#signal)
  }

  /** By the file's key, else of a file of which it holds what was read. */
  async #of({ key, position }: BegunFile): Promise<Progress> {
    const own = this.#saved.get(key)
    if (own !== undefined) return own
    const { content } = position
    for (const saved of this.#saved.values()) {
      if (content !== undefined && saved.content === content && (await holds(position, saved, this.#signal)))
        return saved
    }
    return { content: content ?? null, offset: 0, inLongLine: false }
  }
}

async function holds({ path, begin }: FilePosition, { offset, tail }: Progress, signal: AbortSignal) {
  if (offset > begin) return false
  if (tail === undefined) return true
  const handle = await openContent(path, signal)
  if (handle === undefined) return false
  return reached(handle, offset, signal)
    .then(() => precedes(tail, handle, offset))
    .catch(() => false)
    .finally(() => handle.close())
}

async function openContent(path: string, signal: AbortSignal): Promise<FileContent | undefined> {
  return openRegularFile(path)
    .then(handle => contentOf(handle, path, signal))
    .catch(() => undefined)
}

/** The file up to where counting began, at the position of its backfill. Undefined where it is gone or another. */
async function openedAt(
  key: string,
  { time: _live, tail: _read, forgeableTo: _near, ...position }: FilePosition,
  { offset, inLongLine, parts }: Progress,
  signal: AbortSignal,
): Promise<TrackedFile | undefined> {
  const handle = await openContent(position.path, signal)
  if (handle === undefined) return undefined
  const head = await readHead(handle)
  if (beginsLike(head, position.fingerprint)) {
    const { begin: size } = position
    const file = new TrackedFile(
      key,
      handle,
      { ...position, checkpoints: noCheckpoints, offset, inLongLine, parts: partsFromJson(parts), size },
      size,
    )
    file.isPlaced = true
    file.head = head
    return file
  }
  await handle.close()
  return undefined
}

function progressOf({ content, offset, inLongLine, parts, tail }: FilePosition): Progress {
  const pending = parts === noParts ? {} : { parts: parts.spans }
  return { content: content ?? null, offset, inLongLine, ...pending, ...(tail === undefined ? {} : { tail }) }
}

const json = ({ tail, ...progress }: Progress): Json =>
  (tail === undefined ? progress : { ...progress, tail: { ...tail } }) as Json
