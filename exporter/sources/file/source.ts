import type { EpochMs } from '../../../core/clock.ts'
import { sleepUntilAborted } from '../../../service/event-loop/sleep.ts'
import type { Json } from '../../../service/state/state.ts'
import type { Batch, Source, SourceHealth, SourceStart } from '../../contracts/source.ts'
import { FileBackfill } from './backfill.ts'
import { batchContents, cursorChanges, type Look, SOURCE_KEY } from './batch.ts'
import { FileSet } from './file-set.ts'
import { ForgeablePaths } from './forgeable-paths.ts'
import { createLineScanner } from './lines.ts'
import { DEFAULT_POLL_INTERVAL_MS, type FileSourceDependencies, type FileSourceOptions, startOf } from './options.ts'
import { type FilePosition, positionFromJson, unreadBytes } from './position.ts'
import { ReadAhead } from './read-ahead.ts'
import { nothingRead, type ReadLines } from './read-lines.ts'
import type { TrackedFile } from './tracked-file.ts'
import { advanceWatermark } from './watermark.ts'

function savedPositions(cursor: ReadonlyMap<string, Json>): Map<string, FilePosition> {
  const positions = new Map<string, FilePosition>()
  for (const [key, value] of cursor) {
    const position = key === SOURCE_KEY ? undefined : positionFromJson(value)
    if (position !== undefined) positions.set(key, position)
  }
  return positions
}

function savedWatermark(cursor: ReadonlyMap<string, Json>, now: EpochMs): EpochMs {
  const saved = cursor.get(SOURCE_KEY) as { watermark?: unknown } | undefined
  return typeof saved?.watermark === 'number' ? Math.min(saved.watermark, now) : 0
}

/** Follows the log files that the configured paths lead to. What cannot be noticed is listed in docs/sources.md. */
export function createFileSource(options: FileSourceOptions, dependencies: FileSourceDependencies): Source {
  return new FileSource(options, dependencies)
}

class FileSource implements Source {
  readonly name: string
  readonly kind = 'file'
  readonly durable = true
  readonly #options: FileSourceOptions
  readonly #dependencies: FileSourceDependencies
  readonly #scan: ReturnType<typeof createLineScanner>
  readonly #begun = Promise.withResolvers<FileSet>()
  #files: FileSet | undefined
  #backfill: FileBackfill | undefined
  #watermark: EpochMs = 0
  #troubles: readonly string[] = []
  #notices: readonly string[] = []

  constructor(options: FileSourceOptions, dependencies: FileSourceDependencies) {
    this.name = options.name
    this.#options = options
    this.#dependencies = dependencies
    this.#scan = createLineScanner(dependencies.decodersWanted)
  }

