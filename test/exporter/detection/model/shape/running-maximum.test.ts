import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { RunningMaximum } from '../../../../../exporter/detection/model/shape/running-maximum.ts'
import { alone } from '../alone.ts'

const HOLD_OFF = 57_600

describe('RunningMaximum', () => {
  it('lets through exactly the strict maxima of the last 16 hours', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 9 })), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(steps, pairs => {
        const { part: maximum, state } = alone(() => new RunningMaximum())
        const past: { time: number; value: number }[] = []
        let time = 0
        for (const [gap, value] of pairs) {
          time += gap
          const since = time - HOLD_OFF
          const exceeds = past.every(earlier => earlier.time < since || earlier.value < value)
          expect(maximum.step(state, time, value)).toBe(exceeds ? value : 0)
          past.push({ time, value })
        }
      }),
    )
  })
})
