import { appendFileSync, copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { describeWithCapture } from '../../../requirements.ts'
import { Following, logLine, temporaryFolder } from './following.ts'

const lines = (...texts: string[]): string => texts.map(text => `${logLine(text)}\n`).join('')
const bodies = (...texts: string[]): string[] => texts.map(text => logLine(text))

describe('files with the same content', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let other: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'openclaw-2026-11-22.log')
    other = join(folder.path, 'openclaw-2026-11-22.1.log')
    following = new Following({ paths: [join(folder.path, 'openclaw-*.log')] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const counted = (): string[] => following.bodies.filter(body => body.startsWith('{')).toSorted()

  it.each(['nohup: ignoring input', ''])(
    'are read each for itself where only their first line is equal: %j',
    async first => {
      writeFileSync(log, `${first}\n${lines('a', 'b', 'c')}`)
      await following.catchUp()
      writeFileSync(other, `${first}\n`)
      await following.catchUp()
      appendFileSync(other, lines('d', 'e', 'f', 'g'))
      await following.catchUp()
      expect(counted()).toEqual(bodies('a', 'b', 'c', 'd', 'e', 'f', 'g'))
      rmSync(log)
      await following.wait(60_000)
      appendFileSync(other, lines('h'))
      await following.catchUp()
      expect(counted()).toEqual(bodies('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'))
      expect(following.lostBytes).toBe(0)
    },
  )

  it('are read each for itself although the same machine was cloned, with what they share counted once', async () => {
    const before = Array.from({ length: 20 }, (_, index) => `before ${index}`)
    writeFileSync(log, lines(...before, 'one'))
    writeFileSync(other, lines(...before, 'two'))
    await following.catchUp()
    appendFileSync(log, lines('three'))
    appendFileSync(other, lines('four'))
    await following.catchUp()
    expect(counted()).toEqual(bodies(...before, 'one', 'two', 'three', 'four').toSorted())
  })

  it.each([1, 30, 40])(
    'are no copies any more where one was written again in place with the same beginning, and then %d lines',
    async count => {
      const before = Array.from({ length: 20 }, (_, index) => `before ${index}`)
      const first = Array.from({ length: 30 }, (_, index) => `first ${index}`)
      const second = Array.from({ length: count }, (_, index) => `other ${index}`)
      writeFileSync(log, lines(...before, ...first))
      await following.catchUp()
      copyFileSync(log, other)
      await following.catchUp()
      writeFileSync(other, lines(...before, ...second))
      await following.catchUp()
      expect(counted()).toEqual(bodies(...before, ...first, ...second).toSorted())
      expect([following.lostBytes, following.source.health().details?.heldBackBytes]).toEqual([0, 0])
    },
  )

  it('are read once, where one is a copy that is kept beside the other', async () => {
    writeFileSync(log, lines('one', 'two'))
    await following.catchUp()
    copyFileSync(log, other)
    appendFileSync(log, lines('three'))
    await following.catchUp()
    await following.stop()
    appendFileSync(log, lines('four'))
    await following.catchUp()
    expect(counted()).toEqual(bodies('one', 'two', 'three', 'four').toSorted())
  })

  it('are read at once where one replaced the other, as rsync does', async () => {
    writeFileSync(log, lines('one', 'two'))
    await following.catchUp()
    for (const next of ['three', 'four']) {
      const received = join(folder.path, '.received')
      copyFileSync(log, received)
      appendFileSync(received, lines(next))
      renameSync(received, log)
      await following.catchUp()
      expect(following.bodies.at(-1)).toBe(logLine(next))
    }
    expect(counted()).toEqual(bodies('one', 'two', 'three', 'four').toSorted())
  })

  it.each(['', '{"0":"x"', lines('one')])('are read once where a copy is found when it holds only %j', async begun => {
    writeFileSync(log, '')
    await following.catchUp()
    appendFileSync(log, lines('one', 'two'))
    await following.catchUp()
    appendFileSync(log, lines('three'))
    writeFileSync(other, begun)
    await following.catchUp()
    writeFileSync(other, lines('one', 'two', 'three', 'four'))
    writeFileSync(log, lines('five'))
    await following.catchUp()
    expect(counted()).toEqual(bodies('one', 'two', 'three', 'four', 'five').toSorted())
    expect(following.lostBytes).toBe(0)
  })

  it('count from the end of the log where a copy of it is being made at the first start', async () => {
    following = new Following({ paths: [join(folder.path, 'openclaw-*.log')], startAt: 'end' })
    writeFileSync(log, lines('one', 'two', 'three'))
    writeFileSync(other, lines('one'))
    await following.catchUp()
    appendFileSync(other, lines('two', 'three'))
    await following.catchUp()
    writeFileSync(log, lines('four'))
    await following.catchUp()
    expect(counted()).toEqual(bodies('four'))
  })
})

describeWithCapture(
  'fixtures/field/same-first-line',
  'logs found in the field whose first lines are equal',
  captures => {
    it('give all their refusals', async () => {
      const folder = temporaryFolder()
      const following = new Following({ paths: [join(folder.path, 'gw-*.log')] })
      const names = ['gw-2026-11-27.log', 'gw-2026-11-28.log']
      for (const name of names) {
        copyFileSync(join(captures, name), join(folder.path, name))
        await following.catchUp()
      }
      await following.stop()
      folder.remove()
      const written = names.flatMap(name => readFileSync(join(captures, name), 'utf8').split('\n'))
      const refusals = following.bodies.filter(body => body.includes('unauthorized'))
      expect(refusals).toHaveLength(7)
      expect(refusals.toSorted()).toEqual(written.filter(line => line.includes('unauthorized')).toSorted())
    })
  },
)
