import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE_MS } from '../../../../core/clock.ts'
import { ClosedMinutes } from '../../../../exporter/sources/elasticsearch/closed-minutes.ts'
import type { Json } from '../../../../service/state/state.ts'

const NOON = Date.parse('2026-11-24T12:00:00Z')

describe('minutes that the horizon has left', () => {
  it('report every later document once, through restarts, and none twice', () => {
    const arrival = fc.record({ minute: fc.nat({ max: 5 }), documents: fc.nat({ max: 9 }), restart: fc.boolean() })
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9 }), { minLength: 6, maxLength: 6 }),
        fc.array(arrival),
        (first, arrivals) => {
          const cursor = new Map<string, Json>()
          const index = [...first]
          let closed = new ClosedMinutes()
          let reported = 0
          const save = (changes: readonly { key: string; value: Json }[]) => {
            for (const { key, value } of changes) cursor.set(key, value)
          }
          for (const [minute, documents] of first.entries()) save(closed.close(NOON + minute * MINUTE_MS, documents))
          for (const { minute, documents, restart } of arrivals) {
            index[minute] = (index[minute] ?? 0) + documents
            const counts = index.map((held, at) => ({ start: NOON + at * MINUTE_MS, documents: held }))
            const grown = closed.growth(counts.filter(count => count.documents > 0))
            reported += grown.documents
            save(grown.changes)
            if (!restart) continue
            closed = new ClosedMinutes()
            closed.restore(cursor)
          }
          expect(reported).toBe(arrivals.reduce((sum, { documents }) => sum + documents, 0))
        },
      ),
    )
  })

  it('are not watched for ever', () => {
    const closed = new ClosedMinutes()
    closed.close(NOON, 3)
    expect(closed.forget(NOON + MINUTE_MS - 1)).toEqual([])
    expect(closed.forget(NOON + MINUTE_MS)).toEqual([{ key: `closed/${NOON}`, value: null }])
  })
})
