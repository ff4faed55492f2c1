import { describe, expect, it } from '@jest/globals'
import { createSeriesScorer, type SeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'
import { drawMinutes, live, START } from './fixtures.ts'

const LIVED = 4000
const minutes = drawMinutes(LIVED + 3000)
const at = (minute: number) => START + 60 * minute

function accustomed(): SeriesScorer {
  const scorer = createSeriesScorer({ series: 'gaps' })
  live(scorer, minutes.slice(0, LIVED))
  return scorer
}

describe('gaps in the telemetry', () => {
  it('are not silence: six hours of partial zeros raise nothing', () => {
    const scorer = accustomed()
    const before = scorer.lastMinute
    const results = Array.from({ length: 360 }, (_, i) => scorer.step(at(LIVED + i), 0, 'partial'))
    expect(before).toBe(at(LIVED - 1))
    expect(results.every(({ active, completeness }) => !active && completeness === 'partial')).toBe(true)
    expect(Math.max(...results.map(({ score }) => score as number))).toBeLessThan(50)
    expect(scorer.explain()?.contributions.silence).toBe(0)
  })

  it('are not learnt as zeros: what is expected afterwards is what was expected before', () => {
    const gap = accustomed()
    for (let i = 0; i < 1440; i++) gap.step(at(LIVED + i), 0, 'partial')
    const zeros = accustomed()
    for (let i = 0; i < 1440; i++) zeros.step(at(LIVED + i), 0)
    const expectedBefore = accustomed().step(at(LIVED), 0).expected
    expect(gap.step(at(LIVED + 1440), 3).expected / expectedBefore).toBeCloseTo(1, 1)
    expect(zeros.step(at(LIVED + 1440), 3).expected / expectedBefore).toBeLessThan(0.7)
  })

  it('do not hide an excess: what did arrive is a lower bound', () => {
    const result = accustomed().step(at(LIVED), 80, 'partial')
    expect(result).toMatchObject({ active: true, completeness: 'partial' })
  })

  it('teach nothing, not even by an excess', () => {
    const scorer = accustomed()
    const samples = scorer.explain()?.samplesSeen
    for (let i = 0; i < 30; i++) scorer.step(at(LIVED + i), 80, 'partial')
    expect(scorer.explain()?.samplesSeen).toBe(samples)
  })

  it('do not shake the windows that reach over them', () => {
    const scorer = accustomed()
    for (let i = 0; i < 300; i++) scorer.step(at(LIVED + i), 0, 'partial')
    const after = minutes.slice(LIVED + 300, LIVED + 1300)
    const scores = live(scorer, after).map(({ score }) => score as number)
    expect(scores.filter(score => score > 65).length).toBe(0)
  })

  it('leave an active series active while they last', () => {
    const scorer = accustomed()
    scorer.step(at(LIVED), 80)
    for (let i = 1; i < 120; i++) scorer.step(at(LIVED + i), 0, 'partial')
    expect(scorer.explain()?.active).toBe(true)
  })

  it.each([
    ['a minute', 1],
    ['a day', 1440],
    ['a year', 525_600],
  ])('of %s that nobody told of count as not observed', (_name, missing) => {
    const scorer = accustomed()
    const before = accustomed().step(at(LIVED), 3).expected
    const result = scorer.step(at(LIVED + missing), 3)
    expect(result.score).toBeLessThan(50)
    expect(result.expected / before).toBeGreaterThan(0.3)
    expect(result.expected / before).toBeLessThan(3)
  })

  it('end an alert when they are longer than the hold-off', () => {
    const scorer = accustomed()
    scorer.step(at(LIVED), 80)
    expect(scorer.step(at(LIVED + 1440), 2).active).toBe(false)
  })
})
