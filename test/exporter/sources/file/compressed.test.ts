import { appendFileSync, copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Copies } from '../../../../exporter/sources/file/copies.ts'
import { EditedFiles } from '../../../../exporter/sources/file/edited.ts'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { newPosition } from '../../../../exporter/sources/file/position.ts'
import { TrackedFile } from '../../../../exporter/sources/file/tracked-file.ts'
import { describeWithCapture } from '../../../requirements.ts'
import { Following, logLine, temporaryFolder } from './following.ts'

const lines = (...texts: string[]): string => texts.map(text => `${logLine(text)}\n`).join('')
const bodies = (...texts: string[]): string[] => texts.map(text => logLine(text))

describe('a log that is compressed when it has rotated', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let rotated: string
  let archive: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'gateway.log')
    rotated = `${log}.1`
    archive = `${rotated}.gz`
    following = new Following({ paths: [`${log}*`] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const passedOver = () => following.source.health().details?.passedOverFiles

  it('is counted from where it was left when clawtrust was stopped meanwhile, and never again', async () => {
    writeFileSync(log, lines('one'))
    await following.catchUp()
    await following.stop()
    appendFileSync(log, lines('two', 'three'))
    writeFileSync(archive, gzipSync(lines('one', 'two', 'three')))
    rmSync(log)
    writeFileSync(log, lines('four'))
    await following.catchUp()
    expect(following.bodies.toSorted()).toEqual(bodies('one', 'two', 'three', 'four').toSorted())
    await following.stop()
    renameSync(archive, `${log}.2.gz`)
    await following.wait(GONE_PATIENCE_MS)
    await following.wait(GONE_PATIENCE_MS)
    expect(following.bodies).toHaveLength(4)
    expect([following.lostBytes, passedOver(), following.warnings]).toEqual([0, 0, []])
  })

  it('is read on from far within it, once, although it shrinks to little', async () => {
    const long = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(800_000)}`)
    writeFileSync(log, `${long.slice(0, 58).join('\n')}\n`)
    await following.catchUp()
    await following.stop()
    writeFileSync(archive, gzipSync(`${long.join('\n')}\n`))
    rmSync(log)
    const size = following.batches.length
    await following.catchUp()
    const batches = following.batches.slice(size)
    expect(batches.flatMap(({ records }) => records.map(({ body }) => String(body)))).toEqual(long.slice(58))
    expect(following.lostBytes).toBe(0)
    await following.stop()
    writeFileSync(log, lines('next'))
    await following.catchUp()
    expect(following.bodies.slice(58)).toEqual([...long.slice(58), ...bodies('next')])
  })

  it('is counted once where the plain file is still there, and from the compressed one when it is not', async () => {
    writeFileSync(log, lines('one'))
    await following.catchUp()
    renameSync(log, rotated)
    writeFileSync(archive, gzipSync(lines('one')).subarray(0, 20))
    await following.catchUp()
    appendFileSync(rotated, lines('two'))
    writeFileSync(archive, gzipSync(lines('one', 'two')))
    await following.wait(1000)
    rmSync(rotated)
    await following.wait(GONE_PATIENCE_MS)
    await following.wait(GONE_PATIENCE_MS)
    await following.stop()
    await following.wait(GONE_PATIENCE_MS)
    expect(following.bodies).toEqual(bodies('one', 'two'))
    expect([following.lostBytes, passedOver(), following.warnings]).toEqual([0, 0, []])
  })

  it('is counted where it was copied and truncated', async () => {
    writeFileSync(log, lines('one'))
    await following.catchUp()
    appendFileSync(log, lines('two'))
    writeFileSync(archive, gzipSync(lines('one', 'two')))
    truncateSync(log)
    appendFileSync(log, lines('three'))
    await following.catchUp()
    expect(following.bodies.toSorted()).toEqual(bodies('one', 'three', 'two'))
    expect(following.lostBytes).toBe(0)
  })

  it('is counted where it was truncated before the copy was compared to its end, which takes several looks', async () => {
    following = new Following({ paths: [`${log}*`] }, ['needle'])
    const filler = Buffer.from(
      Array.from({ length: 15_000 }, (_, index) => `${index} ${'filler '.repeat(9)}\n`).join(''),
    )
    const quiet = Buffer.concat(Array.from({ length: 100 }, () => filler))
    const content = Buffer.concat([Buffer.from('one needle\n'), quiet, Buffer.from('two needle\n')])
    writeFileSync(log, content)
    await following.catchUp()
    writeFileSync(archive, gzipSync(content, { level: 1 }))
    // It is measured in one look, and compared as far as that goes in the next one.
    for (let look = 0; look < 2; look++) await following.pull()
    writeFileSync(log, 'three needle\n')
    for (let look = 0; look < 10; look++) await following.pull()
    await following.stop()
    await following.wait(GONE_PATIENCE_MS)
    expect(following.bodies).toEqual(['one needle', 'two needle', 'three needle'])
    expect([following.lostBytes, passedOver(), following.warnings]).toEqual([0, 0, []])
  })

  it('is not read far to know whether it is a copy that was not compared to its end', async () => {
    const unread = () => Promise.reject(new Error('it was read'))
    const content = { read: unread, stat: unread, reach: async () => false, close: async () => undefined }
    const position = { ...newPosition({ path: archive, generation: 0 }), size: 2_000_000 }
    const copy = new TrackedFile('1:1', content, position)
    copy.isPlaced = true
    const copies = new Copies(new Map(), new EditedFiles(new Map()))
    expect(await copies.holds(copy, { ...position, offset: 1_000_000 })).toBe('unknown')
    copy.equalTo = 1_000_000
    expect(await copies.holds(copy, { ...position, offset: 1_000_000 })).toBe(true)
  })

  it('is counted from an archive that is written again for each day', async () => {
    writeFileSync(log, lines('one'))
    await following.catchUp()
    for (const [old, rest, next] of [
      ['one', 'two', 'three'],
      ['three', 'four', 'five'],
      ['five', 'six', 'seven'],
    ] as const) {
      appendFileSync(log, lines(rest))
      writeFileSync(archive, gzipSync(lines(old, rest)))
      truncateSync(log)
      appendFileSync(log, lines(next))
      await following.catchUp()
    }
    await following.wait(GONE_PATIENCE_MS)
    await following.stop()
    await following.catchUp()
    const all = bodies('one', 'two', 'three', 'four', 'five', 'six', 'seven')
    expect(following.bodies.toSorted()).toEqual(all.toSorted())
    expect([following.lostBytes, passedOver(), following.warnings]).toEqual([0, 0, []])
  })

  it('is continued in an archive to which is appended, and named when something else is written into it', async () => {
    writeFileSync(log, lines('one'))
    await following.catchUp()
    appendFileSync(log, lines('two'))
    writeFileSync(archive, gzipSync(lines('one', 'two')))
    truncateSync(log)
    await following.catchUp()
    appendFileSync(archive, gzipSync(lines('three')))
    await following.catchUp()
    expect(following.bodies).toEqual(bodies('one', 'two', 'three'))
    writeFileSync(archive, gzipSync(lines('other')))
    await following.wait(1000)
    expect([following.bodies.length, following.lostBytes, passedOver()]).toEqual([3, 0, 1])
  })

  it('continues within the compressed file after a kill', async () => {
    following = new Following({ paths: [`${log}*`] }, [], { readBytes: 1024 })
    const texts = Array.from({ length: 200 }, (_, index) => `line ${index} ${'x'.repeat(300)}`)
    writeFileSync(log, lines(...texts.slice(0, 3)))
    await following.catchUp()
    await following.stop()
    writeFileSync(archive, gzipSync(lines(...texts)))
    rmSync(log)
    for (let restart = 0; restart < 20; restart++) {
      for (let batch = 0; batch < 4; batch++) await following.pull()
      await following.pull(false)
      await following.stop()
    }
    await following.catchUp()
    expect(following.bodies).toEqual(bodies(...texts))
  })

  it.each([
    ['of unknown content', gzipSync(lines('unknown')), 'holds nothing that is known'],
    ['by zstd', Buffer.from('28b52ffd2400', 'hex'), 'only gzip'],
    ['by xz', Buffer.from('fd377a585a000004', 'hex'), 'only gzip'],
  ])('is named where it is compressed %s, and the rest is read', async (_how, content, words) => {
    writeFileSync(log, lines('one'))
    writeFileSync(archive, content)
    await following.catchUp()
    await following.catchUp()
    expect(following.bodies).toEqual(bodies('one'))
    expect(passedOver()).toBe(1)
    expect(following.warnings).toEqual([expect.stringContaining(archive)])
    expect(following.warnings[0]).toContain(words)
    expect(following.source.health()).toMatchObject({ up: true, notices: [following.warnings[0]] })
    rmSync(archive)
    await following.catchUp()
    expect(passedOver()).toBe(0)
  })

  it('is named when it stays incomplete, and read when it is complete', async () => {
    writeFileSync(log, lines('one'))
    await following.catchUp()
    await following.stop()
    rmSync(log)
    const whole = gzipSync(lines('one', 'two'))
    writeFileSync(archive, whole.subarray(0, -9))
    await following.catchUp()
    expect(following.warnings).toEqual([])
    await following.wait(GONE_PATIENCE_MS - 5000)
    writeFileSync(archive, whole)
    await following.wait(1000)
    expect(following.bodies).toEqual(bodies('one', 'two'))
    writeFileSync(`${log}.2.gz`, whole.subarray(0, -9))
    await following.wait(GONE_PATIENCE_MS)
    await following.wait(GONE_PATIENCE_MS)
    expect(following.warnings).toEqual([expect.stringContaining('damaged or incomplete')])
  })

  it('is refused where it holds far more than a log of its size can', async () => {
    const first = lines('one')
    writeFileSync(log, first)
    await following.catchUp()
    await following.stop()
    rmSync(log)
    const bomb = Buffer.concat([gzipSync(first), ...Array.from({ length: 5 }, () => gzipSync(Buffer.alloc(2 ** 24)))])
    writeFileSync(archive, bomb)
    for (let look = 0; look < 3; look++) await following.catchUp()
    expect(following.bodies).toEqual(bodies('one'))
    expect(following.warnings).toEqual([expect.stringContaining('more than the limit')])
  })

  it('names ten files at most', async () => {
    for (let number = 0; number < 30; number++) writeFileSync(`${log}.${number}.gz`, gzipSync(lines(`${number}`)))
    writeFileSync(log, '')
    await following.catchUp()
    expect(following.warnings).toHaveLength(11)
    expect(following.warnings.at(-1)).toBe('20 more compressed files are not read.')
    expect(passedOver()).toBe(30)
  })

  it('is backfill where it is there at the first start and counting begins at the end', async () => {
    following = new Following({ paths: [`${log}*`], startAt: 'end' })
    writeFileSync(archive, gzipSync(lines('oldest', 'older')))
    writeFileSync(log, lines('old'))
    await following.catchUp()
    appendFileSync(log, lines('new'))
    await following.catchUp()
    expect(following.bodies).toEqual(bodies('new'))
    const start = { cursor: new Map(), signal: new AbortController().signal }
    const backfill: string[] = []
    for await (const batch of following.source.backfill?.(start) ?? []) {
      backfill.push(...batch.records.map(({ body }) => String(body)))
    }
    expect(backfill.toSorted()).toEqual(bodies('old', 'older', 'oldest'))
    expect([passedOver(), following.warnings]).toEqual([0, []])
  })
})

describeWithCapture('fixtures/field/files', 'a rotated log found in the field', captures => {
  it('is named where nothing of it is known, and never counted as lines that say nothing', async () => {
    const folder = temporaryFolder()
    const following = new Following({ paths: [join(folder.path, '*')] }, ['unauthorized'])
    copyFileSync(join(captures, 'rotated.log.1.gz'), join(folder.path, 'rotated.log.1.gz'))
    await following.catchUp()
    await following.stop()
    folder.remove()
    expect(following.batches.map(({ tally }) => tally.skipped).filter(Boolean)).toEqual([])
    expect(following.warnings).toEqual([expect.stringContaining('rotated.log.1.gz holds nothing that is known')])
  })

  it.each([0, 1, 30, 60].flatMap(read => [true, false].map(isSameInode => [read, isSameInode] as const)))(
    'gives the rest that was not read of its log, of which %d lines were (under its inode: %s)',
    async (read, isSameInode) => {
      const folder = temporaryFolder()
      const following = new Following({ paths: [join(folder.path, '*')] })
      const log = join(folder.path, 'rotated.log')
      const archive = readFileSync(join(captures, 'rotated.log.1.gz'))
      const written = gunzipSync(archive).toString().trimEnd().split('\n')
      // Of the next line as much as is written when the log is looked at.
      writeFileSync(
        log,
        written
          .slice(0, read)
          .map(line => `${line}\n`)
          .join('') + (written[read] ?? '').slice(0, 900),
      )
      await following.catchUp()
      expect(following.bodies).toEqual(written.slice(0, read))
      await following.stop()
      writeFileSync(isSameInode ? log : `${log}.1.gz`, archive)
      if (isSameInode) renameSync(log, `${log}.1.gz`)
      else rmSync(log)
      await following.catchUp()
      await following.stop()
      folder.remove()
      expect(written).toHaveLength(60)
      expect(following.bodies).toEqual(written)
      expect([following.warnings, following.lostBytes]).toEqual([[], 0])
    },
  )
})
