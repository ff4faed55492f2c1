import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { content, Following, logLine, temporaryFolder } from './following.ts'

const texts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => logLine(`line ${String(from + index).padStart(3, '0')}`))

const all = texts(0, 100)
const added = texts(100, 103)
const changed = logLine('line 099, changed')
const withoutMiddle = all.filter((_, index) => index !== 50)
const withLastChanged = [...all.slice(0, -1), changed]

type Edit = (log: string, lines: readonly string[]) => void

const inPlace: Edit = (log, lines) => writeFileSync(log, content(lines))
const asNewFile: Edit = (log, lines) => {
  writeFileSync(`${log}.new`, content(lines))
  renameSync(`${log}.new`, log)
}

const ways: readonly (readonly [string, Edit])[] = [
  ['in place', inPlace],
  ['by a new file', asNewFile],
]

/** What an edit leaves, and what is read of it. */
const edits: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['one line in the middle is removed', withoutMiddle, []],
  ['the first line is removed', all.slice(1), []],
  ['all but the last 20 lines are removed', all.slice(-20), []],
  ['the last line is changed', withLastChanged, [changed]],
  ['the first line is removed and the last one changed', withLastChanged.slice(1), [changed]],
]

describe('a log that is edited after it was read', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'gateway.log')
    following = new Following({ paths: [join(folder.path, '*.log')] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const rereadBytes = () => following.batches.reduce((sum, { tally }) => sum + (tally.rereadBytes ?? 0), 0)
  const sentences = () => following.warnings.filter(warning => warning.includes('edited'))

  const cases = edits.flatMap(([what, left, read]) =>
    ways.flatMap(([how, edit]) => [false, true].map(isStopped => ({ what, how, isStopped, left, read, edit }))),
  )

  it.each(cases)('is read on where $what $how (stopped: $isStopped)', async ({ isStopped, left, read, edit }) => {
    writeFileSync(log, content(all))
    await following.catchUp()
    if (isStopped) await following.stop()
    edit(log, left)
    await following.catchUp()
    expect(following.bodies.slice(100)).toEqual(read)
    appendFileSync(log, content(added))
    await following.catchUp()
    expect(following.bodies.slice(100)).toEqual([...read, ...added])
    expect(following.lostBytes).toBe(0)
    const ids = following.batches.flatMap(batch => batch.records.map(record => record.id))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(ways)('counts and names what is read again %s', async (_how, edit) => {
    writeFileSync(log, content(all))
    await following.catchUp()
    edit(log, withLastChanged)
    await following.catchUp()
    const bytes = content(all.slice(-1)).length
    expect(rereadBytes()).toBe(bytes)
    expect(sentences()).toEqual([
      `${log} was edited after it was read; up to ${bytes} bytes of it, from byte ${99 * bytes} on, are read again.`,
    ])
  })

  it.each([
    { how: 'in place', edit: inPlace, isStopped: false, read: all.slice(92, 95) },
    { how: 'in place', edit: inPlace, isStopped: true, read: all.slice(92, 95) },
    { how: 'by a new file', edit: asNewFile, isStopped: false, read: all.slice(92, 95) },
    { how: 'by a new file', edit: asNewFile, isStopped: true, read: all.slice(92, 95) },
  ])('is read on near the end where its last lines are removed $how (stopped: $isStopped)', async trial => {
    writeFileSync(log, content(all))
    await following.catchUp()
    if (trial.isStopped) await following.stop()
    trial.edit(log, all.slice(0, -5))
    await following.catchUp()
    appendFileSync(log, content(added))
    await following.catchUp()
    expect(following.bodies.slice(100)).toEqual([...trial.read, ...added])
  })

  it('gives every line once, wherever lines are removed before the last 2 KiB that were read', async () => {
    const step = fc.record({
      written: fc.nat(60),
      // Shares of the lines that may be removed.
      removed: fc.tuple(fc.nat(100), fc.nat(100)),
      unread: fc.nat(5),
      edit: fc.constantFrom(inPlace, asNewFile),
      isStopped: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async steps => {
        const own = temporaryFolder()
        const path = join(own.path, 'gateway.log')
        const reader = new Following({ paths: [join(own.path, '*.log')] })
        const written: string[] = []
        const write = (count: number) => {
          const lines = texts(written.length, written.length + count)
          written.push(...lines)
          return lines
        }
        let lines: readonly string[] = write(30)
        writeFileSync(path, content(lines))
        try {
          for (const { written: count, removed, unread, edit, isStopped } of steps) {
            const more = write(count)
            appendFileSync(path, content(more))
            // An edit within this time of another one may be taken for one of the file before that.
            await reader.catchUp()
            for (let look = 0; look < 3; look++) await reader.wait(GONE_PATIENCE_MS)
            lines = [...lines, ...more]
            if (isStopped) await reader.stop()
            const [from, to] = removed
              .map(share => Math.round(((lines.length - 25) * share) / 100))
              .toSorted((x, y) => x - y)
            lines = [...lines.filter((_, index) => index < Number(from) || index >= Number(to)), ...write(unread)]
            edit(path, lines)
          }
          await reader.catchUp()
          expect(reader.bodies.toSorted()).toEqual(written.toSorted())
        } finally {
          await reader.stop()
          own.remove()
        }
      }),
      {
        numRuns: 100,
        examples: [
          [
            [
              { written: 9, removed: [83, 83], unread: 2, edit: inPlace, isStopped: false },
              { written: 18, removed: [2, 0], unread: 0, edit: inPlace, isStopped: false },
              { written: 4, removed: [42, 26], unread: 1, edit: asNewFile, isStopped: true },
            ],
          ],
        ],
      },
    )
  }, 120_000)

  it('counts as lost what was seen and not read, and is no longer there', async () => {
    const unread = '{"begun and never ended'
    writeFileSync(log, content(all) + unread)
    await following.catchUp()
    inPlace(log, withoutMiddle)
    await following.catchUp()
    expect(following.bodies).toEqual(all)
    expect(following.lostBytes).toBe(unread.length)
  })

  it.each([5, 50, 500, 2000])('of which the last %i lines are changed is read on shortly before them', async count => {
    const long = Array.from({ length: 20_000 }, (_, index) => logLine(`line ${index}`))
    for (let from = 0; from < long.length; from += 100) {
      appendFileSync(log, content(long.slice(from, from + 100)))
      if (from % 1000 === 0) await following.catchUp()
    }
    await following.catchUp()
    expect(following.bodies).toEqual(long)
    const changedLines = long.slice(-count).map(line => line.replaceAll('line', 'changed line'))
    inPlace(log, [...long.slice(0, -count), ...changedLines])
    await following.catchUp()
    const read = following.bodies.slice(long.length)
    expect(read.slice(-count)).toEqual(changedLines)
    expect(read.length).toBeLessThan(2 * count)
  })

  it.each(ways)(
    'is read whole where another log takes its path %s whose long lines end in the same way',
    async (_how, edit) => {
      const long = (name: string) => [1, 2, 3].map(number => logLine(`${name} ${number} ${'é'.repeat(2000)}`))
      writeFileSync(log, content(long('first')))
      await following.catchUp()
      await following.stop()
      edit(log, long('second'))
      await following.catchUp()
      expect(following.bodies).toEqual([...long('first'), ...long('second')])
    },
  )

  it('is read from the first line that differs where it was truncated and begins with the same lines again', async () => {
    writeFileSync(log, content(all))
    await following.catchUp()
    const again = [...all.slice(0, 30), ...added]
    inPlace(log, again)
    await following.catchUp()
    expect(following.bodies.slice(100)).toEqual(added)
    expect([rereadBytes(), following.lostBytes]).toEqual([0, 0])
  })

  it('is read on when it was read line by line, in two processes, before the edit', async () => {
    for (const [index, line] of all.entries()) {
      appendFileSync(log, content([line]))
      await following.catchUp()
      if (index === 97) await following.stop()
    }
    inPlace(log, withLastChanged.slice(3))
    await following.catchUp()
    expect(following.bodies.slice(100)).toEqual([changed])
  })

  it('is read once where lines are removed of what was counted while others were not read yet', async () => {
    writeFileSync(log, content(all))
    await following.catchUp()
    await following.stop()
    asNewFile(log, [...withoutMiddle, ...added])
    await following.catchUp()
    expect(following.bodies).toEqual([...all, ...added])
  })

  it('is read from its beginning where its lines are equal and it cannot be known which were read', async () => {
    const equal = Array.from({ length: 100 }, () => logLine('equal'))
    writeFileSync(log, content(equal))
    await following.catchUp()
    inPlace(log, [logLine('first'), ...equal.slice(0, 50)])
    await following.catchUp()
    expect(following.bodies.slice(100)).toEqual([logLine('first'), ...equal.slice(0, 50)])
  })

  it('is read on from a position that an earlier version saved, without checkpoints', async () => {
    writeFileSync(log, content(all))
    await following.catchUp()
    await following.stop()
    for (const [key, value] of following.committed) {
      const { checkpoints: _none, ...earlier } = value as Record<string, never>
      following.committed.set(key, earlier)
    }
    appendFileSync(log, content(added))
    await following.catchUp()
    expect(following.bodies).toEqual([...all, ...added])
    expect(readFileSync(log, 'utf8')).toBe(content(following.bodies))
  })
})
