import { describe, expect, it } from '@jest/globals'
import { SlowLevel } from '../../../../../exporter/detection/model/profile/slow-level.ts'
import { alone } from '../alone.ts'

const EXPECTED = 5000
const VARIANCE = 0.1 * EXPECTED
const LEVEL_VARIANCE = 0.06

/** The factor after each of these days, of which this multiple of what the shape expects came. */
function factors(days: readonly number[], expected = EXPECTED): number[] {
  const { part, state } = alone(layout => new SlowLevel(layout))
  return days.map(ratio => {
    part.learn(state, ratio * expected, expected * part.factor(state), VARIANCE, LEVEL_VARIANCE)
    return part.factor(state)
  })
}

const usual = (days: number) => Array<number>(days).fill(1)

describe('the slow level', () => {
  it('stays at 1 where everything comes as expected', () => {
    expect(factors(usual(30)).at(-1)).toBeCloseTo(1, 3)
  })

  it('finds the level of a young series within days', () => {
    expect(factors([2, 2, 2]).at(-1)).toBeGreaterThan(1.7)
  })

  it('follows a change that lasts, within two weeks', () => {
    const known = factors([...usual(20), ...Array<number>(14).fill(2)])
    expect(known.at(-1)).toBeGreaterThan(1.8)
    expect(known.at(-1)).toBeLessThan(2.05)
  })

  it('is moved by one day by a fifth at most once it knows the series', () => {
    for (const ratio of [0, 100, 1e12]) {
      const moved = factors([...usual(20), ratio]).at(-1) as number
      expect(Math.abs(Math.log(moved))).toBeLessThan(0.35)
    }
  })

  it('hardly moves where hardly an event is expected', () => {
    expect(Math.abs(Math.log(factors([0, 0, 0, 0, 0], 0.01).at(-1) as number))).toBeLessThan(0.05)
    expect(factors([0], 0).every(Number.isFinite)).toBe(true)
  })
})
