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
    expect(scorer.step(START + 60, 29_000, 'partial')).toMatchObject({ expected: 0.0001, raw: 0 })
    expect(scorer.step(START + 120, 5).expected).toBe(0.0001)
  })

  it('begins again where its saved state has a number that is not finite', () => {
    const lived = create()
    for (let minute = 0; minute < 3; minute++) lived.step(START + 60 * minute, 7 + minute)
    const snapshot = lived.snapshot()
    expect(create().restore(snapshot)).toBeUndefined()
    expect(openSnapshot('series', snapshot).refused).toBeUndefined()
    const damaged = snapshot.slice(HEADER_BYTES)
    const view = new DataView(damaged.buffer)
    view.setFloat64(fractionIn(view), Number.NaN, true)
    const scorer = create()
    expect(scorer.restore(wrapSnapshot('series', damaged))).toBe('damaged')
    expect(scorer.lastMinute).toBeUndefined()
    expect(scorer.step(START, 3).expected).toBe(0.0001)
  })
})

const HEADER_BYTES = 20

/** The place of the first number between 0 and 100 that is not whole: a mean. */
function fractionIn(view: DataView): number {
  for (let at = 0; at + 8 <= view.byteLength; at++) {
    const value = view.getFloat64(at, true)
    if (value > 0.01 && value < 100 && !Number.isInteger(value)) return at
  }
  throw new Error('The snapshot has no mean.')
}
