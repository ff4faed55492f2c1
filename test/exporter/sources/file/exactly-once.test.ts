import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodedElsewhere, FatefulDecoding } from './fateful-decoding.ts'
import { Following, logLine, temporaryFolder } from './following.ts'

const events = [
  'rotate',
  'copyTruncate',
  'copyHalf',
  'backUp',
  'replace',
  'otherLog',
  'compress',
  'archive',
  'archiveUnread',
  'restart',
  'crash',
] as const

type Step =
  | { readonly do: 'write'; readonly lines: readonly number[]; readonly cut: number }
  | { readonly do: (typeof events)[number] }
  | { readonly do: 'read'; readonly batches: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      lines: fc.array(fc.nat(3000), { maxLength: 6 }),
      cut: fc.nat(5000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), batches: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(...events),
    }),
  },
)

/** The first line of every log: it says nothing about the content that follows. */
const FIRST_LINE = 'nohup: ignoring input'

/** A gateway that writes in pieces which end anywhere, and the tools that rotate, copy and replace its log. */
class Gateway {
  readonly written: string[] = []
  readonly #folder: string
  readonly #log: string
  #pending = Buffer.alloc(0)
  #files = 0
  /** A copy that is being made, before the log is truncated. */
  #copy: string | undefined

  constructor(folder: string) {
    this.#folder = folder
    this.#log = join(folder, 'openclaw-2026-11-22.log')
    this.#begin()
  }

  #begin(): void {
    appendFileSync(this.#log, `${FIRST_LINE}\n`)
  }

  #another(): string {
    return join(this.#folder, `openclaw-another-${++this.#files}.log`)
  }

  /** Begins to copy the log: some bytes of it, as many as `cp` has written when it is interrupted. */
  copyHalf(): void {
    this.#copy ??= this.#another()
    const content = readFileSync(this.#log)
    writeFileSync(this.#copy, content.subarray(0, content.length / 2))
  }

  /** A copy that stays, beside the log that is written on. */
  backUp(): void {
    copyFileSync(this.#log, this.#another())
  }

  /** As rsync and editors do it: a new file with the same content and more takes the name. */
  replace(): void {
    const next = join(this.#folder, 'next')
    copyFileSync(this.#log, next)
    appendFileSync(next, Buffer.concat([this.#pending, Buffer.from(`${this.#write(10)}\n`)]))
    this.#pending = Buffer.alloc(0)
    renameSync(next, this.#log)
  }

  /** The log of another gateway, which begins with the same line. */
  otherLog(): void {
    writeFileSync(this.#another(), `${FIRST_LINE}\n${this.#write(20)}\n`)
  }

  /**
   * As `gzip` does it to the oldest rotated log that is known: a part of the new file, all of it, and then the old one is
   * removed. Each call goes one step on.
   */
  compress(isKnown: (path: string) => boolean): void {
    const rotated = readdirSync(this.#folder).map(name => join(this.#folder, name))
    const isPlain = (path: string) => /\.\d+\.log$/.test(path)
    const next = rotated.toSorted().findLast(path => isPlain(path) && isKnown(path))
    if (next === undefined) return
    const compressed = gzipSync(readFileSync(next))
    const found = existsSync(`${next}.gz`) ? statSync(`${next}.gz`).size : undefined
    if (found === compressed.length) {
      rmSync(next)
      return
    }
    writeFileSync(`${next}.gz`, found === undefined ? compressed.subarray(0, compressed.length / 2) : compressed)
  }

  /** As logrotate does it without `delaycompress`: the log is rotated and compressed before anybody can look. */
  archive(isKnown: (path: string) => boolean): void {
    if (!isKnown(this.#log)) return
    this.rotate(true)
    for (let step = 0; step < 3; step++) this.compress(path => path.endsWith('.1.log'))
  }

  #write(length: number): string {
    const line = logLine(`${this.written.length} ${'é'.repeat(length)}`)
    this.written.push(line)
    return line
  }

  write(lengths: readonly number[], cut: number): void {
    const lines = lengths.map(length => this.#write(length))
    this.#pending = Buffer.concat([this.#pending, ...lines.map(line => Buffer.from(`${line}\n`))])
    appendFileSync(this.#log, this.#pending.subarray(0, cut))
    this.#pending = this.#pending.subarray(cut)
  }

  flush(): void {
    appendFileSync(this.#log, this.#pending)
    this.#pending = Buffer.alloc(0)
  }

  rotate(rename: boolean): void {
    this.flush()
    const numbered = (number: number) => join(this.#folder, `openclaw-2026-11-22.${number}.log`)
    for (let number = 40; number > 0; number--) {
      for (const name of ['', '.gz']) {
        if (existsSync(numbered(number) + name)) renameSync(numbered(number) + name, numbered(number + 1) + name)
      }
    }
    if (rename) {
      renameSync(this.#log, numbered(1))
    } else {
      copyFileSync(this.#log, this.#copy ?? numbered(1))
      this.#copy = undefined
      truncateSync(this.#log)
    }
    this.#begin()
  }
}

describe('a followed log', () => {
  it.each([
    ['handed on as they are', fc.constant(undefined)],
    ['decoded elsewhere', decodedElsewhere],
  ])(
    'gives every line exactly once, however it is written, rotated and read; lines %s',
    async (_how, elsewhere) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), elsewhere, async (steps, chosen) => {
          const folder = temporaryFolder()
          const gateway = new Gateway(folder.path)
          const { readBytes, fates } = chosen ?? {}
          const following = new Following(
            { paths: [join(folder.path, 'openclaw-*.log*')] },
            [],
            readBytes === undefined ? {} : { readBytes, decoding: new FatefulDecoding(fates ?? []) },
          )
          // What every log begins with says nothing about which one it is.
          const isKnown = (path: string) => following.committedOffset(path) > FIRST_LINE.length + 1
          try {
            for (const next of steps) {
              if (next.do === 'write') gateway.write(next.lines, next.cut)
              if (next.do === 'rotate') gateway.rotate(true)
              if (next.do === 'copyTruncate') gateway.rotate(false)
              if (next.do === 'copyHalf') gateway.copyHalf()
              if (next.do === 'backUp') gateway.backUp()
              if (next.do === 'replace') gateway.replace()
              if (next.do === 'otherLog') gateway.otherLog()
              if (next.do === 'compress') gateway.compress(isKnown)
              if (next.do === 'archiveUnread') {
                await following.stop()
                gateway.write([10], 5000)
              }
              if (next.do === 'archive' || next.do === 'archiveUnread') {
                gateway.archive(isKnown)
              }
              if (next.do === 'restart') await following.stop()
              if (next.do === 'read') for (let batch = 0; batch < next.batches; batch++) await following.pull()
              if (next.do === 'crash') {
                await following.pull(false)
                await following.stop()
              }
            }
            gateway.flush()
            await following.catchUp()
            // A line that is no record is empty where it was decoded.
            const lines = following.bodies.filter(body => body !== FIRST_LINE && body !== '')
            expect(lines.toSorted()).toEqual(gateway.written.toSorted())
            expect(following.lostBytes).toBe(0)
            const ids = following.batches.flatMap(batch => batch.records.map(record => record.id))
            expect(new Set(ids).size).toBe(ids.length)
            expect(
              following.batches.every(
                (batch, index) => batch.watermark >= (following.batches[index - 1]?.watermark ?? 0),
              ),
            ).toBe(true)
          } finally {
            await following.stop()
            folder.remove()
          }
        }),
        { numRuns: 60 },
      )
    },
    120_000,
  )
})
