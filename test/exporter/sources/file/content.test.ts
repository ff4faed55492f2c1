import { writeFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { contentOf, GzipContent, reached } from '../../../../exporter/sources/file/content.ts'
import { readHead } from '../../../../exporter/sources/file/fingerprint.ts'
import { createLineScanner } from '../../../../exporter/sources/file/lines.ts'
import { newPosition } from '../../../../exporter/sources/file/position.ts'
import { ReadAhead } from '../../../../exporter/sources/file/read-ahead.ts'
import { TrackedFile } from '../../../../exporter/sources/file/tracked-file.ts'
import { temporaryFolder } from './following.ts'

const SIZE = 6 * 1024 * 1024
const CHUNK = 512 * 1024

/** Bytes that hardly shrink, so that the compressed file has many pieces too. */
function content(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let index = 0, state = 1; index < size; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[index] = state >>> 24
  }
  return bytes
}

describe('the content of a compressed file', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let path: string
  let bytesRead: number

  beforeEach(() => {
    folder = temporaryFolder()
    path = join(folder.path, 'gateway.log.1.gz')
    bytesRead = 0
  })

  afterEach(() => folder.remove())

  /** Counts what is read of the file itself. */
  async function opened(): Promise<GzipContent> {
    const handle = await open(path)
    const read = async (...args: [Buffer, number, number, number]) => {
      const found = await handle.read(...args)
      bytesRead += found.bytesRead
      return found
    }
    const stat = (options: { bigint: true }) => handle.stat(options)
    return new GzipContent({ read, stat, close: () => handle.close() } as unknown as FileHandle)
  }

  it('is read once although its beginning is compared after each chunk and lines are read again', async () => {
    const bytes = content(SIZE)
    const compressed = gzipSync(bytes)
    writeFileSync(path, compressed)
    const file = await opened()
    expect(await file.measure({ left: Number.POSITIVE_INFINITY })).toBe(true)
    bytesRead = 0
    const found: Buffer[] = []
    for (let position = 0; position < SIZE; position += CHUNK) {
      found.push((await file.read(Buffer.alloc(CHUNK), 0, CHUNK, position)).buffer)
      expect((await readHead(file)).equals(bytes.subarray(0, 1024))).toBe(true)
      const before = Math.max(0, position - 1024 * 1024)
      const again = await file.read(Buffer.alloc(1024), 0, 1024, before)
      expect(again.buffer.equals(bytes.subarray(before, before + 1024))).toBe(true)
    }
    await file.close()
    expect(Buffer.concat(found).equals(bytes)).toBe(true)
    expect(bytesRead).toBeLessThanOrEqual(compressed.length)
  })

  it('is not read at all while nobody asks for it, however often the file is looked at', async () => {
    writeFileSync(path, gzipSync(content(CHUNK)))
    const file = await opened()
    await new Promise(setImmediate)
    expect(bytesRead).toBe(0)
    await file.measure({ left: Number.POSITIVE_INFINITY })
    await readHead(file)
    bytesRead = 0
    for (let look = 0; look < 5; look++) {
      await file.stat({ bigint: true })
      await readHead(file)
      await file.read(Buffer.alloc(1024), 0, 1024, CHUNK - 1024)
    }
    await file.close()
    expect(bytesRead).toBe(0)
  })

  it.each([
    ['that hardly shrink', content(SIZE)],
    ['that shrink to a thousandth', Buffer.alloc(SIZE, '0123456789abcdef')],
  ])('is read on to a far place in bounded pieces, of bytes %s', async (_which, bytes) => {
    writeFileSync(path, gzipSync(bytes))
    const file = await opened()
    await file.measure({ left: Number.POSITIVE_INFINITY })
    const place = SIZE - 10_000
    for (const round of [1, 2]) {
      await file.stat({ bigint: true })
      await file.stat({ bigint: true })
      await file.reach(0, { left: 0 })
      let pieces = 0
      let isThere = false
      for (; !isThere; pieces++) {
        const budget = { left: CHUNK }
        bytesRead = 0
        isThere = await file.reach(place, budget)
        // One step of 64 KiB more at most; of what is compressed, what one step takes in advance.
        expect(budget.left).toBeGreaterThan(-64 * 1024)
        expect(bytesRead).toBeLessThan(CHUNK + 4 * 64 * 1024)
      }
      expect([round, pieces]).toEqual([round, Math.ceil(place / CHUNK)])
      bytesRead = 0
      const found = await file.read(Buffer.alloc(4096), 0, 4096, place - 2048)
      expect(found.buffer.equals(bytes.subarray(place - 2048, place + 2048))).toBe(true)
      expect(bytesRead).toBe(0)
    }
    await file.close()
  })

  it('is no longer read on to a far place for a reader who no longer waits', async () => {
    writeFileSync(path, gzipSync(Buffer.alloc(40 * 1024 * 1024)))
    const file = await opened()
    await file.measure({ left: Number.POSITIVE_INFINITY })
    await file.reach(0, { left: 0 })
    await expect(reached(file, 40 * 1024 * 1024, AbortSignal.abort())).rejects.toThrow('aborted')
    expect(await file.reach(17 * 1024 * 1024, { left: 0 })).toBe(false)
    await file.close()
  })

  it('is read on by a followed file in pieces, between which others have their turn', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => `${index} ${'x'.repeat(1_000_000)}\n`)
    writeFileSync(path, gzipSync(lines.join('')))
    const file = await opened()
    await file.measure({ left: Number.POSITIVE_INFINITY })
    await file.reach(0, { left: 0 })
    const { size } = await file.stat({ bigint: true })
    const offset = lines.slice(0, 49).join('').length
    const position = { ...newPosition({ path, generation: 0 }), content: 'known', offset, size: Number(size) }
    const followed = new TrackedFile('1:1', file, position)
    followed.isPlaced = true
    const reader = new ReadAhead()
    const found: number[] = []
    while (followed.hasUnread) found.push((await followed.read(reader, createLineScanner([]), 0)).records.length)
    // 48 MiB, 16 MiB at a time.
    expect(found).toEqual([0, 0, 1])
    await file.close()
  })

  it('is not measured to its end for a reader who no longer waits', async () => {
    writeFileSync(path, gzipSync(Buffer.alloc(40 * 1024 * 1024)))
    const abort = new AbortController()
    const handle = await open(path)
    let reads = 0
    const read = (...args: [Buffer, number, number, number]) => {
      if (reads++ === 1) abort.abort()
      return handle.read(...args)
    }
    const stat = (options: { bigint: true }) => handle.stat(options)
    let isClosed = false
    const close = async () => {
      isClosed = true
      await handle.close()
    }
    const waited = contentOf({ read, stat, close } as unknown as FileHandle, path, abort.signal)
    await expect(waited).rejects.toThrow('gateway.log.1.gz is not wanted any more')
    expect(isClosed).toBe(true)
  })

  it('is the same at every place, in whatever order it is read and however long it rests', async () => {
    const bytes = content(200_000)
    const members = [
      gzipSync(bytes.subarray(0, 10)),
      gzipSync(bytes.subarray(10, 90_000)),
      gzipSync(bytes.subarray(90_000)),
    ]
    writeFileSync(path, Buffer.concat(members))
    const step = fc.oneof(
      fc.record({ at: fc.nat(bytes.length + 10), length: fc.nat(100_000) }),
      fc.record({ at: fc.nat(1100), length: fc.nat(1100) }),
      fc.constant('stat' as const),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, isMeasured) => {
        const file = await opened()
        try {
          if (isMeasured) await file.measure({ left: Number.POSITIVE_INFINITY })
          for (const one of steps) {
            if (one === 'stat') {
              const { size } = await file.stat({ bigint: true })
              expect(Number(size)).toBe(isMeasured ? bytes.length : 0)
              continue
            }
            const { buffer, bytesRead: read } = await file.read(Buffer.alloc(one.length), 0, one.length, one.at)
            expect(buffer.subarray(0, read).equals(bytes.subarray(one.at, one.at + one.length))).toBe(true)
          }
        } finally {
          await file.close()
        }
      }),
      { numRuns: 60 },
    )
  })
})
