import { describe, expect, it } from '@jest/globals'
import type { LabelledFile } from '../../../../../bench/anomaly/nab/corpus.ts'
import { evaluate } from '../../../../../bench/anomaly/nab/evaluate.ts'

/** 400 rows, probation of 60, one window of 40 rows. */
const file: LabelledFile = {
  name: 'made/up.csv',
  timestamps: Array.from({ length: 400 }, (_, row) => `${row}`),
  times: Array.from({ length: 400 }, (_, row) => 300 * row),
  values: Array<number>(400).fill(0),
  windows: [{ first: 200, last: 239 }],
}

const speakAt = (...rows: number[]) => file.times.map((_, row) => (rows.includes(row) ? 1 : 0))
const standard = (scores: readonly number[]) => evaluate([file], () => scores).scores.standard

describe('the NAB scorer', () => {
  it('gives 0 for silence and 100 for the first row of the window alone', () => {
    expect(standard(speakAt())).toBe(0)
    expect(standard(speakAt(200))).toBeCloseTo(100)
  })

  it('gives less for a later row of the window', () => {
    expect(standard(speakAt(235))).toBeLessThan(70)
    expect(standard(speakAt(235))).toBeGreaterThan(50)
  })

  it('takes .11 of a hit for a false row before the window, and hardly anything right behind it', () => {
    expect(standard(speakAt(100, 200))).toBeCloseTo(100 - 11 / 2)
    expect(standard(speakAt(200, 240))).toBeGreaterThan(98)
  })

  it('does not look at probation', () => {
    expect(standard(speakAt(10, 200))).toBeCloseTo(100)
  })

  it('takes the best threshold of all files', () => {
    const scores = speakAt(200).map((score, row) => (row === 300 ? 0.5 : score))
    expect(evaluate([file], () => scores)).toMatchObject({ threshold: 1, windowsHit: 1, falseRows: 0 })
  })
})
