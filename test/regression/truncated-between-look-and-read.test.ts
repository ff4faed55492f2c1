import { copyFileSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { createLineScanner } from '../../exporter/sources/file/lines.ts'
import { newPosition } from '../../exporter/sources/file/position.ts'
import { ReadAhead } from '../../exporter/sources/file/read-ahead.ts'
import { nothingRead } from '../../exporter/sources/file/read-lines.ts'
import { TrackedFile } from '../../exporter/sources/file/tracked-file.ts'
import { temporaryFolder } from '../exporter/sources/file/following.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder.remove())

it('takes nothing from another content that has grown past the place of reading since the last look', async () => {
  const path = join(folder.path, 'openclaw.log')
  writeFileSync(path, 'first\nsecond\nthird\n')
  const handle = await open(path)
  const file = new TrackedFile('key', handle, newPosition({ path, generation: 0 }))
  const reader = new ReadAhead()
  const scan = createLineScanner([])
  try {
    await file.refresh()
    file.moveTo({ ...file.position, offset: 'first\n'.length })
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
    writeFileSync(path, 'a line of another content, long enough\nand one more\n')
    expect(await file.read(reader, scan, 0)).toEqual(nothingRead)
    expect(file.position.offset).toBe('first\n'.length)
    expect((await file.refresh())?.offset).toBe('first\n'.length)
    const { records } = await file.read(reader, scan, 0)
    expect(records.map(({ body }) => body)).toEqual(['a line of another content, long enough', 'and one more'])
  } finally {
    await handle.close()
  }
})
