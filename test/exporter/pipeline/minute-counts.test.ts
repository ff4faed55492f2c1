import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PackedMinutes } from '../../../exporter/pipeline/minute-counts.ts'

const minute = fc.nat(100).map(index => 1_795_000_020 + 60 * index)

describe('packed minutes', () => {
  it('are the same as in a map of them, whole and between two times', () => {
    const counts = fc.array(fc.tuple(minute, fc.nat()), { maxLength: 50 })
    fc.assert(
      fc.property(counts, minute, minute, minute, (rows, first, end, asked) => {
        const truth = new Map(rows.toSorted(([a], [b]) => a - b))
        const packed = new PackedMinutes(Uint32Array.from(truth.keys()), Float64Array.from(truth.values()))
        expect([...packed]).toEqual([...truth])
        expect([...packed.values()]).toEqual([...truth.values()])
        expect(packed.get(asked)).toBe(truth.get(asked))
        expect([...packed.between(first, end)]).toEqual([...truth].filter(([start]) => start >= first && start < end))
      }),
    )
  })
})
