import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ScoreResult } from '../../../exporter/detection/model/series/score-result.ts'
import { RECENT_MINUTES, RecentScores, type ScorePoint } from '../../../exporter/detection/recent-scores.ts'

const resultOf = ({ minute, ...figures }: ScorePoint): ScoreResult => ({
  ...figures,
  minuteStart: minute,
  completeness: 'complete',
  samplesSeen: 1000,
  raw: 0,
  active: false,
  notify: false,
})

/** Seven digits of what single precision keeps. */
const plain = (value: number) => Number(Math.fround(value).toPrecision(7))

const figure = fc.oneof(
  fc.nat(100),
  fc.constantFrom(65_535, 65_536, 1e15),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
)
const step = fc.record({
  gap: fc.oneof(
    { weight: 20, arbitrary: fc.constant(1) },
    fc.nat(300).map(minutes => minutes + 1),
  ),
  observed: figure,
  expected: figure,
  lower: figure,
  upper: figure,
  score: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined }),
})

function pointsOf(steps: readonly { readonly gap: number }[]): ScorePoint[] {
  let minute = 1_700_000_040
  return steps.map(({ gap, ...figures }) => {
    minute += 60 * gap
    return { minute, ...figures } as ScorePoint
  })
}

describe('the recent scores of a series', () => {
  it('hold the points of the last two hours, whatever their size', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 300, size: 'max' }), steps => {
        const points = pointsOf(steps)
        const trail = new RecentScores()
        for (const point of points) trail.add(resultOf(point))
        const newest = points.at(-1)?.minute ?? 0
        const kept = points
          .filter(({ minute }) => minute > newest - RECENT_MINUTES * 60)
          .map(({ minute, observed, expected, lower, upper, score }) => ({
            minute,
            observed: plain(observed),
            expected: plain(expected),
            lower: plain(lower),
            upper: plain(upper),
            score: score === undefined ? undefined : plain(score),
          }))
        expect(trail.points()).toEqual(kept)
        const restored = new RecentScores()
        restored.restore(trail.points())
        expect(restored.points()).toEqual(kept)
      }),
      { numRuns: 50 },
    )
  })

  it('hold their points in a copy while the original changes', () => {
    const [first, second] = pointsOf([{ gap: 1 }, { gap: 1 }]).map(point => {
      return { ...point, observed: 1, expected: 1, lower: 0, upper: 70_000, score: 5 }
    }) as [ScorePoint, ScorePoint]
    const trail = new RecentScores()
    trail.add(resultOf(first))
    const copy = trail.copy()
    trail.add(resultOf(second))
    expect(copy.points()).toEqual([first])
    expect(trail.points()).toEqual([first, second])
  })
})
