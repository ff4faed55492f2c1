import { appendFileSync, linkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { Following, logLine, temporaryFolder } from './following.ts'

const lines = (...texts: string[]): string => texts.map(text => `${logLine(text)}\n`).join('')
const bodies = (...texts: string[]): string[] => texts.map(text => logLine(text))

describe('a file that is out of sight for a while', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let away: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'gateway.log')
    away = join(folder.path, 'away')
    following = new Following({ paths: [join(folder.path, '*.log')] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const wait = async (isRestarted: boolean) => {
    for (let look = 0; look < 3; look++) await following.wait(GONE_PATIENCE_MS)
    if (isRestarted) await following.stop()
    for (let look = 0; look < 3; look++) await following.wait(GONE_PATIENCE_MS)
  }

  it.each([false, true])('is read on from where it was left when it comes back (restarted: %s)', async isRestarted => {
    writeFileSync(log, lines('one', 'two'))
    await following.catchUp()
    renameSync(log, away)
    await wait(isRestarted)
    appendFileSync(away, lines('three'))
    renameSync(away, log)
    await following.catchUp()
    expect(following.bodies).toEqual(bodies('one', 'two', 'three'))
    expect(following.lostBytes).toBe(0)
  })

  it.each([false, true])('is not counted again when a link leads to it again (restarted: %s)', async isRestarted => {
    const [first, second] = ['first', 'second'].map(name => join(folder.path, name)) as [string, string]
    const leadTo = (path: string) => {
      rmSync(log, { force: true })
      symlinkSync(path, log)
    }
    writeFileSync(first, lines('one'))
    writeFileSync(second, lines('two'))
    leadTo(first)
    await following.catchUp()
    leadTo(second)
    await wait(isRestarted)
    appendFileSync(first, lines('three'))
    leadTo(first)
    await wait(isRestarted)
    appendFileSync(second, lines('four'))
    leadTo(second)
    await following.catchUp()
    expect(following.bodies).toEqual(bodies('one', 'two', 'three', 'four'))
  })

  it('is read from its beginning when it holds something else', async () => {
    writeFileSync(log, lines('one', 'two'))
    await following.catchUp()
    renameSync(log, away)
    await wait(true)
    writeFileSync(away, lines('another', 'content', 'and more'))
    renameSync(away, log)
    await following.catchUp()
    expect(following.bodies).toEqual(bodies('one', 'two', 'another', 'content', 'and more'))
    expect(following.lostBytes).toBe(0)
  })

  it('is no longer awaited when it is deleted, and when a hundred others left after it', async () => {
    writeFileSync(log, lines('one'))
    await following.catchUp()
    rmSync(log)
    await wait(false)
    const awaited = () => [...following.committed.keys()].filter(key => !key.startsWith('gone/'))
    expect(awaited()).toEqual(['source'])
    const paths = Array.from({ length: 105 }, (_, index) => join(folder.path, `${index}.log`))
    for (const [index, path] of paths.entries()) {
      writeFileSync(path, lines(`line ${index}`))
      linkSync(path, `${path}.kept`)
    }
    await following.catchUp()
    for (const path of paths) rmSync(path)
    // Each file that is left is a batch of its own.
    for (let look = 0; look < 60; look++) await following.wait(GONE_PATIENCE_MS)
    await wait(true)
    expect(awaited()).toHaveLength(101)
  })
})
