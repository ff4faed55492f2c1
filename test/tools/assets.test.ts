import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { copyAssets } from '../../tools/build/assets.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clawtrust-assets-'))
})

afterEach(() => rmSync(root, { recursive: true }))

it('copies whatever is not TypeScript to the same place below dist', () => {
  mkdirSync(join(root, 'exporter/sources/data'), { recursive: true })
  writeFileSync(join(root, 'exporter/app.ts'), 'export {}')
  writeFileSync(join(root, 'exporter/sources/data/capture.jsonl'), '{}\n')

  expect(copyAssets(root, 'exporter', join(root, 'dist'))).toEqual(['exporter/sources/data/capture.jsonl'])
  expect(readFileSync(join(root, 'dist/exporter/sources/data/capture.jsonl'), 'utf8')).toBe('{}\n')
})

it('copies nothing for a room that is not there', () => {
  expect(copyAssets(root, 'policy', join(root, 'dist'))).toEqual([])
})
