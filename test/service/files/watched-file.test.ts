import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Fault } from '../../../core/errors.ts'
import { WatchedFile } from '../../../service/files/watched-file.ts'

let folder: string
let file: string
let reads: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-watched-'))
  file = join(folder, 'list')
  reads = 0
})

afterEach(() => rmSync(folder, { recursive: true }))

/** As a download does: another file takes its place. */
function replace(content: string): void {
  writeFileSync(`${file}.new`, content)
  renameSync(`${file}.new`, file)
}

const watch = (during: () => void = () => {}) =>
  new WatchedFile(file, async ({ path }) => {
    reads += 1
    const content = readFileSync(path, 'utf8')
    during()
    if (content === 'bad') throw new Fault('it is bad')
    return content
  })

describe('a watched file', () => {
  it('is read at the first call and when it is another one, and not in between', async () => {
    replace('one')
    const watched = watch()
    expect(await watched.changed()).toBe('one')
    expect(await watched.changed()).toBeUndefined()
    replace('other')
    expect(await watched.changed()).toBe('other')
    expect(reads).toBe(2)
  })

  it('whose content is refused is not read again until it changes', async () => {
    replace('bad')
    const watched = watch()
    await expect(watched.changed()).rejects.toThrow('it is bad')
    expect(await watched.changed()).toBeUndefined()
    expect(reads).toBe(1)
    replace('good')
    expect(await watched.changed()).toBe('good')
  })

  it('that the file system refuses is looked for at each call', async () => {
    const watched = watch()
    await expect(watched.changed()).rejects.toThrow('ENOENT')
    await expect(watched.changed()).rejects.toThrow('ENOENT')
    mkdirSync(file)
    await expect(watched.changed()).rejects.toThrow('it is a directory and not a regular file')
    rmSync(file, { recursive: true })
    replace('good')
    expect(await watched.changed()).toBe('good')
  })

  it('that changes while it is read is read again', async () => {
    replace('half')
    let times = 0
    const watched = watch(() => {
      times += 1
      if (times === 1) replace('whole')
    })
    await expect(watched.changed()).rejects.toThrow('it was changed while it was read')
    expect(await watched.changed()).toBe('whole')
  })
})
