import { describe, expect, it } from '@jest/globals'
import { BlockView } from '../../../../exporter/anomaly/count/block-view.ts'

/** Feeds whole blocks, each with the same count and expectation a minute. */
function feed(view: BlockView, from: number, blocks: number, count: number, expected: number): void {
  for (let minute = from; minute < from + 20 * blocks; minute++) view.step(minute, count, expected, true)
}

describe('BlockView', () => {
  it('keeps the surprise of a block until the next one ends', () => {
    const view = new BlockView()
    feed(view, 0, 100, 1, 1)
    feed(view, 2000, 1, 9, 1)
    const surprise = view.surprise
    expect(surprise).toBeGreaterThan(2)
    for (let minute = 2020; minute < 2039; minute++) {
      view.step(minute, 1, 1, true)
      expect(view.surprise).toBe(surprise)
    }
    view.step(2039, 1, 1, true)
    expect(view.surprise).toBeLessThan(1)
  })

  it('learns the level, so that a wrong profile stops being news', () => {
    const view = new BlockView()
    feed(view, 0, 300, 3, 1)
    expect(view.expected).toBeCloseTo(60, -1)
    expect(view.surprise).toBeLessThan(1)
  })

  it('takes no notice of minutes that were not observed', () => {
    const whole = new BlockView()
    feed(whole, 0, 50, 2, 2)
    const before = whole.expected
    feed(whole, 1000, 1, 0, 0)
    expect(whole.surprise).toBe(0)
    feed(whole, 1020, 1, 2, 2)
    expect(whole.expected).toBeCloseTo(before, 0)
  })

  it('counts late events while their block is open, and only then', () => {
    const view = new BlockView()
    for (let minute = 20; minute < 30; minute++) view.step(minute, 1, 1, true)
    view.amend(9, 5)
    view.amend(10, 100)
    for (let minute = 30; minute < 40; minute++) view.step(minute, 1, 1, true)
    expect(view.count).toBe(25)
  })
})
