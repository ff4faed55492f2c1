import { expect, it } from '@jest/globals'
import { leaveOneFileOut, profiles } from '../../../bench/anomaly/nab/score.ts'

it('scores a corpus with more thresholds than a call may have arguments', () => {
  const rows = 150_000
  // The last row alone is in a window, and the second file's is above the first file's.
  const file = (offset: number) =>
    Array.from({ length: rows }, (_, row) => {
      const score = (2 * row + offset) / (2 * rows)
      return row === rows - 1 ? { score, window: `window ${offset}`, unit: 1 } : { score, window: undefined, unit: -1 }
    })
  // The first file's window is missed at the best threshold of the second one, the second file's is found at that of the first.
  expect(leaveOneFileOut([file(0), file(1)], profiles.standard, 2)).toBe(50)
})
