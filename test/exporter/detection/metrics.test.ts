import { describe, expect, it } from '@jest/globals'
import { bench, countsOf, eventAt, key, live, only, runOf, START, settle } from './fixtures.ts'

const series = 'gateway="edge-1",trust_zone="agent-control",signal="auth_failures"'

describe('the metrics of the scorer', () => {
  it('hold no score before 720 minutes, only how many were learnt', async () => {
    const setup = bench()
    live(setup, countsOf(720))
    expect(await setup.metrics()).toContain(`clawtrust_anomaly_samples_seen{${series}} 720`)
    expect(await setup.metrics()).not.toMatch(/clawtrust_anomaly_(score|expected|lower|upper|observed|active)\{/)
    live(setup, countsOf(721), 720)
    for (const name of ['score', 'expected', 'lower', 'upper', 'observed', 'active']) {
      expect(await setup.metrics()).toContain(`clawtrust_anomaly_${name}{${series}}`)
    }
  })

  it('split a score into its views only while it has a severity of at least low', async () => {
    const setup = bench()
    const counts = countsOf(1800, 1500)
    live(setup, counts.slice(0, 1400))
    const stoodOut = new Set<boolean>()
    for (let minute = 1400; minute < counts.length; minute++) {
      live(setup, counts.slice(0, minute + 1), minute)
      const parts = [...(await setup.metrics()).matchAll(/clawtrust_anomaly_contribution\{.*\} (\S+)/g)]
      const expected = [...(await setup.metrics()).matchAll(/clawtrust_anomaly_expected_part\{.*\} (\S+)/g)]
      const { latest, active } = only(setup)
      const standsOut = (latest?.score ?? 0) >= 30 || active
      stoodOut.add(standsOut)
      const sumOf = (samples: typeof parts) => samples.reduce((sum, [, part]) => sum + Number(part), 0)
      expect([parts.length, expected.length].map(count => count > 0)).toEqual([standsOut, standsOut])
      if (!standsOut) continue
      expect(sumOf(parts)).toBeCloseTo(latest?.raw ?? -1, 6)
      expect(sumOf(expected)).toBeCloseTo(latest?.expected ?? -1, 6)
    }
    expect(stoodOut).toEqual(new Set([true, false]))
    const minute = ((only(setup).episodes.list(START + 1800 * 60)[0]?.from ?? 0) - START) / 60
    expect(minute).toBeGreaterThanOrEqual(1500)
    expect(minute).toBeLessThan(1510)
  })

  it('withdraw a score while its series is scored again', async () => {
    const setup = bench()
    live(setup, countsOf(800))
    expect(await setup.metrics()).toContain('clawtrust_anomaly_score{')
    setup.scoring.onBackfill(runOf(countsOf(800)))
    expect(await setup.metrics()).not.toContain('clawtrust_anomaly_score{')
    settle(setup)
  })

  it('count a series that finds no scorer once, and score the others', async () => {
    const setup = bench({ seriesLimit: 2 })
    for (let minute = 0; minute < 3; minute++) {
      for (const gateway of ['a', 'b', 'c', 'd']) {
        setup.scoring.onMinute({ ...key, gateway }, START + minute * 60, 1, 'complete')
      }
    }
    setup.saved.changes()
    expect(setup.scoring.list().map(({ key: { gateway } }) => gateway)).toEqual(['a', 'b'])
    expect(await setup.metrics()).toContain('clawtrust_anomaly_overflow_total{tier="full"} 2')
    expect(await setup.metrics()).toContain('clawtrust_anomaly_tier_series{tier="full"} 2')
  })

  it('count a kind of entities that finds no table', async () => {
    const setup = bench({ entityTables: 0 })
    setup.scoring.onEvent(eventAt(0, 1, '198.51.100.1'), 'live')
    setup.scoring.onMinute(key, START, 1, 'complete')
    setup.saved.changes()
    expect(await setup.metrics()).toContain('clawtrust_anomaly_overflow_total{tier="lite"} 1')
  })

  it('stay finite whatever is counted', async () => {
    const setup = bench()
    live(setup, countsOf(800))
    for (const [minute, count] of [1e15, 0, 1, 2 ** 53 - 1, 0].entries()) {
      setup.scoring.onMinute(key, START + (800 + minute) * 60, count, minute === 2 ? 'partial' : 'complete')
    }
    setup.scoring.onMinute(key, START + 366 * 86_400, 3, 'complete')
    setup.scoring.onLateEvents(key, START + 366 * 86_400, 1e15)
    setup.scoring.onMinute(key, START + 366 * 86_400 + 60, 3, 'complete')
    expect(await setup.metrics()).not.toMatch(/NaN|Inf/)
    expect(JSON.stringify(only(setup).explain())).not.toContain('null')
  })
})
