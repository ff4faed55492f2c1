import { describe, expect, it } from '@jest/globals'
import { BlockView } from '../../../../../exporter/detection/model/count/block-view.ts'
import { type Alone, alone } from '../alone.ts'

/** Feeds whole blocks, each with the same count and expectation a minute. */
function feed({ part, state }: Alone<BlockView>, from: number, blocks: number, count: number, expected: number): void {
  for (let minute = from; minute < from + 20 * blocks; minute++) part.step(state, minute, count, expected, true)
}

const create = () => alone(layout => new BlockView(layout))

describe('BlockView', () => {
  it('keeps the surprise of a block until the next one ends', () => {
    const view = create()
    feed(view, 0, 100, 1, 1)
    feed(view, 2000, 1, 9, 1)
    const surprise = view.part.surprise(view.state)
    expect(surprise).toBeGreaterThan(2)
    for (let minute = 2020; minute < 2039; minute++) {
      view.part.step(view.state, minute, 1, 1, true)
      expect(view.part.surprise(view.state)).toBe(surprise)
    }
    view.part.step(view.state, 2039, 1, 1, true)
    expect(view.part.surprise(view.state)).toBeLessThan(1)
  })

  it('learns the level, so that a wrong profile stops being news', () => {
    const view = create()
    feed(view, 0, 300, 3, 1)
    expect(view.part.expected(view.state)).toBeCloseTo(60, -1)
    expect(view.part.surprise(view.state)).toBeLessThan(1)
  })

  it('takes no notice of minutes that were not observed', () => {
    const whole = create()
    feed(whole, 0, 50, 2, 2)
    const before = whole.part.expected(whole.state)
    feed(whole, 1000, 1, 0, 0)
    expect(whole.part.surprise(whole.state)).toBe(0)
    feed(whole, 1020, 1, 2, 2)
    expect(whole.part.expected(whole.state)).toBeCloseTo(before, 0)
  })

  it('counts late events while their block is open, and only then', () => {
    const view = create()
    for (let minute = 20; minute < 30; minute++) view.part.step(view.state, minute, 1, 1, true)
    view.part.amend(view.state, 9, 5)
    view.part.amend(view.state, 10, 100)
    for (let minute = 30; minute < 40; minute++) view.part.step(view.state, minute, 1, 1, true)
    expect(view.part.count(view.state)).toBe(25)
  })
})
