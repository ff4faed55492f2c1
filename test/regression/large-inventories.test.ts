import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { FileInput } from '../../exporter/sources/posture/file-input.ts'
import { valuesOf } from '../../exporter/sources/posture/values.ts'
import type { Json } from '../../service/state/state.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clawtrust-posture-'))
})
afterEach(() => rm(folder, { recursive: true }))

const FILES = 4
const DEVICES = 1_100

const openAt = (cursor: ReadonlyMap<string, Json>) =>
  new FileInput({ path: folder, maxBytes: 10_000_000, clock: { now: () => Date.now() } }, cursor)

/** A look brought all files at once: 60 inventories of 10,000 devices stopped all other work for 50 s, in 1.1 GB. */
describe('large inventories', () => {
  it('are taken in by small pieces, each once, wherever the reading ends between two of them', async () => {
    const all: string[] = []
    for (let file = 0; file < FILES; file++) {
      const devices = Array.from({ length: DEVICES }, (_, n) => `${file}-${n}`)
      all.push(...devices)
      await writeFile(
        join(folder, `${file}.json`),
        JSON.stringify(devices.map(device => ({ device, os_version: '1' }))),
      )
    }
    const cursor = new Map<string, Json>()
    const taken: unknown[] = []
    let isAtEnd = false
    while (!isAtEnd) {
      let pieces = 0
      // A restart after each third piece.
      for await (const piece of openAt(cursor).look()) {
        expect(piece.records.length).toBeLessThanOrEqual(250)
        for (const { body } of piece.records) taken.push(typeof body === 'object' ? body.device : body)
        for (const { key, value } of piece.cursor) cursor.set(key, value)
        isAtEnd = piece.end !== undefined
        if (++pieces === 3) break
      }
    }
    expect(taken).toEqual(all)
  })

  it('as CSV with a row of millions of fields are refused at the first one too many', () => {
    const matched = jest.spyOn(RegExp.prototype, 'exec')
    try {
      expect(valuesOf(`device,os_version\n${','.repeat(4_000_000)}`)).toBeUndefined()
      expect(matched.mock.calls.length).toBeLessThan(10)
    } finally {
      matched.mockRestore()
    }
  })
})
