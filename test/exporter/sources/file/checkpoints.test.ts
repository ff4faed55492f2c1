import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  checkpointsFromJson,
  checkpointsToJson,
  noCheckpoints,
  thinned,
} from '../../../../exporter/sources/file/checkpoints.ts'

const checkpointsOf = (offsets: readonly number[]) => offsets.map(offset => ({ offset, hash: `hash of ${offset}` }))

describe('checkpoints', () => {
  it('are at most 48, the last one among them, and the nearest one before a byte is at most as far again from the end or half as far from the beginning', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 400 }), steps => {
        let [end, kept] = [0, noCheckpoints]
        for (const step of steps) {
          if (end > 0) kept = thinned([...kept, ...checkpointsOf([end])], end + step)
          end += step
        }
        expect(kept.length).toBe(Math.min(steps.length - 1, 48))
        expect(kept.map(({ offset }) => offset)).toEqual(kept.map(({ offset }) => offset).toSorted((a, b) => a - b))
        expect(end - (kept.at(-1)?.offset ?? 0)).toBe(steps.at(-1))
        for (const [index, { offset }] of kept.entries()) {
          const before = kept[index - 1]?.offset ?? 0
          expect(end - before).toBeLessThanOrEqual(2 * (end - offset) + 2 * 5000)
          if (before > 0) expect(offset).toBeLessThanOrEqual(2 * before + 2 * 5000)
        }
      }),
    )
  })

  it('are saved and read again, and what is none of them is left out', () => {
    const checkpoints = checkpointsOf([1024, 4096])
    expect(checkpointsFromJson(checkpointsToJson(checkpoints))).toEqual(checkpoints)
    expect(checkpointsFromJson([[1, 'a'], [2], ['3', 'c'], null, { offset: 4 }])).toEqual([{ offset: 1, hash: 'a' }])
    expect(checkpointsFromJson(undefined)).toEqual(noCheckpoints)
  })
})
