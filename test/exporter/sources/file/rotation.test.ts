import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { GONE_PATIENCE_MS } from '../../../../exporter/sources/file/file-set.ts'
import { Following, logLine, temporaryFolder } from './following.ts'

const lines = (...texts: string[]): string => texts.map(text => `${logLine(text)}\n`).join('')

describe('a log that rotates', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'openclaw-2026-11-22.log')
    following = new Following({ paths: [join(folder.path, 'openclaw-*.log')], startAt: 'end' })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  it('begins at the end of what is there, and at the beginning of what appears later', async () => {
    writeFileSync(log, `${lines('old')}{"half`)
    await following.catchUp()
    appendFileSync(log, ' a line"}\n')
    writeFileSync(join(folder.path, 'openclaw-2026-11-23.log'), lines('new day'))
    await following.catchUp()
    expect(following.bodies.toSorted()).toEqual([logLine('new day'), '{"half a line"}'].toSorted())
  })

  it('remembers that it has begun, so that a file made while it was stopped is read whole', async () => {
    await following.catchUp()
    await following.stop()
    writeFileSync(log, lines('made meanwhile'))
    await following.catchUp()
    expect(following.bodies).toEqual([logLine('made meanwhile')])
  })

  it('reads a file to its end that is renamed out of sight and still written, then keeps its position only', async () => {
    writeFileSync(log, '')
    await following.catchUp()
    const away = join(folder.path, 'kept-elsewhere')
    renameSync(log, away)
    appendFileSync(away, lines('last words'))
    await following.catchUp()
    appendFileSync(away, '{"no newline"}')
    await following.wait(GONE_PATIENCE_MS)
    expect(following.committed.size).toBe(2)
    await following.wait(GONE_PATIENCE_MS)
    expect(following.bodies).toEqual([logLine('last words'), '{"no newline"}'])
    expect([...following.committed.values()]).toEqual([expect.anything(), expect.objectContaining({ isAway: true })])
    expect(following.lostBytes).toBe(0)
  })

  it('does not put a line together of what stood in a file before and after it was copied and truncated', async () => {
    const reading = { readBytes: 1024 }
    following = new Following({ paths: [join(folder.path, 'openclaw-*.log')] }, [], reading)
    const before = ['first', `second ${'b'.repeat(3000)}`]
    writeFileSync(log, lines(...before))
    // The look and the first line; the beginning of the second is read ahead.
    await following.pull()
    await following.pull()
    expect(following.bodies).toEqual([logLine('first')])
    copyFileSync(log, join(folder.path, 'openclaw-2026-11-22.1.log'))
    truncateSync(log)
    const after = [`third ${'a'.repeat(3000)}`, 'fourth']
    appendFileSync(log, lines(...after))
    await following.catchUp()
    expect(following.bodies.toSorted()).toEqual([...before, ...after].map(text => logLine(text)).toSorted())
    expect(following.lostBytes).toBe(0)
  })

  it('counts what a truncation swallowed unread', async () => {
    writeFileSync(log, '')
    await following.catchUp()
    appendFileSync(log, lines('read'))
    await following.catchUp()
    const swallowed = '{"begun and never ended'
    appendFileSync(log, swallowed)
    await following.catchUp()
    truncateSync(log)
    appendFileSync(log, lines('after'))
    await following.catchUp()
    expect(following.lostBytes).toBe(swallowed.length)
    expect(following.bodies).toEqual([logLine('read'), logLine('after')])
  })

  it('finds what a truncation swallowed in the copy that was made before it', async () => {
    writeFileSync(log, '')
    await following.catchUp()
    appendFileSync(log, lines('read'))
    await following.catchUp()
    appendFileSync(log, lines('not yet read'))
    copyFileSync(log, join(folder.path, 'openclaw-2026-11-22.1.log'))
    truncateSync(log)
    await following.catchUp()
    expect(following.bodies).toEqual([logLine('read'), logLine('not yet read')])
    expect(following.lostBytes).toBe(0)
  })

  it('does not take another file under a used inode number for the old one', async () => {
    writeFileSync(log, '')
    await following.catchUp()
    appendFileSync(log, lines('one', 'two'))
    await following.catchUp()
    await following.stop()
    writeFileSync(log, lines('another content', 'of the same inode', 'and longer than before'))
    await following.catchUp()
    expect(following.bodies.slice(2)).toHaveLength(3)
    const ids = following.batches.flatMap(batch => batch.records.map(record => record.id))
    expect(new Set(ids).size).toBe(5)
  })

  it('counts what was never read of a file that was deleted while it was stopped', async () => {
    writeFileSync(log, '')
    await following.catchUp()
    appendFileSync(log, lines('read'))
    await following.catchUp()
    appendFileSync(log, '{"seen, unread')
    await following.catchUp()
    await following.stop()
    rmSync(log)
    await following.catchUp()
    await following.wait(GONE_PATIENCE_MS)
    expect(following.lostBytes).toBe('{"seen, unread'.length)
    expect([...following.committed.keys()]).toEqual(['source', expect.stringMatching(/^gone\//)])
  })

  it('takes the gateway from the path and keeps it when the file is renamed', async () => {
    following = new Following({
      paths: [join(folder.path, '*.log')],
      gateway: /\/openclaw-(?<gateway>\d+)-11-22\.log$/,
    })
    writeFileSync(log, lines('one'))
    await following.catchUp()
    renameSync(log, join(folder.path, 'openclaw-2026-11-22.1.log'))
    await following.stop()
    appendFileSync(join(folder.path, 'openclaw-2026-11-22.1.log'), lines('two'))
    await following.catchUp()
    const records = following.batches.flatMap(batch => batch.records)
    expect(records.map(record => record.gateway)).toEqual(['2026', '2026'])
  })
})
