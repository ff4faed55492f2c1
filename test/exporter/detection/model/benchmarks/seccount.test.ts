import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { type BenchmarkSeries, drawBenchmark } from '../../../../../bench/anomaly/seccount/benchmark.ts'

const BENCHMARK = join(import.meta.dirname, '../../../../../bench/anomaly/seccount.ts')

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

  it('is held to its bars with the shipped constants', () => {
    const out = mkdtempSync(join(tmpdir(), 'clawtrust-seccount-'))
    execFileSync(process.execPath, [BENCHMARK, '--seeds', '12345', '--only', 'own', '--out', out])
    const [own] = JSON.parse(readFileSync(join(out, 'seccount-12345.json'), 'utf8')).rows
    expect(own.atOne.falseAlertsPerSeriesWeek).toBeLessThanOrEqual(1)
    expect(own.atOne.recall).toBeGreaterThanOrEqual(0.8)
    expect(own.atFifth.recall).toBeGreaterThanOrEqual(0.69)
    const floors = { burst: 0.95, smallburst: 0.6, silence: 0.95, offhours: 0.88, spray: 0.68, drip: 0.5 }
    for (const [type, floor] of Object.entries(floors)) {
      expect(own.atOne.recallByType[type]).toBeGreaterThanOrEqual(floor)
    }
  }, 600_000)
})
