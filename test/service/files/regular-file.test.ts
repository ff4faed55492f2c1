import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { failureReason } from '../../../core/errors.ts'
import { fileTrouble, openRegularFile, readRegularBytes, readRegularFile } from '../../../service/files/regular-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'clawtrust-files-'))
const path = (name: string) => join(folder, name)
const server = createServer().listen(path('socket'))
execFileSync('mkfifo', [path('fifo')])
symlinkSync('fifo', path('link'))
mkdirSync(path('folder'))
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const failed = (reading: Promise<unknown>): Promise<unknown> =>
  reading.then(
    () => 'it was read',
    error => error,
  )

describe('a file that a user names', () => {
  it.each([
    ['a FIFO', path('fifo'), 'is a FIFO and not a regular file; set the path of a regular file'],
    ['a link to a FIFO', path('link'), 'is a FIFO and not a regular file; set the path of a regular file'],
    ['a directory', path('folder'), 'is a directory and not a regular file; set the path of a regular file'],
    ['a socket', path('socket'), 'is a socket and not a regular file; set the path of a regular file'],
    ['a device', '/dev/zero', 'is a device and not a regular file; set the path of a regular file'],
    ['missing', path('nowhere'), 'cannot be read (ENOENT); check the path and its permissions'],
  ])('is not waited for where it is %s: what it is and what to do is one sentence', async (_, file, sentence) => {
    for (const read of [openRegularFile, readRegularFile]) expect(fileTrouble(await failed(read(file)))).toBe(sentence)
  })

  it('is read to its end, whatever its length, and refused above the bound', async () => {
    const bound = 3 * 1024
    const length = fc.oneof(fc.integer({ min: 0, max: bound + 10 }), fc.constantFrom(bound - 1, bound, bound + 1))
    await fc.assert(
      fc.asyncProperty(length, async length => {
        const bytes = Buffer.alloc(length, 'abcdefg')
        writeFileSync(path('file'), bytes)
        const read = await failed(readRegularBytes(path('file'), bound).then(found => found.equals(bytes)))
        if (length <= bound) expect(read).toBe('it was read')
        else expect(fileTrouble(read)).toBe('is larger than 3 KiB; is this the right file?')
      }),
    )
  })

  it('is read to its end where its size is not known beforehand', async () => {
    const found = await readRegularFile('/proc/self/status')
    expect(found.length).toBeGreaterThan(100)
    expect(found.endsWith('\n')).toBe(true)
  })

  it.each([
    [64 * 1024, 'it is larger than 64 KiB'],
    [1024 ** 2, 'it is larger than 1 MiB'],
    [2 * 1024 ** 3, 'it is larger than 2 GiB'],
  ])('that is larger than %i bytes says so in the largest unit', async (bound, reason) => {
    const { tooLarge } = await import('../../../service/files/regular-file.ts')
    expect(failureReason(tooLarge(bound))).toBe(reason)
  })
})
