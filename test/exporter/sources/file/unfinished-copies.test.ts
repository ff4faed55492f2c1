import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { banner, content, Following, linesOf, logLine, temporaryFolder } from './following.ts'

describe('a copy of a log that is gone', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let copy: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'gateway-1.log')
    copy = join(folder.path, 'gateway-2.log')
    following = new Following({ paths: [join(folder.path, '*.log')] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const read = [...banner, ...linesOf('first', 0, 100)]
  const all = Buffer.from(content(read))
  const waitLong = async () => {
    for (let look = 0; look < 4; look++) await following.wait(GONE_PATIENCE_MS)
  }
  const readAndDelete = async (path: string, lines: readonly string[], isStopped: boolean) => {
    writeFileSync(path, content(lines))
    await following.catchUp()
    if (isStopped) await following.stop()
    rmSync(path)
    if (!isStopped) await following.catchUp()
  }

  it.each([true, false])(
    'counts nothing when it pauses, grows and never becomes whole (stopped: %s)',
    async isStopped => {
      await readAndDelete(log, read, isStopped)
      for (const share of [0.2, 0.3, 0.75, 0.9]) {
        writeFileSync(copy, all.subarray(0, share * all.length))
        await waitLong()
      }
      expect(following.bodies).toEqual(read)
    },
  )

  it.each([60, 600, 1_023])('counts nothing where it is found when it holds %d bytes', async bytes => {
    await readAndDelete(log, read, true)
    writeFileSync(copy, all.subarray(0, bytes))
    await waitLong()
    expect(following.bodies).toEqual(read)
    writeFileSync(copy, all)
    await waitLong()
    expect(following.bodies).toEqual(read)
  })

  it.each([true, false])(
    'counts nothing where it is deleted before the newline of its first line (log is gone: %s)',
    async isGone => {
      const [first = ''] = read
      writeFileSync(log, content(read))
      await following.catchUp()
      if (isGone) rmSync(log)
      await waitLong()
      for (const bytes of [first.length / 2, first.length]) {
        writeFileSync(copy, all.subarray(0, bytes))
        await waitLong()
        rmSync(copy)
        await waitLong()
      }
      expect(following.bodies.filter(body => body === first)).toHaveLength(1)
    },
  )

  it('counts nothing where it shows only what several logs begin with, and grows after those were forgotten', async () => {
    const others = ['a', 'b', 'c'].map(name => [...banner, ...linesOf(name, 0, 40)])
    for (const [index, lines] of others.entries()) {
      await readAndDelete(join(folder.path, `other-${index}.log`), lines, false)
    }
    writeFileSync(copy, content(banner))
    await waitLong()
    await following.stop()
    await waitLong()
    writeFileSync(copy, content(others[1] ?? []))
    await waitLong()
    const own = (bodies: readonly string[]) => bodies.filter(body => !banner.includes(body))
    expect(own(following.bodies)).toEqual(own(others.flat()))
  })

  it.each([true, false])(
    'counts nothing where it is made long after the log was deleted (stopped: %s)',
    async isStopped => {
      await readAndDelete(log, read, false)
      await waitLong()
      if (isStopped) await following.stop()
      for (const share of [0.5, 1]) {
        writeFileSync(copy, all.subarray(0, share * all.length))
        await waitLong()
      }
      const added = linesOf('first', 100, 103)
      appendFileSync(copy, content(added))
      await following.catchUp()
      expect(following.bodies).toEqual([...read, ...added])
    },
  )

  it.each([true, false])('counts nothing where it takes the path of the log (stopped: %s)', async isStopped => {
    await readAndDelete(log, read, isStopped)
    for (const share of [0.1, 0.3, 0.4, 1]) {
      writeFileSync(log, all.subarray(0, share * all.length))
      await waitLong()
    }
    expect(following.bodies).toEqual(read)
  })

  it('counts what it holds more than the log, which was read up to there only', async () => {
    await readAndDelete(log, read, true)
    const more = linesOf('more', 0, 3)
    writeFileSync(copy, content(read.slice(0, 30)))
    await waitLong()
    appendFileSync(copy, content([...read.slice(30), ...more]))
    await waitLong()
    expect(following.bodies).toEqual([...read, ...more])
    expect(following.lostBytes).toBe(0)
  })

  it.each([5, 12, 40])('is a log of its own from the first line that differs, after %d that are equal', async equal => {
    await readAndDelete(log, read, true)
    const own = linesOf('second', 0, 3)
    writeFileSync(copy, content(read.slice(0, equal)))
    await waitLong()
    expect(following.bodies).toEqual(read)
    appendFileSync(copy, content(own))
    await following.catchUp()
    // Less than a kibibyte may be the beginning of any log.
    const again = content(read.slice(0, equal)).length < 1_024 ? read.slice(0, equal) : []
    expect(following.bodies).toEqual([...read, ...again, ...own])
    expect([following.lostBytes, following.source.health().details?.heldBackBytes]).toEqual([0, 0])
  })

  it('of which no more than the first lines is known is not read from where it may differ to where it does, and that is shown', async () => {
    await readAndDelete(log, read, true)
    const own = linesOf('second', 0, 12)
    writeFileSync(copy, content([...read.slice(0, 70), ...own]))
    await waitLong()
    const found = following.bodies.slice(read.length)
    // The lines after the last one that is known to be equal, and before the first one that is known to differ.
    const left = own.slice(0, own.length - found.length)
    expect(found).toEqual(own.slice(left.length))
    expect([found.length > 0, left.length > 0]).toEqual([true, true])
    const [from, to] = [read.slice(0, 64), [...read.slice(0, 70), ...left]].map(lines => content(lines).length)
    const withheld = Number(to) - Number(from)
    expect(following.source.health().details?.heldBackBytes).toBe(withheld)
    expect(following.warnings.filter(text => text.includes('begins like'))).toEqual([
      `${copy} begins like a file that was read and is gone; it is not known which lines from byte ${from} to byte ${to} were read, and they are not read.`,
    ])
    await following.stop()
    rmSync(copy)
    await waitLong()
    expect(following.lostBytes).toBe(withheld)
    // What a person decides to count is copied into a file of its own.
    writeFileSync(join(folder.path, 'decided.log'), content(left))
    await following.catchUp()
    expect(following.bodies.slice(read.length)).toEqual([...found, ...left])
  })
})

