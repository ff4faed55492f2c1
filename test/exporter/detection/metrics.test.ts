import { describe, expect, it } from '@jest/globals'
import { bench, countsOf, eventAt, key, live, only, runOf, START, settle } from './fixtures.ts'

const series = 'gateway="edge-1",trust_zone="agent-control",signal="auth_failures"'

describe('the metrics of the scorer', () => {
  it('hold no score before 720 minutes, only how many were learnt', async () => {
    const told = bench()
    live(told, countsOf(720))
    expect(await told.metrics()).toContain(`clawtrust_anomaly_samples_seen{${series}} 720`)
    expect(await told.metrics()).not.toMatch(/clawtrust_anomaly_(score|expected|lower|upper|observed|active)\{/)
    live(told, countsOf(721), 720)
    for (const name of ['score', 'expected', 'lower', 'upper', 'observed', 'active']) {
      expect(await told.metrics()).toContain(`clawtrust_anomaly_${name}{${series}}`)
    }
  })

  it('split a score into its views only while it stands out', async () => {
    const told = bench()
    const counts = countsOf(1800, 1500)
    live(told, counts.slice(0, 1400))
    const stoodOut = new Set<boolean>()
    for (let minute = 1400; minute < counts.length; minute++) {
      live(told, counts.slice(0, minute + 1), minute)
      const parts = [...(await told.metrics()).matchAll(/clawtrust_anomaly_contribution\{.*\} (\S+)/g)]
      const { latest, active } = only(told)
      const standsOut = (latest?.score ?? 0) >= 30 || active
      stoodOut.add(standsOut)
      expect(parts.length > 0).toBe(standsOut)
      if (standsOut) expect(parts.reduce((sum, [, part]) => sum + Number(part), 0)).toBeCloseTo(latest?.raw ?? -1, 6)
    }
    expect(stoodOut).toEqual(new Set([true, false]))
    const minute = ((only(told).episodes.list(START + 1800 * 60)[0]?.from ?? 0) - START) / 60
    expect(minute).toBeGreaterThanOrEqual(1500)
    expect(minute).toBeLessThan(1510)
  })

  it('take a score away while its series is scored anew', async () => {
    const told = bench()
    live(told, countsOf(800))
    expect(await told.metrics()).toContain('clawtrust_anomaly_score{')
    told.scoring.onBackfill(runOf(countsOf(800)))
    expect(await told.metrics()).not.toContain('clawtrust_anomaly_score{')
    settle(told)
  })

  it('count a series that finds no scorer once, and score the others', async () => {
    const told = bench({ seriesLimit: 2 })
    for (let minute = 0; minute < 3; minute++) {
      for (const gateway of ['a', 'b', 'c', 'd']) {
        told.scoring.onMinute({ ...key, gateway }, START + minute * 60, 1, 'complete')
      }
    }
    told.saved.changes()
    expect(told.scoring.list().map(({ key: { gateway } }) => gateway)).toEqual(['a', 'b'])
    expect(await told.metrics()).toContain('clawtrust_anomaly_overflow_total{tier="full"} 2')
    expect(await told.metrics()).toContain('clawtrust_anomaly_tier_series{tier="full"} 2')
  })

  it('count a kind of entities that finds no table', async () => {
    const told = bench({ entityTables: 0 })
    told.scoring.onEvent(eventAt(0, 1, '198.51.100.1'), 'live')
    told.scoring.onMinute(key, START, 1, 'complete')
    told.saved.changes()
    expect(await told.metrics()).toContain('clawtrust_anomaly_overflow_total{tier="lite"} 1')
  })

  it('stay finite whatever is counted', async () => {
    const told = bench()
    live(told, countsOf(800))
    for (const [minute, count] of [1e15, 0, 1, 2 ** 53 - 1, 0].entries()) {
      told.scoring.onMinute(key, START + (800 + minute) * 60, count, minute === 2 ? 'partial' : 'complete')
    }
    told.scoring.onMinute(key, START + 366 * 86_400, 3, 'complete')
    told.scoring.onLateEvents(key, START + 366 * 86_400, 1e15)
    told.scoring.onMinute(key, START + 366 * 86_400 + 60, 3, 'complete')
    expect(await told.metrics()).not.toMatch(/NaN|Inf/)
    expect(JSON.stringify(only(told).explain())).not.toContain('null')
  })
})
