import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { fileTrouble } from '../../../service/files/regular-file.ts'
import { createOrReplaceFile, replaceFile } from '../../../service/files/replace-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'clawtrust-replace-'))
const file = join(folder, 'a.policy')
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => writeFileSync(file, 'before'))

describe('a file that is replaced', () => {
  it('has the new content, its mode, and nothing beside it', async () => {
    chmodSync(file, 0o640)
    await replaceFile(file, 'after')
    expect(readFileSync(file, 'utf8')).toBe('after')
    expect(statSync(file).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder)).toEqual(['a.policy'])
  })

  it('is still what a link leads to', async () => {
    const link = join(folder, 'link')
    symlinkSync('a.policy', link)
    await replaceFile(link, 'after')
    expect([readlinkSync(link), readFileSync(file, 'utf8')]).toEqual(['a.policy', 'after'])
    rmSync(link)
  })

  it('is left as it was where it cannot be replaced', async () => {
    // What a run that was killed has left.
    mkdirSync(`${file}.${process.pid}.tmp`)
    await expect(replaceFile(file, 'after')).rejects.toThrow()
    expect(readFileSync(file, 'utf8')).toBe('before')
    rmSync(`${file}.${process.pid}.tmp`, { recursive: true, force: true })
  })

  it('is a regular file', async () => {
    const error = await replaceFile(folder, 'after').catch((caught: unknown) => caught)
    expect(fileTrouble(error)).toBe('is a directory and not a regular file; set the path of a regular file')
  })

  it('is there already, unless it may be made: then with the mode of new files, and nothing beside it', async () => {
    const fresh = join(folder, 'fresh')
    await expect(replaceFile(fresh, 'after')).rejects.toThrow('ENOENT')
    for (const text of ['made', 'replaced']) {
      await createOrReplaceFile(fresh, text)
      expect(readFileSync(fresh, 'utf8')).toBe(text)
      expect(statSync(fresh).mode & 0o777).toBe(0o666 & ~process.umask())
    }
    expect(readdirSync(folder).toSorted()).toEqual(['a.policy', 'fresh'])
    await expect(createOrReplaceFile(join(folder, 'none', 'fresh'), 'x')).rejects.toThrow('ENOENT')
    const dangling = join(folder, 'dangling')
    symlinkSync('nowhere', dangling)
    await expect(createOrReplaceFile(dangling, 'x')).rejects.toThrow('ENOENT')
    expect(readlinkSync(dangling)).toBe('nowhere')
    rmSync(dangling)
    rmSync(fresh)
  })
})
