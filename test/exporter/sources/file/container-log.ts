import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { SourceRecord } from '../../../../exporter/contracts/source.ts'
import { bodyOf, logLine } from './following.ts'

export type Runtime = 'docker' | 'cri'
export type Stream = 'stdout' | 'stderr'

/** A line as the runtime writes it, without its newline. */
export function written(runtime: Runtime, stream: Stream, text: string, isContinued: boolean): string {
  const time = '2026-11-22T12:00:00.007123456Z'
  if (runtime === 'cri') return `${time} ${stream} ${isContinued ? 'P' : 'F'} ${text}`
  return JSON.stringify({ log: isContinued ? text : `${text}\n`, stream, time })
}

/** The text of a record in the runtime's envelope, or as it was decoded. */
export function textOf(record: SourceRecord): string {
  const body = bodyOf(record)
  if (record.decoded !== undefined) return body
  const cri = /^\S+ std(?:out|err) F (?<text>.*)$/.exec(body)?.groups?.text
  return cri ?? String(JSON.parse(body).log).slice(0, -1)
}

/** How rotated files are named; each takes the log away. */
const namings = {
  /** As Docker and logrotate do it. */
  shifted(log: string) {
    const name = (number: number) => `${log}.${number}`
    let oldest = 1
    while (existsSync(name(oldest)) || existsSync(`${name(oldest)}.gz`)) oldest++
    for (let number = oldest; number > 1; number--) {
      for (const end of ['', '.gz']) {
        if (existsSync(name(number - 1) + end)) renameSync(name(number - 1) + end, name(number) + end)
      }
    }
    return name(1)
  },
  /** As the kubelet does it. */
  dated: (log: string, count: number) => `${log}.20261122-${120_000 + count}`,
  /** As logrotate does it with `dateext`, `extension .log` and `dateformat -%Y%m%d-%s`. */
  extended: (log: string, count: number) => log.replace(/\.log$/, `-20261122-${1_795_305_600 + count}.log`),
}
export const naming = fc.constantFrom(...(Object.keys(namings) as (keyof typeof namings)[]))

/** A runtime that writes lines of records, and rotates its log between any two of them. */
export class Container {
  readonly expected: string[] = []
  readonly log: string
  readonly #folder: string
  readonly #runtime: Runtime
  readonly #naming: keyof typeof namings
  #lines: string[] = []
  #rotated = 0

  constructor(folder: string, runtime: Runtime, naming: keyof typeof namings) {
    this.#folder = folder
    this.log = join(folder, 'openclaw.log')
    this.#runtime = runtime
    this.#naming = naming
    writeFileSync(this.log, '')
  }

  #record(length: number): string {
    // Numbered: files that begin with the same KiB, of which nothing was read, cannot be distinguished.
    const pieces = Array.from({ length: Math.floor(length / 5) }, (_, index) => `${index}é😀"\\\\n`)
    const text = logLine(`${this.expected.length} ${pieces.join('')}`.replaceAll('"', '\\"'))
    this.expected.push(text)
    return text
  }

  /** Begins to write a record in some parts, with lines of the other stream in between. */
  begin(stream: Stream, length: number, parts: number, between: number): void {
    const characters = [...this.#record(length)]
    const size = Math.ceil(characters.length / parts)
    const other = stream === 'stdout' ? 'stderr' : 'stdout'
    for (let part = 0; part * size < characters.length; part++) {
      const text = characters.slice(part * size, (part + 1) * size).join('')
      this.#lines.push(written(this.#runtime, stream, text, (part + 1) * size < characters.length))
      for (let line = 0; line < between; line++) {
        this.#lines.push(written(this.#runtime, other, this.#record(5), false))
      }
    }
  }

  /** Writes some of the lines that are due. */
  write(count = Number.POSITIVE_INFINITY): void {
    appendFileSync(
      this.log,
      this.#lines
        .splice(0, count)
        .map(line => `${line}\n`)
        .join(''),
    )
  }

  /** Compresses a rotated log of which something was read. */
  compress(isKnown: (path: string) => boolean): void {
    const plain = readdirSync(this.#folder)
      .map(name => join(this.#folder, name))
      .find(path => path !== this.log && !path.endsWith('.gz') && isKnown(path))
    if (plain === undefined) return
    writeFileSync(`${plain}.gz`, gzipSync(readFileSync(plain)))
    rmSync(plain)
  }

  rotate(by: 'rename' | 'copyTruncate'): string {
    const rotated = namings[this.#naming](this.log, ++this.#rotated)
    if (by === 'copyTruncate') {
      copyFileSync(this.log, rotated)
      truncateSync(this.log)
    } else {
      renameSync(this.log, rotated)
      writeFileSync(this.log, '')
    }
    return rotated
  }
}

/** One thing that happens to the log, or to its reader. */
export const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      stream: fc.constantFrom<Stream>('stdout', 'stderr'),
      length: fc.nat(1500),
      parts: fc.integer({ min: 1, max: 5 }),
      between: fc.nat(2),
      lines: fc.nat(8),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), batches: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'rename' as const,
        'copyTruncate' as const,
        'compress' as const,
        'kill' as const,
        'stop' as const,
      ),
    }),
  },
)
