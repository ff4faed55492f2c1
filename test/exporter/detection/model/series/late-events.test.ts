import { describe, expect, it } from '@jest/globals'
import { createSeriesScorer, type SeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'
import { drawMinutes, live, START } from './fixtures.ts'

const LIVED = 9 * 1440
const minutes = drawMinutes(LIVED)
const newest = START + 60 * (LIVED - 1)

const lived = createSeriesScorer({ series: 'late' })
live(lived, minutes)
const snapshot = lived.snapshot()

function accustomed(): SeriesScorer {
  const scorer = createSeriesScorer({ series: 'late' })
  scorer.restore(snapshot)
  return scorer
}

describe('late events', () => {
  it('change no result that was given', () => {
    const scorer = accustomed()
    const before = scorer.explain()
    scorer.late(newest - 600, 40)
    const { window: _window, shortfall: _shortfall, ...after } = scorer.explain() ?? {}
    expect(before).toMatchObject(after)
  })

  it('are seen by the next minute', () => {
    const punctual = accustomed().step(newest + 60, 3)
    const scorer = accustomed()
    expect(scorer.late(newest - 600, 60)).toBe(true)
    const result = scorer.step(newest + 60, 3)
    expect(result.raw).toBeGreaterThan(punctual.raw + 1)
    expect(scorer.explain()?.window.minutes).toBeGreaterThan(10)
  })

  it('are only counted when they are older than twelve hours', () => {
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
