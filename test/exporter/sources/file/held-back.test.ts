import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { banner, content, Following, linesOf, logLine, temporaryFolder } from './following.ts'

/** Of what was read, as many lines are known one by one. */
const FIRST_LINES = 64

describe('what is held back, because it may be read already', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let other: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'gateway-1.log')
    other = join(folder.path, 'gateway-2.log')
    following = new Following({ paths: [join(folder.path, '*.log')] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const read = [...banner, ...linesOf('first', 0, 100)]
  const heldBack = () => following.source.health().details?.heldBackBytes
  const holdBack = async (lines: readonly string[]) => {
    writeFileSync(log, content(read))
    await following.catchUp()
    await following.stop()
    rmSync(log)
    writeFileSync(other, content(lines))
    await following.catchUp()
    await following.wait(GONE_PATIENCE_MS)
    await following.wait(GONE_PATIENCE_MS)
    expect(following.bodies).toEqual(read)
  }

  /** Lines that differ after more than the first lines, and before what is known of those that follow. */
  const undecided = [...read.slice(0, 70), ...linesOf('second', 0, 3)]
  const inDoubt = content(undecided).length - content(read.slice(0, FIRST_LINES)).length

  it('is shown with its bytes, and stays held back however long nothing is added', async () => {
    await holdBack(undecided)
    expect(heldBack()).toBe(inDoubt)
    expect(following.warnings.filter(text => text.includes('unfinished copy'))).toEqual([
      `${other} seems to be an unfinished copy of ${log}, which was read and is gone; what follows byte ${content(undecided).length - inDoubt} is read when it differs from that.`,
    ])
    appendFileSync(other, content(linesOf('second', 3, 4)))
    for (let look = 0; look < 4; look++) await following.wait(GONE_PATIENCE_MS)
    expect(following.bodies).toEqual(read)
  })

  it.each(['', logLine('starting').slice(0, 20)])(
    'stays held back where a file that began with %j is gone after a restart',
    async begun => {
      const empty = join(folder.path, 'gateway-3.log')
      writeFileSync(log, content(read))
      await following.catchUp()
      await following.stop()
      rmSync(log)
      writeFileSync(other, content(undecided).slice(0, -50))
      writeFileSync(empty, begun)
      await following.catchUp()
      await following.stop()
      rmSync(empty)
      for (let look = 0; look < 4; look++) await following.wait(GONE_PATIENCE_MS)
      expect(following.bodies).toEqual(read)
      expect(heldBack()).toBe(inDoubt - 50)
    },
  )

  it('is nothing where all lines are known to be read', async () => {
    await holdBack(read.slice(0, 30))
    expect([heldBack(), following.warnings]).toEqual([0, []])
  })

  it.each([false, true])('counts as lost when its file is deleted (stopped: %s)', async isStopped => {
    await holdBack(undecided)
    if (isStopped) await following.stop()
    rmSync(other)
    for (let look = 0; look < 4; look++) await following.wait(GONE_PATIENCE_MS)
    expect(following.lostBytes).toBe(inDoubt)
    expect(heldBack()).toBe(0)
  })

  it.each([false, true])('stays held back where the copy is made again in place (stopped: %s)', async isStopped => {
    await holdBack(read.slice(0, 60))
    if (isStopped) await following.stop()
    for (const lines of [0, 20, 40, 80, 100, read.length]) {
      writeFileSync(other, content(read.slice(0, lines)))
      await following.wait(1_000)
    }
    const added = linesOf('first', 100, 103)
    appendFileSync(other, content(added))
    await following.catchUp()
    expect(following.bodies).toEqual([...read, ...added])
  })

  it.each([
    ['first', false],
    ['first', true],
    ['second', false],
    ['second', true],
  ])(
    'is decided on again where a whole copy of the %s log it may be of comes, and it is of the other one (stopped: %s)',
    async (whole, isStopped) => {
      const logs = [
        [...banner, ...linesOf('first', 0, 1)],
        [...banner, ...linesOf('second', 0, 3)],
      ] as const
      const [of, copied] = whole === 'first' ? logs : logs.toReversed()
      const copies = [join(folder.path, 'copy-1.log'), join(folder.path, 'copy-2.log')] as const
      const all = Buffer.from(content(copied ?? []))
      const waitLong = async () => {
        if (isStopped) await following.stop()
        for (let look = 0; look < 4; look++) await following.wait(GONE_PATIENCE_MS)
      }
      for (const [index, path] of [log, other].entries()) writeFileSync(path, content(logs[index] ?? []))
      await following.catchUp()
      const { bodies } = following
      expect(bodies).toHaveLength(banner.length + 4)
      await following.stop()
      for (const path of [log, other]) rmSync(path)
      // Nothing but the first line, with which both logs begin.
      writeFileSync(copies[1], all.subarray(0, 0.07 * all.length))
      await waitLong()
      writeFileSync(copies[0], content(of ?? []))
      writeFileSync(copies[1], all.subarray(0, 0.89 * all.length))
      await waitLong()
      expect(following.bodies).toEqual(bodies)
    },
  )

  it('does not have a whole copy read again that goes farther', async () => {
    const longer = [...banner, ...linesOf('second', 0, 6)]
    writeFileSync(log, content([...banner, ...linesOf('first', 0, 1)]))
    writeFileSync(other, content(longer))
    await following.catchUp()
    const { bodies } = following
    await following.stop()
    writeFileSync(join(folder.path, 'copy-1.log'), content(longer).slice(0, 0.06 * content(longer).length))
    writeFileSync(join(folder.path, 'copy-2.log'), readFileSync(log))
    for (const path of [log, other]) rmSync(path)
    for (let look = 0; look < 4; look++) await following.wait(GONE_PATIENCE_MS)
    expect(following.bodies).toEqual(bodies)
  })

  it.each([true, false])(
    'is what a copy holds under the inode of another log of which only the beginning was read (log is gone: %s)',
    async isGone => {
      const all = Buffer.from(content(read))
      const copy = join(folder.path, 'copy-1.log')
      writeFileSync(log, all)
      writeFileSync(other, `${content(banner)}{"time"`)
      await following.catchUp()
      await following.stop()
      renameSync(other, copy)
      for (const share of [0.3, 0.6, 0.9]) {
        writeFileSync(copy, all.subarray(0, share * all.length))
        if (isGone) rmSync(log, { force: true })
        for (let look = 0; look < 4; look++) await following.wait(GONE_PATIENCE_MS)
      }
      expect(following.bodies).toEqual(read)
    },
  )

  it('never counts twice and is never left out without a trace, whatever is copied, and however slowly', async () => {
    const which = fc.nat(3)
    const share = fc.integer({ min: 0, max: 100 })
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('copy' as const), which, share }) },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant('begin' as const), lines: fc.integer({ min: 1, max: 40 }) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('write' as const), which, lines: fc.nat(40) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'deleteCopy' as const), which }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('stop' as const, 'read' as const, 'wait' as const) }) },
    )
    const begunCopies = fc.array(fc.record({ which, share }), { minLength: 1, maxLength: 2 })
    const sizes = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(
        sizes,
        begunCopies,
        fc.array(step, { minLength: 1, maxLength: 16 }),
        async (gone, made, steps) => {
          const own = temporaryFolder()
          const reader = new Following({ paths: [join(own.path, '*.log')] })
          const logs: { readonly path: string; isRead: boolean }[] = []
          const expected: string[] = []
          const copies: {
            readonly path: string
            readonly of: Buffer
            isWhole: boolean
          }[] = []
          let begun = 0
          const write = (path: string, count: number) => {
            const lines = linesOf('line', expected.length, expected.length + count)
            expected.push(...lines)
            appendFileSync(path, content(lines))
            return lines
          }
          const begin = (count: number) => {
            const path = join(own.path, `gateway-${++begun}.log`)
            writeFileSync(path, content(banner))
            write(path, count)
            logs.push({ path, isRead: false })
            return path
          }
          // From its beginning each time, into an empty file.
          const copy = (made: (typeof copies)[number], share: number) => {
            // A whole copy that is written again is a log that was truncated.
            if (made.isWhole) return
            made.isWhole = share === 100
            writeFileSync(made.path, made.of.subarray(0, (made.of.length * share) / 100))
          }
          const read = async () => {
            await reader.catchUp()
            for (const log of logs) log.isRead = true
          }
          try {
            const paths = gone.map(begin)
            await read()
            await reader.stop()
            for (const [index, { which, share }] of made.entries()) {
              const of = readFileSync(paths[which % paths.length] as string)
              copies.push({
                path: join(own.path, `copy-${index}.log`),
                of,
                isWhole: false,
              })
              copy(copies[index] as (typeof copies)[number], share)
            }
            for (const path of paths) rmSync(path)
            logs.length = 0
            for (const next of steps) {
              const log = 'which' in next ? logs[next.which % Math.max(1, logs.length)] : undefined
              if (next.do === 'begin') begin(next.lines)
              if (next.do === 'write' && log !== undefined) {
                write(log.path, next.lines)
                log.isRead = false
              }
              const made = 'which' in next ? copies[next.which % Math.max(1, copies.length)] : undefined
              if (next.do === 'copy' && made !== undefined) copy(made, next.share)
              // What was deleted before it was read is lost.
              if (next.do === 'delete' && log?.isRead) {
                rmSync(log.path)
                logs.splice(logs.indexOf(log), 1)
              }
              if (next.do === 'deleteCopy' && made !== undefined) {
                rmSync(made.path)
                copies.splice(copies.indexOf(made), 1)
              }
              if (next.do === 'stop') await reader.stop()
              if (next.do === 'read') await read()
              if (next.do === 'wait') {
                await reader.wait(GONE_PATIENCE_MS / 2)
                await read()
              }
            }
            for (let look = 0; look < 4; look++) await reader.wait(GONE_PATIENCE_MS)
            // What an unfinished copy of a first line ends with, when it is deleted, is no line of a log.
            const found = reader.bodies.filter(body => !banner.includes(body) && body.endsWith('}'))
            const twice = found.filter((body, index) => found.indexOf(body) !== index)
            expect(twice).toEqual([])
            const isTraced = reader.lostBytes > 0 || Number(reader.source.health().details?.heldBackBytes) > 0
            if (!isTraced) expect(found.toSorted()).toEqual(expected.toSorted())
          } finally {
            await reader.stop()
            own.remove()
          }
        },
      ),
      { numRuns: 40 },
    )
  }, 120_000)
})
