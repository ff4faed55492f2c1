import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Clock, EpochMs } from '../../../core/clock.ts'
import { isObject } from '../../../core/json.ts'
import { fileTrouble, readRegularFile } from '../../../service/files/regular-file.ts'
import { logfmtValue } from '../../../service/log/one-line.ts'
import type { Json } from '../../../service/state/state.ts'
import type { CursorChange, SourceRecord } from '../../contracts/source.ts'
import { type Piece, pieceOf, pieceStarts, type SnapshotInput } from './input.ts'
import { bodyOf, valuesOf } from './values.ts'

/** Files of a folder that are read; the first by name. */
const MAX_FILES = 1_000
/** A file that is not JSON may be half written for this time. */
const WRITING_MS = 5_000

/** A file as it was read. */
interface Version {
  readonly modified: EpochMs
  readonly size: number
  /** Records that were taken in; absent where all were. */
  readonly taken?: number
}

/** Of a record, made when its piece is. */
type Body = () => SourceRecord['body']

export interface FileInputOptions {
  /** A file, or a folder whose files are read. */
  readonly path: string
  readonly maxBytes: number
  readonly clock: Pick<Clock, 'now'>
}

/** Reads each file whenever it has been written again: it holds a snapshot, so all of it is read. */
export class FileInput implements SnapshotInput {
  /** A command takes its time, and writes its file at the end; by the SLO of freshness a source has less than a minute. */
  readonly lag = 30_000
  readonly #options: FileInputOptions
  readonly #read = new Map<string, Version>()

  constructor(options: FileInputOptions, cursor: ReadonlyMap<string, Json>) {
    this.#options = options
    for (const [name, version] of cursor) if (isVersion(version)) this.#read.set(name, version)
  }

  /** One file after another, so that no more than one is in memory. */
  async *look(): AsyncGenerator<Piece> {
    const { path } = this.#options
    const found = await filesAt(path).catch(error => `${logfmtValue(path)} ${fileTrouble(error)}.`)
    if (typeof found === 'string') {
      yield { records: [], cursor: [], end: { trouble: found } }
      return
    }
    const troubles: string[] = []
    for (const file of found) {
      try {
        yield* await this.#readAgain(file)
      } catch (error) {
        troubles.push(`${logfmtValue(file)} ${fileTrouble(error)}.`)
      }
    }
    if (found.length === 0) troubles.push(`${logfmtValue(path)} has no files; write the snapshots into it.`)
    yield { records: [], cursor: this.#forgetOthers(found), end: { trouble: troubles[0] } }
  }

  async #readAgain(path: string): Promise<Iterable<Piece>> {
    const name = basename(path)
    const version = await versionOf(path)
    const known = this.#read.get(name)
    const isKnown = known?.modified === version.modified && known.size === version.size
    if (isKnown && known.taken === undefined) return []
    const text = await readRegularFile(path, this.#options.maxBytes)
    const after = await versionOf(path)
    const values = valuesOf(text)
    const isWritten = after.modified === version.modified && after.size === version.size
    // Also where its time is one that has not come.
    const isOld = Math.abs(this.#options.clock.now() - version.modified) >= WRITING_MS
    // It is being written: the next look reads it.
    if (!isWritten || (values === undefined && !isOld)) return []
    const written = Math.floor(version.modified)
    const bodies = values === undefined ? [() => text] : values.map(value => () => bodyOf(value, written))
    return this.#pieces(path, version, bodies, isKnown ? known.taken : 0)
  }

  *#pieces(path: string, version: Version, bodies: readonly Body[], from: number | undefined): Generator<Piece> {
    const name = basename(path)
    const place = { kind: 'file', name: path } as const
    for (const start of pieceStarts(bodies.length, from)) {
      const records = pieceOf(bodies, start).map((body, index) => {
        return { id: `${name}@${version.modified}#${start + index}`, body: body(), place }
      })
      const taken = start + records.length
      const value = { ...version, ...(taken < bodies.length && { taken }) }
      this.#read.set(name, value)
      yield { records, cursor: [{ key: name, value }] }
    }
  }

  #forgetOthers(found: readonly string[]): CursorChange[] {
    const names = new Set(found.map(path => basename(path)))
    const gone = [...this.#read.keys()].filter(name => !names.has(name))
    for (const name of gone) this.#read.delete(name)
    return gone.map(key => ({ key, value: null }))
  }
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { withFileTypes: true })
  const names = entries.filter(entry => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name)
  return names
    .sort()
    .slice(0, MAX_FILES)
    .map(name => join(path, name))
}

async function versionOf(path: string): Promise<Version> {
  const { mtimeMs: modified, size } = await stat(path)
  return { modified, size }
}

function isVersion(value: Json): value is Json & Version {
  if (!isObject(value) || typeof value.modified !== 'number' || typeof value.size !== 'number') return false
  return value.taken === undefined || typeof value.taken === 'number'
}
