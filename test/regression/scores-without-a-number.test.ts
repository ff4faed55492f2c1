import { describe, expect, it } from '@jest/globals'
import { createSeriesScorer } from '../../exporter/detection/model/series/series-scorer.ts'
import { openSnapshot, wrapSnapshot } from '../../exporter/detection/model/state/snapshot.ts'
import { START } from '../exporter/detection/model/series/fixtures.ts'

/**
 * A series whose minutes were all observed in part (Hubble reports lost events in each) had no mean yet: an event of a
 * minute that was already scored divided by its minutes, of which there were none. The next minute was refused, which ended
 * the exporter.
 */
describe('a series that was never observed in full', () => {
  const create = () => createSeriesScorer({ series: 'partial' })

  it.each([0, 1])('is scored after %p late events of a minute with more than was expected', late => {
    const scorer = create()
    scorer.step(START, 31_467, 'partial')
    scorer.late(START, late, { address: new Map([['203.0.113.9', 1]]) })
    for (const result of [scorer.step(START + 60, 29_000, 'partial'), scorer.step(START + 120, 5)]) {
      expect(result.raw).toBe(0)
      expect(Number.isFinite(result.expected)).toBe(true)
      expect(Number.isFinite(result.upper)).toBe(true)
    }
  })

  it('begins again where its saved state has a number that is none', () => {
    const lived = create()
    for (let minute = 0; minute < 3; minute++) lived.step(START + 60 * minute, 7 + minute)
    const snapshot = lived.snapshot()
    expect(create().restore(snapshot)).toBeUndefined()
    expect(openSnapshot('series', snapshot).refused).toBeUndefined()
    const damaged = snapshot.slice(HEADER_BYTES)
    new DataView(damaged.buffer).setFloat64(placeOf(damaged, lived.explain()?.expected ?? 0), Number.NaN, true)
    const scorer = create()
    const fresh = create().step(START, 3)
    expect(scorer.restore(wrapSnapshot('series', damaged))).toBe('damaged')
    expect(scorer.lastMinute).toBeUndefined()
    expect(scorer.step(START, 3)).toEqual(fresh)
  })
})

const HEADER_BYTES = 20

/** Where a number is saved. */
function placeOf(state: Uint8Array, wanted: number): number {
  const view = new DataView(state.buffer, state.byteOffset, state.byteLength)
  for (let at = 0; at + 8 <= view.byteLength; at++) if (view.getFloat64(at, true) === wanted) return at
  throw new Error(`The snapshot does not hold ${wanted}.`)
}