/** What several logs begin with: nothing, less and more than the KiB that decides, and more than the lines that are known. */
const beginnings = [
  [],
  banner.slice(0, 3),
  banner,
  Array.from({ length: 70 }, (_, index) => logLine(`starting, step ${index}`)),
]

const which = fc.nat(2)
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('begin' as const), lines: fc.integer({ min: 2, max: 40 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), which, lines: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('rename' as const, 'copyTruncate' as const, 'delete' as const), which }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('copy' as const, 'copyOn' as const, 'copyAgain' as const),
      which,
      share: fc.integer({ min: 0, max: 120 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deleteCopy' as const), which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 20, 40, 90) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('read' as const, 'stop' as const, 'kill' as const) }) },
)

/** More than are made in one run. */
const MAX_COPIES = 24

/** Programs that write logs, and a person who copies them, with pauses, into files that may never be whole. */
class Machine {
  readonly written: string[] = []
  readonly #folder: string
  readonly #beginning: readonly string[]
  /** Files of logs, with what was read of them. */
  readonly #logs: { path: string; isRead: boolean }[] = []
  /** All that there ever was to copy. */
  readonly #copied: Buffer[] = []
  readonly #copies: { readonly path: string; readonly of: Buffer; size: number }[] = []
  #files = 0

  constructor(folder: string, beginning: readonly string[]) {
    this.#folder = folder
    this.#beginning = beginning
  }

  #path(name: string): string {
    return join(this.#folder, `${name}-${this.#files++}.log`)
  }

  #append(path: string, count: number): void {
    const lines = linesOf('own', this.written.length, this.written.length + count)
    this.written.push(...lines)
    appendFileSync(path, content(lines))
  }

  wasRead(): void {
    for (const log of this.#logs) log.isRead = true
  }

  do(next: { readonly do: string; readonly which?: number; readonly lines?: number; readonly share?: number }): void {
    const { which = 0, lines = 0, share = 0 } = next
    if (next.do === 'begin') {
      const path = this.#path('gateway')
      writeFileSync(path, content(this.#beginning))
      this.#append(path, lines)
      this.#logs.push({ path, isRead: false })
    }
    const log = this.#logs[which % Math.max(1, this.#logs.length)]
    if (log !== undefined) this.#onLog(log, next.do, lines, share)
    const made = this.#copies.length === 0 ? undefined : this.#copies[which % this.#copies.length]
    if (made === undefined || !existsSync(made.path)) return
    // A whole copy that is written again is a log that was truncated.
    const isWhole = made.size === made.of.length
    if (next.do === 'copyOn' && !isWhole) this.#write(made, Math.max(made.size, (made.of.length * share) / 100))
    if (next.do === 'copyAgain' && !isWhole) this.#write(made, (made.of.length * share) / 100)
    if (next.do === 'deleteCopy') rmSync(made.path)
  }

  #onLog(log: { path: string; isRead: boolean }, what: string, lines: number, share: number): void {
    if (what === 'write') {
      this.#append(log.path, lines)
      log.isRead &&= lines === 0
    }
    if (what === 'rename') {
      const to = this.#path('rotated')
      renameSync(log.path, to)
      log.path = to
    }
    if (what === 'copyTruncate') {
      copyFileSync(log.path, this.#path('rotated'))
      truncateSync(log.path)
      writeFileSync(log.path, content(this.#beginning))
      this.#append(log.path, 1)
      log.isRead = false
    }
    if (what === 'copy') {
      this.#copied.push(readFileSync(log.path))
      const made = { path: this.#path('copy'), of: readFileSync(log.path), size: 0 }
      this.#copies.push(made)
      this.#write(made, (made.of.length * share) / 100)
    }
    // What was deleted before it was read is lost.
    if (what === 'delete' && log.isRead) {
      rmSync(log.path)
      this.#logs.splice(this.#logs.indexOf(log), 1)
    }
  }

  #write(made: { readonly path: string; readonly of: Buffer; size: number }, size: number): void {
    made.size = Math.min(made.of.length, Math.floor(size))
    writeFileSync(made.path, made.of.subarray(0, made.size))
  }
}

describe('copies of logs', () => {
  it.each(beginnings.map(lines => [lines.length, lines] as const))(
    'never count twice, and what is not read is shown, whatever is copied, paused, truncated and rotated, where logs begin with %d lines that are equal',
    async (_, beginning) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24, size: 'max' }), async steps => {
          const place = temporaryFolder()
          const machine = new Machine(place.path, beginning)
          const reader = new Following({ paths: [join(place.path, '*.log')] })
          try {
            for (const lines of [9, 30]) machine.do({ do: 'begin', lines })
            await reader.catchUp()
            machine.wasRead()
            for (const next of steps) {
              machine.do(next)
              await reader.act(next)
              if (next.do === 'wait') await reader.wait(1_000 * ('seconds' in next ? next.seconds : 0))
              if (next.do === 'read') await reader.catchUp()
              if (next.do === 'wait' || next.do === 'read') machine.wasRead()
            }
            for (const share of [0, 60, 90]) {
              for (let which = 0; which < MAX_COPIES; which++) machine.do({ do: 'copyOn', which, share })
              for (let look = 0; look < 4; look++) await reader.wait(GONE_PATIENCE_MS)
            }
            // What an unfinished copy ends with is no line of a log.
            const found = reader.bodies.filter(body => body.includes('"own ') && body.endsWith('}'))
            expect(found.filter((body, index) => found.indexOf(body) !== index)).toEqual([])
            const isShown = reader.lostBytes > 0 || Number(reader.source.health().details?.heldBackBytes) > 0
            if (!isShown) expect(found.toSorted()).toEqual(machine.written.toSorted())
          } finally {
            await reader.stop()
            place.remove()
          }
        }),
        { numRuns: 25 },
      )
    },
    120_000,
  )
})
