import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSeriesScorer, type SeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'
import { drawMinutes, live, START } from './fixtures.ts'

const YEAR = 525_600
const count = fc.oneof(
  { weight: 6, arbitrary: fc.nat(8) },
  { weight: 1, arbitrary: fc.constantFrom(0.25, 70_000.5, 65_535, 1e6, 1e15, Number.MAX_SAFE_INTEGER) },
)
/** Consecutive minutes, then perhaps a gap, then perhaps late events. */
const piece = fc.record({
  counts: fc.array(count, { minLength: 1, maxLength: 40 }),
  completeness: fc.constantFrom('complete' as const, 'complete' as const, 'partial' as const),
  gap: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(1, 30, 719, 720, 721, 1439, 1440, 1441, 10_080, YEAR) },
  ),
  late: fc.array(fc.record({ age: fc.nat(800), delta: fc.oneof(fc.nat(9), fc.constant(1e15)) }), { maxLength: 2 }),
})
const script = fc.record({
  /** Minutes lived before: the warm-up and some days, or none. */
  lived: fc.constantFrom(0, 715, 1500, 3100),
  pieces: fc.array(piece, { minLength: 1, maxLength: 6 }),
  /** Index of the piece before which the scorer is stopped and restored. */
  stop: fc.nat(5),
})

// Living the first days takes longer than what is tried on them.
const histories = new Map<number, Uint8Array>()
function accustomed(minutes: number): SeriesScorer {
  const scorer = createSeriesScorer({ series: 'script' })
  if (minutes === 0) return scorer
  let snapshot = histories.get(minutes)
  if (snapshot === undefined) {
    live(scorer, drawMinutes(minutes))
    snapshot = scorer.snapshot()
    histories.set(minutes, snapshot)
  }
  scorer.restore(snapshot)
  return scorer
}

function expectSound(scorer: SeriesScorer): void {
  const explanation = scorer.explain()
  if (explanation === undefined) throw new Error('nothing to explain after a minute')
  // JSON has no word for a number that is not finite.
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(JSON.parse(JSON.stringify({ ...explanation })))
  expect(JSON.stringify(explanation)).not.toContain('null')
  const { score, raw, contributions, expected, lower, upper, window, shortfall } = explanation
  if (score === undefined) expect(raw).toBe(0)
  else {
    expect(score).toBeGreaterThanOrEqual(0)
    expect(score).toBeLessThanOrEqual(100)
  }
  expect(Object.values(contributions).reduce((sum, part) => sum + part, 0)).toBe(raw)
  for (const band of [{ expected, lower, upper }, window, ...(shortfall === undefined ? [] : [shortfall])]) {
    expect(band.lower).toBeGreaterThanOrEqual(0)
    expect(band.lower).toBeLessThanOrEqual(Math.max(0, band.expected))
    // Whole counts: below one event the band may end at 0.
    expect(band.upper).toBeGreaterThanOrEqual(band.expected < 1 ? 0 : band.expected)
    expect(band.upper).toBeGreaterThanOrEqual(band.lower)
  }
}

describe('whatever is observed in full, in part, late or not at all', () => {
  it('every figure is finite and in its bounds, and a scorer that was stopped and restored continues to the bit', () => {
    fc.assert(
      fc.property(script, ({ lived, pieces, stop }) => {
        const steady = accustomed(lived)
        let restarted = accustomed(lived)
        let minute = START + 60 * lived
        pieces.forEach(({ counts, completeness, gap, late }, index) => {
          if (index === stop) {
            const next = createSeriesScorer({ series: 'script' })
            expect(next.restore(restarted.snapshot())).toBeUndefined()
            restarted = next
          }
          minute += 60 * gap
          for (const events of counts) {
            const result = steady.step(minute, events, completeness)
            expect(restarted.step(minute, events, completeness)).toEqual(result)
            expectSound(steady)
            minute += 60
          }
          for (const { age, delta } of late) {
            const time = minute - 60 * (1 + age)
            expect(restarted.late(time, delta)).toBe(steady.late(time, delta))
          }
        })
        expect(restarted.explain()).toEqual(steady.explain())
        expect(Buffer.from(restarted.snapshot()).equals(Buffer.from(steady.snapshot()))).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})
