import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSeriesScorer, type SeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'
import { drawMinutes, live, START } from './fixtures.ts'

const LIVED = 2000
const minutes = drawMinutes(LIVED)
const newest = START + 60 * (LIVED - 1)

function accustomed(): SeriesScorer {
  const scorer = createSeriesScorer({ series: 'late' })
  live(scorer, minutes)
  return scorer
}

describe('late events', () => {
  it('change no result that was given', () => {
    const scorer = accustomed()
    const before = scorer.explain()
    scorer.late(newest - 600, 40)
    const { window: _window, ...after } = scorer.explain() ?? {}
    expect(before).toMatchObject(after)
  })

  it('are seen by the next minute', () => {
    const punctual = accustomed().step(newest + 60, 3)
    const scorer = accustomed()
    expect(scorer.late(newest - 600, 60)).toBe(true)
    const result = scorer.step(newest + 60, 3)
    expect(result.raw).toBeGreaterThan(punctual.raw + 1)
    expect(scorer.explain()?.window.minutes).toBe(20)
  })

  it('are only counted when they are older than six hours', () => {
    const scorer = accustomed()
    const before = scorer.snapshot()
    expect(scorer.late(newest - 60 * 360, 5)).toBe(false)
    expect(scorer.snapshot()).toEqual(before)
  })

  it('are only counted when their minute was not observed', () => {
    const scorer = accustomed()
    scorer.step(newest + 60, 0, 'partial')
    expect(scorer.late(newest + 60, 5)).toBe(false)
  })

  it('leave every figure finite, whatever was observed in full, in part or not at all', () => {
    const event = fc.record({
      skipped: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2_000) }),
      count: fc.oneof(fc.nat(5), fc.nat(100_000)),
      completeness: fc.constantFrom('complete' as const, 'partial' as const),
      late: fc.array(fc.record({ age: fc.nat(400), delta: fc.constantFrom(0, 1, 50_000) }), { maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), events => {
        const scorer = createSeriesScorer({ series: 'late' })
        let minute = START
        for (const { skipped, count, completeness, late } of events) {
          minute += 60 * (1 + skipped)
          const results: object[] = [scorer.step(minute, count, completeness)]
          for (const { age, delta } of late)
            scorer.late(minute - 60 * age, delta, { address: new Map([['192.0.2.1', 1]]) })
          results.push(scorer.explain() ?? {})
          // JSON has no word for a number that is not finite.
          for (const result of results) expect(JSON.parse(JSON.stringify(result))).toEqual(result)
          expect(createSeriesScorer({ series: 'late' }).restore(scorer.snapshot())).toBeUndefined()
        }
      }),
      { numRuns: 200 },
    )
  })

  it('make their keys known', () => {
    const scorer = accustomed()
    const firstSeenKey = { address: new Map([['203.0.113.77', 1]]) }
    scorer.late(newest, 1, firstSeenKey)
    scorer.step(newest + 60, 1, 'complete', firstSeenKey)
    expect(scorer.explain()?.firstSeen[0]?.newest).not.toContain('203.0.113.77')
  })

  it('of a minute that is not scored yet are refused', () => {
    expect(() => accustomed().late(newest + 60, 1)).toThrow(/not scored yet/)
  })
})
