import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { type BenchmarkSeries, drawBenchmark } from '../../../../bench/anomaly/seccount/benchmark.ts'
import { bestRecall } from '../../../../bench/anomaly/seccount/evaluate.ts'
import { START } from '../../../../bench/anomaly/seccount/series.ts'
import { createSeriesScorer } from '../../../../exporter/anomaly/series/series-scorer.ts'

function raws({ counts }: BenchmarkSeries): Float64Array {
  const scorer = createSeriesScorer({ series: 'seccount' })
  return Float64Array.from(counts, (count, minute) => scorer.step(START + 60 * minute, count).raw)
}

describe('SecCount', () => {
  let series: BenchmarkSeries[]
  beforeAll(() => {
    series = drawBenchmark(12345)
  })

  it('is drawn as published, down to the last count', () => {
    const digest = createHash('sha256')
    for (const { counts } of series) digest.update(Buffer.from(counts.buffer))
    expect(digest.digest('hex')).toBe('efa3818f803f29536346212e236491e16e1f7f0566122bc12a1d8192f3ee559f')
    expect(series.flatMap(({ attacks }) => attacks)).toHaveLength(276)
    expect(series[0]?.attacks.map(({ type, first, last }) => `${type} ${first}–${last}`)).toEqual([
      'burst 27407–27416',
      'spray 29310–29431',
      'drip 30738–31641',
      'offhours 36203–36271',
    ])
  })

  it('has the published maxima of raw on series 26 and 50', () => {
    const maximum = (index: number) => {
      const values = raws(series[index] as BenchmarkSeries)
      const largest = Math.max(...values)
      return { largest, minute: values.indexOf(largest) }
    }
    expect(maximum(26).minute).toBe(23_807)
    expect(maximum(26).largest).toBeCloseTo(8.123, 2)
    expect(maximum(50).minute).toBe(36_579)
    expect(maximum(50).largest).toBeCloseTo(12.2378, 2)
  })

  it('keeps its recall on every sixth series; the whole benchmark is bench/anomaly/seccount.ts', () => {
    const sample = series.filter((_, index) => index % 6 === 0)
    const outcome = bestRecall(sample, sample.map(raws), 1)
    expect(outcome.falseAlertsPerSeriesWeek).toBeLessThanOrEqual(1)
    expect(outcome.recall).toBeGreaterThanOrEqual(0.6)
  })
})
