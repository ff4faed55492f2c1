import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { signals } from '../../core/signals.ts'
import { parseQuery } from '../../promql/read.ts'
import { expressions, substituted } from './generated.ts'

const metricsPage = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')

/** Of every service or process, or made by Prometheus: not on the page of metrics. */
const common = new Set([
  'ALERTS',
  'clawtrust_build_info',
  'clawtrust_series',
  'clawtrust_series_dropped_total',
  'clawtrust_state_commit_timestamp_seconds',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
])

const labelsOf = new Map<string, readonly string[]>(
  Object.values(signals).map(({ metric, labels }) => [metric, ['gateway', 'trust_zone', ...Object.keys(labels)]]),
)

describe.each(expressions)('%s: "%s": %s', (_uid, _title, expression) => {
  const { isValid, metrics, selectors } = parseQuery(substituted(expression))

  it('is PromQL', () => {
    expect(isValid).toBe(true)
  })

  it('asks for metrics that there are', () => {
    expect(metrics.length).toBeGreaterThan(0)
    for (const metric of metrics) {
      if (!common.has(metric)) expect(metricsPage).toContain(`\`${metric}\``)
    }
  })

  it('looks at the chosen job only', () => {
    for (const { metric, text } of parseQuery(expression.replaceAll(/\$__\w+/g, '1h')).selectors) {
      if (metric !== 'ALERTS') expect(text).toContain('job=~"$job"')
    }
  })

  it('reads counters as rates, over the interval that suits the screen', () => {
    expect(expression).not.toMatch(/\birate\(/)
    for (const [, range] of expression.matchAll(/\brate\([^[]*\[([^\]]*)\]/g)) expect(range).toBe('$__rate_interval')
    const grown = /unless|increase/.test(expression)
    for (const { metric, within } of selectors) {
      if (metric.endsWith('_total') && !grown) expect(within).toContain('rate')
    }
  })

  it('takes the greatest value of the replicas before it sums events, and keeps every label meanwhile', () => {
    for (const { metric, within } of selectors) {
      const labels = labelsOf.get(metric)
      if (labels === undefined) continue
      const nearest = within.find(words => /^(max|sum|count|avg)\b/.test(words))
      if (/^max by \(gateway, trust_zone, kind\)$/.test(nearest ?? '')) continue
      expect(nearest).toBe(`max by (${labels.join(', ')})`)
    }
  })

  it('never sums or names instances', () => {
    expect(expression).not.toMatch(/\binstance\b(?!\) clawtrust_build_info)/)
    expect(expression).not.toMatch(/\bzone=/)
  })
})
