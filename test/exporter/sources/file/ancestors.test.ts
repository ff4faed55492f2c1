import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { banner, content, Following, linesOf, temporaryFolder } from './following.ts'

describe('a file that begins like one that was read and is gone, and is shorter', () => {
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
  const readAndGone = async () => {
    writeFileSync(log, content(read))
    await following.catchUp()
    await following.stop()
    rmSync(log)
  }
  const counted = () => following.bodies.slice(read.length)
  const warnings = () => following.warnings.filter(warning => warning.includes('unfinished copy'))

  it('is a log of its own, and read at once, where what follows the beginning is another', async () => {
    await readAndGone()
    const lines = [...banner, ...linesOf('second', 0, 50)]
    writeFileSync(other, content(lines))
    await following.catchUp()
    expect(counted()).toEqual(linesOf('second', 0, 50))
    expect(warnings()).toEqual([])
  })

  it.each([false, true])(
    'is read from the line that differs as soon as that is written (restarts: %s)',
    async restarts => {
      await readAndGone()
      writeFileSync(other, content(banner))
      for (let look = 0; look < 4; look++) await following.wait(GONE_PATIENCE_MS)
      if (restarts) await following.stop()
      expect(counted()).toEqual([])
      const own = linesOf('second', 0, 5)
      appendFileSync(other, content(own))
      await following.catchUp()
      expect(counted()).toEqual(own)
      expect([following.lostBytes, warnings()]).toEqual([0, []])
    },
  )

  it('counts nothing where it is the beginning of a copy, and only what is new when the copy is complete', async () => {
    const added = linesOf('first', 100, 110)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ bytes: fc.nat(content([...read, ...added]).length), isStopped: fc.boolean() })),
        async pieces => {
          const own = temporaryFolder()
          const [original, copy] = ['gateway-1.log', 'gateway-2.log'].map(name => join(own.path, name)) as [
            string,
            string,
          ]
          const reader = new Following({ paths: [join(own.path, '*.log')] })
          try {
            writeFileSync(original, content(read))
            await reader.catchUp()
            await reader.stop()
            rmSync(original)
            const all = Buffer.from(content([...read, ...added]))
            for (const { bytes, isStopped } of pieces.toSorted((a, b) => a.bytes - b.bytes)) {
              writeFileSync(copy, all.subarray(0, bytes))
              await reader.catchUp()
              if (isStopped) await reader.stop()
            }
            writeFileSync(copy, all)
            await reader.catchUp()
            expect(reader.bodies).toEqual([...read, ...added])
            expect(readFileSync(copy)).toEqual(all)
          } finally {
            await reader.stop()
            own.remove()
          }
        },
      ),
      { numRuns: 40 },
    )
  }, 60_000)

  it('loses no line and counts none twice, whichever logs with one beginning come, are written and are deleted', async () => {
    const step = fc.oneof(
      { weight: 2, arbitrary: fc.record({ do: fc.constant('begin' as const), lines: fc.nat(60) }) },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('write' as const),
          which: fc.nat(5),
          lines: fc.integer({ min: 1, max: 60 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), which: fc.nat(5) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('stop' as const, 'read' as const, 'wait' as const) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 16 }), async steps => {
        const own = temporaryFolder()
        const reader = new Following({ paths: [join(own.path, '*.log')] })
        const logs: { readonly path: string; read: boolean }[] = []
        const expected: string[] = []
        let began = 0
        const write = (path: string, count: number) => {
          const lines = linesOf('line', expected.length, expected.length + count)
          expected.push(...lines)
          appendFileSync(path, content(lines))
          for (const log of logs) if (log.path === path) log.read = false
        }
        const read = async () => {
          await reader.catchUp()
          for (const log of logs) log.read = true
        }
        try {
          for (const next of steps) {
            if (next.do === 'begin') {
              const path = join(own.path, `gateway-${++began}.log`)
              logs.push({ path, read: false })
              writeFileSync(path, content(banner))
              write(path, next.lines)
            }
            const log = 'which' in next ? logs[next.which % Math.max(1, logs.length)] : undefined
            if (next.do === 'write' && log !== undefined) write(log.path, next.lines)
            // What was deleted before it was read is lost.
            if (next.do === 'delete' && log?.read) {
              rmSync(log.path)
              logs.splice(logs.indexOf(log), 1)
            }
            if (next.do === 'stop') await reader.stop()
            if (next.do === 'read') await read()
            if (next.do === 'wait') {
              await reader.wait(GONE_PATIENCE_MS)
              await read()
            }
          }
          await read()
          for (let look = 0; look < 2; look++) {
            await reader.wait(GONE_PATIENCE_MS)
            for (const { path } of logs) write(path, 1)
          }
          await reader.wait(GONE_PATIENCE_MS)
          const found = reader.bodies.filter(body => !banner.includes(body))
          expect(found.toSorted()).toEqual(expected.toSorted())
        } finally {
          await reader.stop()
          own.remove()
        }
      }),
      { numRuns: 60 },
    )
  }, 120_000)

  it('gives its position to a complete copy that appears later', async () => {
    await readAndGone()
    writeFileSync(other, content(read.slice(0, 60)))
    await following.wait(GONE_PATIENCE_MS)
    await following.wait(GONE_PATIENCE_MS)
    const added = linesOf('first', 100, 110)
    writeFileSync(join(folder.path, 'gateway-3.log'), content([...read, ...added]))
    await following.catchUp()
    expect(counted()).toEqual(added)
  })
})
