import { appendFileSync, copyFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { FileBackfill } from '../../../../exporter/sources/file/backfill.ts'
import { createLineScanner } from '../../../../exporter/sources/file/lines.ts'
import { newPosition } from '../../../../exporter/sources/file/position.ts'
import { ReadAhead } from '../../../../exporter/sources/file/read-ahead.ts'
import type { Json } from '../../../../service/state/state.ts'
import { Following, logLine, temporaryFolder } from './following.ts'

const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => logLine(`line ${from + index} ${'x'.repeat(200)}`))
/** Numbers of lines that are not told exactly once. */
const wrong = (told: readonly string[], count: number) => {
  const times = new Map<string, number>()
  for (const line of told) times.set(line, (times.get(line) ?? 0) + 1)
  return lines(0, count).flatMap((line, number) => (times.get(line) === 1 ? [] : [number]))
}
const written = (texts: readonly string[]) => texts.map(text => `${text}\n`).join('')

describe('the backfill of a file source', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let log: string
  let rotated: string
  let following: Following
  let past: string[]
  let saved: Map<string, Json>

  beforeEach(() => {
    folder = temporaryFolder()
    log = join(folder.path, 'openclaw-2026-11-22.log')
    rotated = join(folder.path, 'openclaw-2026-11-22.1.log')
    following = new Following({ paths: [join(folder.path, 'openclaw-*.log')], startAt: 'end' })
    past = []
    saved = new Map()
  })

  afterEach(async () => {
    await following.stop()
    folder.remove()
  })

  /** Reads on, and commits so many batches; the next one is read and lost, as by a crash. */
  async function read(batches = Number.POSITIVE_INFINITY): Promise<void> {
    const start = { cursor: new Map(saved), signal: new AbortController().signal }
    let left = batches
    for await (const batch of following.source.backfill?.(start) ?? []) {
      if (left-- <= 0) return
      past.push(...batch.records.map(record => String(record.body)))
      for (const { key, value } of batch.cursor) saved.set(key, value)
    }
  }

  it('is what lay in the files before, and only that', async () => {
    writeFileSync(rotated, written(lines(0, 2)))
    writeFileSync(log, written(lines(2, 4)))
    await following.catchUp()
    appendFileSync(log, written(lines(4, 5)))
    await following.catchUp()
    await read()
    expect(past.toSorted()).toEqual(lines(0, 4).toSorted())
    expect(following.bodies).toEqual(lines(4, 5))
    expect(following.source.health().details?.backfillProgress).toBe(1)
  })

  it('continues after each batch where it was interrupted, through restarts', async () => {
    writeFileSync(rotated, written(lines(0, 20_000)))
    writeFileSync(log, written(lines(20_000, 30_000)))
    for (let restart = 0; restart < 4; restart++) {
      await following.catchUp()
      await read(2)
      await following.stop()
    }
    expect(past.length).toBeGreaterThan(0)
    expect(past.length).toBeLessThan(30_000)
    await following.catchUp()
    await read()
    expect(wrong(past, 30_000)).toHaveLength(0)
  })

  it('continues where the file was renamed, or copied and truncated, between two runs', async () => {
    writeFileSync(log, written(lines(0, 20_000)))
    await following.catchUp()
    await read(2)
    await following.stop()
    const renamed = join(folder.path, 'openclaw-2026-11-22.2.log')
    renameSync(log, renamed)
    await following.catchUp()
    await read(2)
    await following.stop()
    copyFileSync(renamed, rotated)
    truncateSync(renamed)
    await following.catchUp()
    await read()
    expect(wrong(past, 20_000)).toHaveLength(0)
    expect(following.bodies).toEqual([])
  })

  it('ends where the content of a file is replaced while it is read', async () => {
    writeFileSync(log, written(lines(0, 20_000)))
    await following.catchUp()
    const start = { cursor: new Map<string, Json>(), signal: new AbortController().signal }
    for await (const batch of following.source.backfill?.(start) ?? []) {
      if (past.length === 0 && batch.records.length > 0) writeFileSync(log, written(lines(30_000, 50_000)))
      past.push(...batch.records.map(record => String(record.body)))
    }
    await following.catchUp()
    expect(past.findIndex(line => Number(/line (\d+)/.exec(line)?.[1]) >= 30_000)).toBe(-1)
    expect(wrong([...lines(0, 30_000), ...following.bodies], 50_000)).toHaveLength(0)
  })

  it('saves no progress that it could not look up before it was stopped', async () => {
    const archive = `${log}.gz`
    writeFileSync(archive, gzipSync(written(lines(0, 10))))
    const position = newPosition({ path: archive, generation: 0 })
    const known = { content: 'same', offset: 100, inLongLine: false, tail: { length: 100, hash: 'x' } }
    const start = { cursor: new Map<string, Json>([['other', known]]), signal: AbortSignal.abort() }
    const backfill = new FileBackfill(createLineScanner([]), start, new ReadAhead())
    for await (const batch of backfill.rest(() => [
      { key: 'own', position: { ...position, content: 'same', begin: 200 } },
    ])) {
      expect(batch.cursor).toEqual([])
    }
  })
})
