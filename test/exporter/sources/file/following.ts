import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dialect } from '../../../../decoding/dialects/dialect.ts'
import type { UndecodedReason } from '../../../../decoding/toolkit/record.ts'
import type { Batch, Source, SourceRecord } from '../../../../exporter/contracts/source.ts'
import { beginsLike } from '../../../../exporter/sources/file/fingerprint.ts'
import type { FileSourceDependencies, FileSourceOptions } from '../../../../exporter/sources/file/options.ts'
import { positionFromJson } from '../../../../exporter/sources/file/position.ts'
import { createFileSource } from '../../../../exporter/sources/file/source.ts'
import type { Json } from '../../../../service/state/state.ts'

export const NOON = Date.parse('2026-11-22T12:00:00Z')

/** A line in the gateway's layout, as far as a file source reads it. */
export function logLine(text: string, time = NOON): string {
  return `{"0":"x","1":"${text}","_meta":{"logLevelId":3},"time":"${new Date(time).toISOString()}","message":"${text}"}`
}

/** More than the first KiB, which is compared: what every log of this gateway begins with. */
export const banner = Array.from({ length: 12 }, (_, index) => logLine(`starting, step ${index}`))

export const linesOf = (name: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => logLine(`${name} ${from + index}`))

/** The content of a file with these lines. */
export const content = (lines: readonly string[]) => lines.map(line => `${line}\n`).join('')

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'clawtrust-file-source-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Makes of a line of JSON what `bodyOf` gives back. */
export const echo: Dialect = {
  name: 'echo',
  format: 'json-line',
  prefilter: 'all',
  sourceFields: [],
  signals: [],
  observer: 'gateway',
  documentation: { reads: '', samples: { kind: 'documented', from: '' }, setup: [], rules: [] },
  recognises: () => true,
  decode: fields => ({ kind: 'no_signal', time: NOON, template: JSON.stringify(fields) }),
}

/** The line of a record, whether it was decoded by `echo` or handed on as it is. */
export function bodyOf({ body, decoded }: SourceRecord): string {
  return decoded?.decoding.kind === 'no_signal' ? decoded.decoding.template : String(body)
}

/**
 * A reader of a file source that commits batch after batch into its cursor, can be stopped at any batch and started
 * again from what it had committed. Its clock moves when the source sleeps.
 */
export class Following {
  readonly clock = { wall: NOON + 60_000, passed: 0, now: () => this.clock.wall, monotonic: () => this.clock.passed }
  readonly committed = new Map<string, Json>()
  readonly batches: Batch[] = []
  readonly warnings: string[] = []
  source!: Source
  readonly #options: Partial<FileSourceOptions> & Pick<FileSourceOptions, 'paths'>
  readonly #wanted: readonly string[]
  readonly #reading: Pick<FileSourceDependencies, 'decoding' | 'readBytes'>
  #running: AsyncIterator<Batch> | undefined
  #abort = new AbortController()

  constructor(
    options: Partial<FileSourceOptions> & Pick<FileSourceOptions, 'paths'>,
    wanted: readonly string[] = [],
    reading: Pick<FileSourceDependencies, 'decoding' | 'readBytes'> = {},
  ) {
    this.#options = options
    this.#wanted = wanted
    this.#reading = reading
  }

  get bodies(): string[] {
    return this.batches.flatMap(batch => batch.records.map(bodyOf))
  }

  get lostBytes(): number {
    return this.batches.reduce((sum, batch) => sum + batch.tally.lostBytes, 0)
  }

  /** Records that were not decoded for a reason. */
  counted(reason: UndecodedReason): number {
    return this.batches.reduce((sum, batch) => sum + (batch.tally.undecoded[reason] ?? 0), 0)
  }

  get last(): Batch {
    const batch = this.batches.at(-1)
    if (batch === undefined) throw new Error('nothing was read yet')
    return batch
  }

  /** How much was read of what a file holds now, as far as it is committed. */
  committedOffset(path: string): number {
    const { dev, ino } = statSync(path, { bigint: true })
    const position = positionFromJson(this.committed.get(`${dev}:${ino}`) ?? null)
    return position !== undefined && beginsLike(readFileSync(path), position.fingerprint) ? position.offset : 0
  }

  /** Takes one batch; without `commit` it is thrown away, as by a crash before its transaction. */
  async pull(commit = true): Promise<Batch> {
    this.#running ??= this.#start()
    const { value, done } = await this.#running.next()
    if (done) throw new Error('the source ended')
    if (commit) {
      this.batches.push(value)
      for (const change of value.cursor) {
        if (change.value === null) this.committed.delete(change.key)
        else this.committed.set(change.key, change.value)
      }
    }
    return value
  }

  /** Looks at the files anew and reads all that is there. */
  async catchUp(): Promise<void> {
    for (let idle = 0; idle < 2; ) idle = (await this.pull()).records.length === 0 && this.last.caughtUp ? idle + 1 : 0
  }

  async wait(milliseconds: number): Promise<void> {
    this.clock.passed += milliseconds
    this.clock.wall += milliseconds
    await this.catchUp()
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#running?.return?.()
    this.#running = undefined
  }

  /** Reads some batches, or ends: `stop` after a commit, `kill` before one. Nothing for actions of the log. */
  async act(next: { readonly do: string; readonly batches?: number }): Promise<void> {
    if (next.do === 'read') for (let batch = 0; batch < (next.batches ?? 1); batch++) await this.pull()
    if (next.do === 'kill') await this.pull(false)
    if (next.do === 'kill' || next.do === 'stop') await this.stop()
  }

  #start(): AsyncIterator<Batch> {
    this.#abort = new AbortController()
    // No process starts in the millisecond in which another one ended.
    this.clock.wall++
    this.source = createFileSource(
      { name: 'log', pollInterval: 250, startAt: 'beginning', ...this.#options },
      {
        clock: this.clock,
        logger: { warn: message => void this.warnings.push(message) },
        decodersWanted: this.#wanted,
        ...this.#reading,
        sleep: async milliseconds => {
          this.clock.passed += milliseconds
          this.clock.wall += milliseconds
        },
      },
    )
    const start = { cursor: new Map(this.committed), signal: this.#abort.signal }
    return this.source.read(start)[Symbol.asyncIterator]()
  }
}
