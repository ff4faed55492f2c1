import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LATE_MINUTES } from '../../../exporter/contracts/subscriber.ts'
import { ClosedMinutes } from '../../../exporter/pipeline/closed-minutes.ts'

const FIRST = 29_000_000

/** Counts of minutes that are pushed one after the other, most of them zero or most of them not. */
const pushed = fc.oneof(
  fc.array(fc.nat(5), { maxLength: 60 }),
  fc.array(fc.oneof({ arbitrary: fc.constant(0), weight: 30 }, { arbitrary: fc.nat(5), weight: 1 }), {
    maxLength: 900,
    size: 'max',
  }),
)
const late = fc.array(fc.record({ ago: fc.integer({ min: 1, max: LATE_MINUTES }), count: fc.nat(9) }), {
  maxLength: 80,
})

describe('the closed minutes of a series', () => {
  it('are what a list of them is, few or many, pushed one by one and corrected later', () => {
    fc.assert(
      fc.property(pushed, late, pushed, (before, corrections, after) => {
        const closed = new ClosedMinutes()
        const truth = new Map<number, number>()
        let next = FIRST
        const push = (count: number) => {
          closed.push(next, count)
          truth.set(next, count)
          next += 1
        }
        for (const count of before) push(count)
        for (const { ago, count } of corrections) {
          closed.set(next - ago, count)
          truth.set(next - ago, count)
        }
        for (const count of after) push(count)
        const kept = Array.from({ length: LATE_MINUTES }, (_, index) => next - LATE_MINUTES + index)
        const counts = kept.map(minute => truth.get(minute) ?? 0)
        expect(kept.map(minute => closed.get(minute))).toEqual(counts)
        const sums = new Float64Array(60).fill(1)
        const total = closed.addTo(sums, next - 70, next - 10)
        expect([...sums]).toEqual(counts.slice(-70, -10).map(count => count + 1))
        expect(total).toBe(counts.slice(-70, -10).reduce((sum, count) => sum + count, 0))
      }),
    )
  })
})
