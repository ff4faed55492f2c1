import { describe, expect, it } from '@jest/globals'
import { ComplianceMetrics } from '../../compliance/metrics.ts'
import { createSeriesStore } from '../../service/series/store.ts'
import { samplesOf } from './made-reports.ts'
import { aReport, controlResult } from './reports.ts'

const framework = (id: string) => ({ id, title: id, version: '1', source: 'https://example.com', sha256: '' })

describe('the metrics of reports', () => {
  it('show the newest report alone: frameworks and exceptions of the one before are gone', async () => {
    const series = createSeriesStore()
    const metrics = new ComplianceMetrics(series)
    const exception = { control: 'old/A-1', expires: '2026-12-31' }
    metrics.show(
      aReport({
        frameworks: [framework('old')],
        controls: [controlResult({ framework: 'old', status: 'fail' })],
        exceptions: [exception as never],
      }),
      'one',
    )
    expect(await samplesOf(series)).toContain('clawtrust_compliance_controls{framework="old",status="fail"} 1')
    expect((await samplesOf(series)).join()).toContain('control="old/A-1"')
    metrics.show(aReport({ frameworks: [framework('new')] }), 'two')
    const samples = (await samplesOf(series)).join('\n')
    expect(samples).not.toContain('old')
    expect(samples).toContain('clawtrust_compliance_controls{framework="new",status="pass"} 0')
    expect(metrics.shown).toBe('two')
  })

  it('have no coverage where nothing tells it, never zero', async () => {
    const series = createSeriesStore()
    const metrics = new ComplianceMetrics(series)
    metrics.show(aReport({ coverage: { share: 0.5, sources: [], gaps: [] } }), 'one')
    expect(await samplesOf(series)).toContain('clawtrust_compliance_coverage_ratio 0.5')
    metrics.show(aReport(), 'two')
    expect((await samplesOf(series)).filter(line => line.startsWith('clawtrust_compliance_coverage'))).toEqual([])
  })
})
