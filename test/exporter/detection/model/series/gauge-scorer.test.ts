import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { createGaugeScorer, type GaugeScorer } from '../../../../../exporter/detection/model/series/gauge-scorer.ts'
import { START } from './fixtures.ts'

function live(scorer: GaugeScorer, from: number, to: number) {
  const random = new Random(from)
  return Array.from({ length: to - from }, (_, i) => scorer.step(START + 300 * (from + i), 20 + random.gauss()))
}

describe('the gauge scorer', () => {
  it('finds a level that was never there', () => {
    const scorer = createGaugeScorer({ series: 'posture_findings' })
    live(scorer, 0, 1000)
    const result = scorer.step(START + 300_000, 45)
    expect(result.score).toBeGreaterThan(65)
    expect(result.fire).toBe(result.raw)
  })

  it('has no score in its first 144 values', () => {
    const results = live(createGaugeScorer({ series: 'g' }), 0, 200)
    expect(results.findIndex(({ score }) => score !== undefined)).toBe(144)
  })

  it('continues bit for bit from a snapshot', () => {
    const lived = createGaugeScorer({ series: 'g' })
    live(lived, 0, 777)
    const restored = createGaugeScorer({ series: 'g' })
    expect(restored.restore(lived.snapshot())).toBeUndefined()
    expect(live(restored, 777, 1500)).toEqual(live(lived, 777, 1500))
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e301])('refuses %p', value => {
    expect(() => createGaugeScorer({ series: 'g' }).step(START, value)).toThrow(/series g/)
  })
})
