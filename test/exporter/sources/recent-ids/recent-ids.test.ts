import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE_MS } from '../../../../core/clock.ts'
import type { CursorChange } from '../../../../exporter/contracts/source.ts'
import { IdHasher } from '../../../../exporter/sources/elasticsearch/id-hash.ts'
import { RecentIds } from '../../../../exporter/sources/recent-ids/recent-ids.ts'
import type { Json } from '../../../../service/state/state.ts'

const hashId = (id: string) => new IdHasher().ofText(id)

const NOON = Date.parse('2026-11-24T12:00:00Z')

function apply(cursor: Map<string, Json>, changes: readonly CursorChange[]): void {
  for (const { key, value } of changes) {
    if (value === null) cursor.delete(key)
    else cursor.set(key, value)
  }
}

describe('the ids that were read', () => {
  it('distinguish a document that was read from one that is stored again with another time, over all remembered minutes', () => {
    const recentIds = new RecentIds()
    expect(recentIds.add(hashId('a'), NOON)).toBe('new')
    expect(recentIds.add(hashId('a'), NOON + 59_999)).toBe('known')
    expect(recentIds.add(hashId('a'), NOON + 2 * MINUTE_MS)).toBe('repeat')
    expect(recentIds.add(hashId('a'), NOON + 2 * MINUTE_MS)).toBe('known')
    expect(recentIds.add(hashId('a'), NOON)).toBe('known')
    expect(recentIds.add(hashId('a'), NOON + 60 * MINUTE_MS)).toBe('repeat')
    recentIds.forget(NOON + 60 * MINUTE_MS)
    expect(recentIds.add(hashId('a'), NOON + 61 * MINUTE_MS)).toBe('new')
  })

  it('are numbered in the newest minute of each', () => {
    const recentIds = new RecentIds()
    recentIds.add(hashId('a'), NOON)
    recentIds.add(hashId('b'), NOON + 1)
    recentIds.add(hashId('a'), NOON + MINUTE_MS)
    expect([recentIds.count(NOON), recentIds.count(NOON + MINUTE_MS), recentIds.count(NOON + 2 * MINUTE_MS)]).toEqual([
      1, 1, 0,
    ])
    expect(recentIds.size).toBe(2)
  })

  it('are the same after a restart from what was committed, whatever was committed together', () => {
    const document = fc.record({ id: fc.nat({ max: 30 }), minute: fc.nat({ max: 6 }), commit: fc.boolean() })
    fc.assert(
      fc.property(fc.array(document, { maxLength: 80 }), documents => {
        const cursor = new Map<string, Json>()
        let recentIds = new RecentIds()
        const steady = new RecentIds()
        for (const { id, minute, commit } of documents) {
          const time = NOON + minute * MINUTE_MS
          expect(recentIds.add(hashId(`id-${id}`), time)).toBe(steady.add(hashId(`id-${id}`), time))
          if (!commit) continue
          apply(cursor, recentIds.changes())
          recentIds = new RecentIds()
          recentIds.restore(new Map([...cursor].reverse()))
          const minutes = Array.from({ length: 7 }, (_, number) => NOON + number * MINUTE_MS)
          expect(minutes.map(start => recentIds.count(start))).toEqual(minutes.map(start => steady.count(start)))
          expect(recentIds.size).toBe(steady.size)
        }
      }),
    )
  })

  it('are restored from a state in which an id is in each minute under which it was read', () => {
    const recentIds = new RecentIds()
    const pieceOf = (...ids: string[]) => {
      const halves = ids.map(hashId).flatMap(({ high, low }) => [high, low])
      return Buffer.from(new Int32Array(halves).buffer).toString('base64')
    }
    const minute = NOON / MINUTE_MS
    const cursor = {
      [`ids/${minute + 1}/0`]: pieceOf('a'),
      [`ids/${minute}/0`]: pieceOf('a', 'b'),
      'ids/0/0': pieceOf('c'),
    }
    recentIds.restore(new Map(Object.entries(cursor)))
    expect([recentIds.count(NOON), recentIds.count(NOON + MINUTE_MS), recentIds.size]).toEqual([1, 1, 2])
    expect(recentIds.add(hashId('b'), NOON)).toBe('known')
  })

  it('leave nothing in the state when they are forgotten', () => {
    const cursor = new Map<string, Json>()
    const recentIds = new RecentIds()
    for (let document = 0; document < 600; document++) {
      recentIds.add(hashId(`early-${document}`), NOON)
      recentIds.add(hashId(`late-${document}`), NOON + MINUTE_MS)
      apply(cursor, recentIds.changes())
    }
    expect(recentIds.minutesBefore(NOON + MINUTE_MS)).toEqual([NOON])
    apply(cursor, recentIds.forget(NOON))
    expect(new Set([...cursor.keys()].map(key => key.split('/')[1]))).toEqual(new Set([String(NOON / MINUTE_MS + 1)]))
    expect(recentIds.size).toBe(600)
  })

  it('take few entries of the state where a few come at a time, and all of them are there after a restart', () => {
    const cursor = new Map<string, Json>()
    const recentIds = new RecentIds()
    for (let document = 0; document < 600; document++) {
      recentIds.add(hashId(`${document}`), NOON)
      apply(cursor, recentIds.changes())
    }
    expect(cursor.size).toBe(3)
    const restored = new RecentIds()
    restored.restore(cursor)
    expect([restored.size, restored.count(NOON)]).toEqual([600, 600])
    restored.add(hashId('another'), NOON)
    apply(cursor, restored.changes())
    expect(cursor.size).toBe(4)
  })
})