  health(): SourceHealth {
    const backlog = (this.#files?.positions() ?? []).reduce((sum, position) => sum + unreadBytes(position), 0)
    const clockSkew = greatestSkew([...(this.#files?.tracked.values() ?? [])], this.#aheadOfClock)
    const details = {
      ...(clockSkew === undefined ? {} : { clockSkew }),
      ...(this.#backfill === undefined ? {} : { backfillProgress: this.#backfill.progress }),
      passedOverFiles: this.#files?.passedOver ?? 0,
      heldBackBytes: this.#files?.heldBackBytes ?? 0,
    }
    const shown = {
      backlog,
      ...(this.#notices.length === 0 ? {} : { notices: [oneSentence(this.#notices)] }),
      details,
    }
    return this.#troubles.length === 0
      ? { up: true, ...shown }
      : { up: false, ...shown, reason: oneSentence(this.#troubles) }
  }

  async *read({ cursor, signal, committed }: SourceStart): AsyncIterable<Batch> {
    const { clock, sleep = sleepUntilAborted } = this.#dependencies
    const interval = this.#options.pollInterval ?? DEFAULT_POLL_INTERVAL_MS
    const saved = savedPositions(cursor)
    const files = new FileSet(this.#options, clock, saved)
    const reader = this.#newReader()
    const emitted = new Map(saved)
    const forgeable = new ForgeablePaths()
    forgeable.remember(saved.values())
    let isFirstStart = !cursor.has(SOURCE_KEY)
    this.#watermark = savedWatermark(cursor, clock.now())
    let lookedAt = clock.now()
    let gone: readonly TrackedFile[] = []
    const batch = (
      lines: ReadLines,
      forgotten: readonly string[] = [],
      left: readonly TrackedFile[] = [],
      found?: Look,
    ): Batch => {
      this.#watermark = advanceWatermark(this.#watermark, files.progress(), lookedAt)
      const watermark = this.#watermark
      return {
        ...batchContents(lines, found),
        cursor: cursorChanges([...files.tracked.values(), ...left, ...files.gone()], emitted, forgotten, watermark),
        watermark,
        caughtUp: files.next() === undefined && !files.isWaiting,
      }
    }
    this.#files = files
    try {
      while (!signal.aborted) {
        lookedAt = clock.now()
        forgeable.remember([...files.tracked.values()].map(({ position }) => position))
        const look = await files.look(isFirstStart && startOf(this.#options) === 'end')
        for (const file of files.tracked.values()) file.continuePath(forgeable)
        if (!files.isMeasuring) this.#begun.resolve(files)
        const { unended } = files
        const looked = batch({ ...nothingRead, incomplete: look.incomplete }, look.forgotten, [], look)
        yield unended.length === 0 ? looked : { ...looked, unended }
        // What is read from here on counts; a process that starts again after a crash must know where that began.
        if (isFirstStart) await committed?.()
        isFirstStart = false
        // From here on: files are also read between two looks that take longer than the interval.
        const nextLook = clock.monotonic() + interval
        gone = look.gone
        for (const file of gone) {
          const lines = await this.#leave(file, reader)
          yield files.keep(file) ? batch(lines, [], [file]) : batch(lines, [file.key])
        }
        for (let file = await files.release(); file !== undefined; file = files.next() ?? (await files.release())) {
          if (signal.aborted) break
          const lines = await file.read(reader, this.#scan, lookedAt).catch(error => files.setAside(file, error))
          yield batch(lines)
          if (clock.monotonic() >= nextLook) break
        }
        this.#report(files)
        if (files.next() === undefined) await sleep(Math.max(0, nextLook - clock.monotonic()), signal)
      }
    } finally {
      // Where reading ends among them, their positions are still saved as they were.
      for (const file of gone) await file.handle.close()
      await files.close()
    }
  }

  /** The lines that lay in the files before counting began, oldest first: for minutes only. Needs `read` to be under way. */
  async *backfill(start: SourceStart): AsyncIterable<Batch> {
    const files = await this.#begun.promise
    this.#backfill = new FileBackfill(this.#scan, start, this.#newReader())
    yield* this.#backfill.rest(() => files.begun())
  }

  /** How far the watermark is ahead of a clock that was set back, milliseconds. */
  get #aheadOfClock(): number {
    return Math.max(0, this.#watermark - this.#dependencies.clock.now())
  }

  #newReader(): ReadAhead {
    const { decoding, readBytes } = this.#dependencies
    return new ReadAhead(decoding, readBytes)
  }

  async #leave(file: TrackedFile, reader: ReadAhead): Promise<ReadLines> {
    try {
      return file.copyOf === undefined ? await file.readRest(reader) : nothingRead
    } finally {
      await file.handle.close()
    }
  }

  /** Each sentence is logged once, until it no longer holds. */
  #report(files: FileSet): void {
    const { troubles } = files
    const notices = [...files.notices, ...(this.#aheadOfClock === 0 ? [] : [clockNotice(this.#watermark)])]
    const known = new Set([...this.#troubles, ...this.#notices])
    for (const sentence of [...troubles, ...notices]) {
      if (!known.has(sentence)) this.#dependencies.logger.warn(sentence)
    }
    this.#troubles = troubles
    this.#notices = notices
  }
}

function oneSentence([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} (and ${more.length} more)`
}

function clockNotice(watermark: EpochMs): string {
  const time = new Date(watermark).toISOString()
  return `The clock of this machine was set back: minutes before ${time} are closed, and events in them count as late.`
}

/**
 * How far the clocks that stamp the lines are ahead, by the file that is most ahead, or the watermark where the clock of
 * this machine was set back. Milliseconds.
 */
function greatestSkew(files: readonly TrackedFile[], aheadOfClock: number): number | undefined {
  const skews = files.map(file => file.clockSkew).filter(skew => skew !== undefined)
  if (aheadOfClock > 0) skews.push(aheadOfClock)
  return skews.length === 0 ? undefined : Math.max(...skews)
}
