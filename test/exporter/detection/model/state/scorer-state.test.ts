import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Layout } from '../../../../../exporter/detection/model/state/layout.ts'
import { ScorerState } from '../../../../../exporter/detection/model/state/scorer-state.ts'

const COUNTS = 20

describe('a state', () => {
  it('keeps counts of any size in 16 bits and beside them', () => {
    const layout = new Layout()
    const first = layout.wholes(COUNTS)
    layout.endRoom()
    const count = fc.oneof(fc.nat(70_000), fc.maxSafeNat(), fc.constantFrom(65_534, 65_535, 65_536, 0.5, 70_000.25))
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(COUNTS - 1), count), { maxLength: 200 }), changes => {
        const state = new ScorerState(layout)
        const counts = new Array<number>(COUNTS).fill(0)
        for (const [at, value] of changes) {
          state.setCount(first + at, value)
          counts[at] = value
        }
        expect(counts.map((_, at) => state.count(first + at))).toEqual(counts)
      }),
    )
  })

  it('keeps what it holds when a piece is added, which begins as its layout says', () => {
    const layout = new Layout()
    const numbers = layout.numbers(3, -1)
    const wholes = layout.wholes(2)
    layout.endRoom()
    const added = layout.numbers(2, 7)
    const addedWhole = layout.wholes()
    layout.endRoom()
    const state = new ScorerState(layout)
    expect([...state.numbers]).toEqual([-1, -1, -1])
    state.set(numbers, 5)
    state.setCount(wholes, 100_000)
    state.addPiece()
    expect([...state.numbers]).toEqual([5, -1, -1, 7, 7])
    expect(state.get(added)).toBe(7)
    expect(state.count(wholes)).toBe(100_000)
    expect(state.wholes[addedWhole]).toBe(0)
  })
})
