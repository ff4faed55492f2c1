import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { troubleWith } from '../../../../exporter/sources/file/discovery.ts'
import { MAX_LINE_BYTES } from '../../../../exporter/sources/file/lines.ts'
import { asNobody } from '../../../as-nobody.ts'
import { Following, logLine, NOON, temporaryFolder } from './following.ts'

describe('what a file source may meet', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let following: Following

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'gateway.log')
    following = new Following({ paths: [log] })
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  const tooLong = (): number =>
    following.batches.reduce((sum, batch) => sum + (batch.tally.undecoded.line_too_long ?? 0), 0)

  it('passes over a line of 50 MB in flat memory and counts it once', async () => {
    const mebibyte = Buffer.alloc(2 ** 20, 'x')
    appendFileSync(log, `${logLine('before')}\n`)
    for (let number = 0; number < 50; number++) appendFileSync(log, mebibyte)
    appendFileSync(log, `\n${logLine('behind')}\n`)
    const before = process.memoryUsage().rss
    await following.catchUp()
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 2 ** 20)
    expect(following.bodies).toEqual([logLine('before'), logLine('behind')])
    expect(tooLong()).toBe(1)
  })

  it.each([
    ['of the greatest length is handed on', MAX_LINE_BYTES, 1, 0],
    ['of a byte more is counted', MAX_LINE_BYTES + 1, 0, 1],
  ])('a line %s', async (_what, length, records, counted) => {
    writeFileSync(log, `${'y'.repeat(length)}\n`)
    await following.catchUp()
    expect([following.bodies.length, tooLong()]).toEqual([records, counted])
  })

  it('continues within a line that is too long after a restart', async () => {
    writeFileSync(log, 'z'.repeat(3 * MAX_LINE_BYTES))
    await following.catchUp()
    await following.stop()
    appendFileSync(log, `${'z'.repeat(MAX_LINE_BYTES)}\n${logLine('behind')}\n`)
    await following.catchUp()
    expect([following.bodies, tooLong()]).toEqual([[logLine('behind')], 1])
  })

  it('replaces bytes that are no UTF-8 and keeps the line', async () => {
    writeFileSync(log, Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xc3]), Buffer.from('"}\n')]))
    await following.catchUp()
    expect(following.bodies).toEqual(['{"a":"\ufffd\ufffd"}'])
  })

  it('says that a path is a directory, and reads the other files', async () => {
    mkdirSync(log)
    const other = join(folder.path, 'other.log')
    writeFileSync(other, `${logLine('read all the same')}\n`)
    following = new Following({ paths: [log, other] })
    await following.catchUp()
    expect(following.source.health()).toMatchObject({ up: false, reason: troubleWith(log, 'EISDIR') })
    expect(following.bodies).toEqual([logLine('read all the same')])
    rmdirSync(log)
    writeFileSync(log, `${logLine('a file at last')}\n`)
    await following.catchUp()
    expect(following.source.health()).toMatchObject({ up: true, backlog: 0 })
    expect(following.bodies).toContain(logLine('a file at last'))
    expect(following.warnings).toEqual([troubleWith(log, 'EISDIR')])
  })

  it('names what a pattern matches and is no file, never opens it, and reads the rest', async () => {
    writeFileSync(log, `${logLine('read all the same')}\n`)
    const fifo = join(folder.path, 'fifo.log')
    const subfolder = join(folder.path, 'folder.log')
    execFileSync('mkfifo', [fifo])
    mkdirSync(subfolder)
    const socket = join(folder.path, 'socket.log')
    const listener = createServer().listen(socket)
    await once(listener, 'listening')
    following = new Following({ paths: [join(folder.path, '*.log')] })
    await following.catchUp()
    await following.catchUp()
    expect(following.bodies).toEqual([logLine('read all the same')])
    expect(following.warnings.toSorted()).toEqual(
      [troubleWith(fifo, 'FIFO'), troubleWith(subfolder, 'EISDIR'), troubleWith(socket, 'SOCKET')].toSorted(),
    )
    expect(following.source.health()).toMatchObject({ up: true, notices: [expect.stringContaining('(and 2 more)')] })
    await new Promise(closed => listener.close(closed))
  })

  it.each([
    ['FIFO', 'FIFO'],
    ['device', 'DEVICE'],
  ])('says that the path of a file leads to a %s', async (what, code) => {
    if (code === 'FIFO') execFileSync('mkfifo', [log])
    const path = code === 'FIFO' ? log : '/dev/null'
    following = new Following({ paths: [path] })
    await following.catchUp()
    expect(following.source.health()).toMatchObject({ up: false, reason: troubleWith(path, code) })
    expect(troubleWith(path, code)).toContain(what)
  })

  it('waits for a folder that is not there', async () => {
    const missing = join(folder.path, 'missing')
    following = new Following({ paths: [join(missing, '*.log')] })
    await following.catchUp()
    expect(following.source.health().reason).toBe(troubleWith(missing, 'ENOENT'))
    mkdirSync(missing)
    await following.catchUp()
    expect(following.source.health().reason).toBe(`No file matches ${join(missing, '*.log')} yet.`)
    writeFileSync(join(missing, 'a.log'), `${logLine('here')}\n`)
    await following.catchUp()
    expect(following.bodies).toEqual([logLine('here')])
  })

  it('waits for the permission to read', async () => {
    writeFileSync(log, `${logLine('secret')}\n`)
    chmodSync(folder.path, 0o755)
    chmodSync(log, 0)
    await asNobody(() => following.catchUp())
    expect(following.source.health().reason).toBe(troubleWith(log, 'EACCES'))
    chmodSync(log, 0o644)
    await asNobody(() => following.catchUp())
    expect(following.bodies).toEqual([logLine('secret')])
  })

  it('never lets its watermark fall when the clock goes back, nor run ahead of lines that wait', async () => {
    writeFileSync(log, `${logLine('one')}\n`)
    await following.catchUp()
    const before = following.last.watermark
    expect(before).toBeGreaterThan(NOON)
    following.clock.wall -= 3_600_000
    await following.catchUp()
    expect(following.last.watermark).toBe(before)
    following.clock.wall += 7_200_000
    await following.catchUp()
    expect(following.last.watermark).toBeLessThanOrEqual(following.clock.wall)
    expect(following.last.watermark).toBeGreaterThan(before)
  })
})
