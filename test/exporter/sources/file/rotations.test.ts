import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { newPosition } from '../../../../exporter/sources/file/position.ts'
import { CARRY_PATIENCE_MS, Rotations } from '../../../../exporter/sources/file/rotations.ts'
import { TrackedFile } from '../../../../exporter/sources/file/tracked-file.ts'
import { action, Container, naming, type Runtime, type Stream, textOf, written } from './container-log.ts'
import { decodedElsewhere, FatefulDecoding } from './fateful-decoding.ts'
import { Following, temporaryFolder } from './following.ts'

const rename = { do: 'rename' } as const
const copyTruncate = { do: 'copyTruncate' } as const
const read = (batches: number) => ({ do: 'read', batches }) as const
const write = (parts: number, lines: number, between = 0) =>
  ({ do: 'write', stream: 'stdout', length: 0, parts, between, lines }) as const

describe('records whose parts are in files that were rotated', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'c-json.log')
    following = new Following({ paths: [join(folder.path, 'c-json.log*')] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const part = (stream: Stream, text: string) => `${written('docker', stream, text, true)}\n`
  const whole = (stream: Stream, text: string) => `${written('docker', stream, text, false)}\n`
  const texts = () => following.batches.flatMap(batch => batch.records.map(textOf))

  it.each([
    ['handed on as they are', fc.constant(undefined)],
    ['decoded elsewhere', decodedElsewhere],
  ])(
    'count once, wherever they are split, rotated, read and killed; lines %s',
    async (_how, elsewhere) => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom<Runtime>('docker', 'cri'),
          naming,
          fc.array(action, { minLength: 1, maxLength: 24 }),
          elsewhere,
          async (by, named, actions, chosen) => {
            const place = temporaryFolder()
            const container = new Container(place.path, by, named)
            const reader = new Following(
              { paths: [join(place.path, 'openclaw*.log*')] },
              [],
              chosen === undefined ? {} : { readBytes: chosen.readBytes, decoding: new FatefulDecoding(chosen.fates) },
            )
            try {
              for (const next of actions) {
                if (next.do === 'write') {
                  container.begin(next.stream, next.length, next.parts, next.between)
                  container.write(next.lines)
                }
                await reader.act(next)
                if (next.do === 'compress') container.compress(path => reader.committedOffset(path) > 0)
                if (next.do === 'rename' || next.do === 'copyTruncate') container.rotate(next.do)
              }
              container.write()
              await reader.catchUp()
              const found = reader.batches.flatMap(batch => batch.records.map(textOf))
              expect(found.toSorted()).toEqual(container.expected.toSorted())
              expect(
                reader.batches.map(batch => batch.tally.undecoded).filter(({ partial_record }) => partial_record),
              ).toEqual([])
              const ids = reader.batches.flatMap(batch => batch.records.map(one => one.id))
              expect(new Set(ids).size).toBe(ids.length)
            } finally {
              await reader.stop()
              place.remove()
            }
          },
        ),
        {
          numRuns: 100,
          examples: [
            // What the log follows is known to an earlier process only.
            ['docker', 'shifted', [rename, write(2, 0), write(1, 1), rename, read(1), { do: 'kill' }], undefined],
            [
              'docker',
              'extended',
              [write(2, 1), rename, write(1, 1), read(1), { do: 'kill' }, copyTruncate, read(1)],
              undefined,
            ],
            // The log is copied and truncated before a line of it is read.
            ['docker', 'shifted', [write(1, 1), rename, read(1), write(2, 1), copyTruncate], undefined],
            // The older log is gone, and the newer one copied and truncated within a record.
            [
              'docker',
              'shifted',
              [write(3, 1, 1), read(2), rename, { do: 'compress' }, write(2, 6), read(2), copyTruncate],
              undefined,
            ],
          ],
        },
      )
    },
    120_000,
  )

  it.each([false, true])(
    'count when the rotated file is deleted after its end was read (restarts: %s)',
    async restarts => {
      writeFileSync(log, part('stdout', 'be'))
      await following.catchUp()
      renameSync(log, `${log}.1`)
      writeFileSync(log, '')
      await following.catchUp()
      rmSync(`${log}.1`)
      if (restarts) await following.stop()
      appendFileSync(log, whole('stdout', 'tween') + whole('stdout', 'next'))
      await following.catchUp()
      expect([texts(), following.counted('partial_record')]).toEqual([['between', 'next'], 0])
    },
  )

  it('count where the rotated file is out of the pattern', async () => {
    following = new Following({ paths: [join(folder.path, '*-json.log')] })
    writeFileSync(log, part('stdout', 'be'))
    await following.catchUp()
    renameSync(log, `${log}.1`)
    writeFileSync(log, whole('stdout', 'tween'))
    await following.wait(CARRY_PATIENCE_MS)
    await following.wait(CARRY_PATIENCE_MS)
    expect([texts(), following.counted('partial_record')]).toEqual([['between'], 0])
  })

  it('count where the rotated file was compressed while nothing was read', async () => {
    writeFileSync(log, whole('stdout', 'one') + whole('stdout', 'x'.repeat(2000)) + part('stdout', 'be'))
    await following.catchUp()
    await following.stop()
    renameSync(log, `${log}.1`)
    writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(`${log}.1`)))
    rmSync(`${log}.1`)
    writeFileSync(log, whole('stdout', 'tween'))
    await following.catchUp()
    expect([texts().filter(text => text.length < 2000), following.counted('partial_record')]).toEqual([
      ['one', 'between'],
      0,
    ])
  })

  it.each([
    ['the last one was compressed', 1],
    ['all were compressed', 2],
  ])('count where %s while nothing was read, and others are measured before it', async (_which, compressed) => {
    following = new Following({ paths: [join(folder.path, '*')] })
    const compress = (path: string) => {
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)))
      rmSync(path)
    }
    const filling = (name: string) => whole('stdout', name.repeat(1500))
    writeFileSync(log, filling('x') + part('stdout', 'o'))
    await following.catchUp()
    renameSync(log, `${log}.1`)
    writeFileSync(log, whole('stdout', 'ne') + filling('y') + part('stdout', 'be'))
    await following.catchUp()
    await following.stop()
    // More than are looked at at once.
    for (let other = 0; other < 140; other++) {
      writeFileSync(join(folder.path, `other-${other}.gz`), gzipSync(`${other}\n`))
    }
    renameSync(`${log}.1`, `${log}.2`)
    renameSync(log, `${log}.1`)
    writeFileSync(log, whole('stdout', 'tween'))
    for (let number = compressed; number > 0; number--) compress(`${log}.${number}`)
    for (let look = 0; look < 4; look++) await following.catchUp()
    const found = texts().filter(text => text.length < 1500)
    expect([found, following.counted('partial_record')]).toEqual([['one', 'between'], 0])
  })

  it('count where the path of a compressed file, which was read, was taken by another one', async () => {
    const rotate = () => {
      for (let number = 3; number > 0; number--) {
        for (const end of ['', '.gz']) {
          if (existsSync(`${log}.${number}${end}`)) renameSync(`${log}.${number}${end}`, `${log}.${number + 1}${end}`)
        }
      }
      renameSync(log, `${log}.1`)
      writeFileSync(log, '')
    }
    writeFileSync(log, whole('stdout', 'one'))
    rotate()
    await following.catchUp()
    writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(`${log}.1`)))
    rmSync(`${log}.1`)
    appendFileSync(log, part('stdout', 'be'))
    rotate()
    rotate()
    appendFileSync(log, whole('stdout', 'tween'))
    await following.catchUp()
    expect([texts(), following.counted('partial_record')]).toEqual([['one', 'between'], 0])
  })

  it('count where a log that was empty, and followed empty ones, is copied and truncated before it is read', async () => {
    for (const number of [2, 1]) writeFileSync(`${log}.${number}`, '')
    writeFileSync(log, '')
    await following.pull()
    for (const number of [2, 1]) renameSync(`${log}.${number}`, `${log}.${number + 1}`)
    writeFileSync(`${log}.1`, part('stdout', 'be'))
    writeFileSync(log, whole('stdout', 'tween'))
    await following.catchUp()
    expect([texts(), following.counted('partial_record')]).toEqual([['between'], 0])
  })

  it('count where rotated files were never seen at the path of the log', async () => {
    const dated = (number: number) => `${log}.20261122-${120_000 + number}`
    writeFileSync(log, whole('stdout', 'one'))
    await following.pull()
    await following.stop()
    renameSync(log, dated(1))
    writeFileSync(dated(2), part('stdout', 'be'))
    writeFileSync(log, '')
    await following.pull()
    renameSync(log, dated(3))
    writeFileSync(log, whole('stdout', 'tween'))
    await following.catchUp()
    expect([texts(), following.counted('partial_record')]).toEqual([['one', 'between'], 0])
  })

  it('count where a log is copied, truncated and renamed at once', async () => {
    const dated = (number: number) => `${log}.20261122-${120_000 + number}`
    writeFileSync(dated(1), whole('stdout', 'one'))
    writeFileSync(log, part('stdout', 'be'))
    await following.catchUp()
    copyFileSync(log, dated(2))
    truncateSync(log)
    renameSync(log, dated(3))
    writeFileSync(log, whole('stdout', 'tween'))
    await following.catchUp()
    expect([texts(), following.counted('partial_record')]).toEqual([['one', 'between'], 0])
  })

  it('count where the files were written at the same time and the last one was compressed', async () => {
    const second = 1_795_435_200
    writeFileSync(log, part('stdout', 'be'))
    writeFileSync(`${log}.1`, whole('stdout', 'one'))
    for (const path of [log, `${log}.1`]) utimesSync(path, second, second)
    await following.catchUp()
    renameSync(`${log}.1`, `${log}.2`)
    writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(log)))
    rmSync(log)
    writeFileSync(log, whole('stdout', 'tween'))
    await following.catchUp()
    expect([texts(), following.counted('partial_record')]).toEqual([['one', 'between'], 0])
  })

  it('are given up where their ends do not come in time, and what follows is a record of its own', async () => {
    writeFileSync(log, part('stdout', 'be') + part('stderr', 'other'))
    await following.catchUp()
    renameSync(log, `${log}.1`)
    writeFileSync(log, whole('stderr', 's'))
    await following.catchUp()
    await following.wait(CARRY_PATIENCE_MS)
    await following.stop()
    await following.catchUp()
    appendFileSync(log, whole('stdout', 'tween'))
    await following.catchUp()
    expect([texts(), following.counted('partial_record')]).toEqual([['others', 'tween'], 1])
  })

  it('are no longer in the state when their ends were read', async () => {
    writeFileSync(log, part('stdout', 'be'))
    await following.catchUp()
    renameSync(log, `${log}.1`)
    writeFileSync(log, '')
    await following.catchUp()
    const isCarried = () => JSON.stringify([...following.committed]).includes('carried')
    expect(isCarried()).toBe(true)
    appendFileSync(log, whole('stdout', 'tween'))
    await following.catchUp()
    expect([texts(), isCarried()]).toEqual([['between'], false])
  })

  it('end in the file that took the place, not in another new one', async () => {
    writeFileSync(log, part('stdout', 'be'))
    await following.catchUp()
    renameSync(log, `${log}.1`)
    writeFileSync(log, '')
    writeFileSync(join(folder.path, 'c-json.log-of-another'), whole('stdout', 'another'))
    await following.catchUp()
    appendFileSync(log, whole('stdout', 'tween'))
    await following.catchUp()
    expect(texts().toSorted()).toEqual(['another', 'between'])
  })

  it.each([
    ['c-json-2.log', 'is another log'],
    ['c-json-2026.log', 'is another log'],
    ['c-json.log.bak', 'is another log'],
    ['c-json.1.log', 'is named like a rotated one and still written'],
  ])('do not end in a new log beside %s, which %s', async name => {
    following = new Following({ paths: [join(folder.path, '*')] })
    const other = join(folder.path, name)
    writeFileSync(other, part('stdout', 'be'))
    await following.catchUp()
    writeFileSync(log, whole('stdout', 'whole'))
    await following.catchUp()
    appendFileSync(other, whole('stdout', 'tween'))
    await following.catchUp()
    expect([texts(), following.counted('partial_record')]).toEqual([['whole', 'between'], 0])
  })

  it.each([
    ['c-json.log.bak', false],
    ['c-json.log.bak', true],
    ['c-json-2.log', false],
    ['c-json-2.log', true],
  ])('count where the log was renamed to %s (restarts: %s)', async (name, restarts) => {
    following = new Following({ paths: [join(folder.path, '*')] })
    writeFileSync(log, part('stdout', 'be'))
    await following.catchUp()
    if (restarts) await following.stop()
    renameSync(log, join(folder.path, name))
    writeFileSync(log, whole('stdout', 'tween'))
    await following.catchUp()
    expect([texts(), following.counted('partial_record')]).toEqual([['between'], 0])
  })

  it('are read at one look, however many files follow each other', async () => {
    const records = Array.from({ length: 20 }, (_, index) => `${index}`)
    for (const [index, text] of records.entries()) {
      const rotated = `${log}.${records.length - index}`
      writeFileSync(rotated, whole('stdout', `end ${text}`) + part('stdout', `begin ${text} `))
    }
    writeFileSync(log, whole('stdout', 'end'))
    const looks = following.clock.passed
    await following.catchUp()
    const found = records.map(text => (text === '0' ? 'end 0' : `begin ${Number(text) - 1} end ${text}`))
    expect(texts()).toEqual([...found, 'begin 19 end'])
    // The clock moves when the source sleeps, before the look that finds nothing new.
    expect(following.clock.passed - looks).toBeLessThanOrEqual(2 * 250)
  })

  it('are not waited for where a writer goes on in the rotated file', async () => {
    writeFileSync(log, whole('stdout', 'one'))
    await following.catchUp()
    renameSync(log, `${log}.1`)
    writeFileSync(log, whole('stdout', 'new'))
    for (let look = 0; look < 20; look++) {
      appendFileSync(`${log}.1`, whole('stdout', `late ${look}`))
      await following.pull()
    }
    expect(texts()).toContain('new')
  })

  it('are looked for in as many steps as there are files that wait', async () => {
    /** Counts what is asked of it. */
    class Counted extends Map<string, TrackedFile> {
      asked = 0
      override get(key: string) {
        this.asked++
        return super.get(key)
      }
    }
    const handle = await open(log, 'a+')
    const tracked = new Counted()
    for (let index = 0; index < 300; index++) {
      const file = new TrackedFile(`${index}`, handle, { ...newPosition({ path: log, generation: 0 }), size: 1 })
      file.isPlaced = true
      if (index > 0) file.position = { ...file.position, follows: `${index - 1}` }
      tracked.set(file.key, file)
    }
    await new Rotations(tracked, new Map()).carry(new Set(), 0, false)
    await handle.close()
    expect([...tracked.values()].filter(({ position }) => position.follows !== undefined)).toHaveLength(299)
    expect(tracked.asked).toBeLessThan(4 * 300)
  })
})
