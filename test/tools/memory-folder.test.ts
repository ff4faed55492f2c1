import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { makeMemoryFolder } from '../../tools/checks/memory-folder.ts'

it('a folder in memory is made where there is room for it', () => {
  const folder = makeMemoryFolder(tmpdir(), 1)
  expect(folder?.startsWith(join(tmpdir(), 'clawtrust-check-'))).toBe(true)
  expect(existsSync(folder ?? '')).toBe(true)
  rmSync(folder ?? '', { recursive: true })
})

it('no folder in memory is made where there is too little of it, or none', () => {
  expect(makeMemoryFolder(tmpdir(), Number.MAX_VALUE)).toBeUndefined()
  expect(makeMemoryFolder(join(tmpdir(), 'clawtrust-no-memory'))).toBeUndefined()
})
