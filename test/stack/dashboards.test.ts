import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { expressions, substituted } from '../dashboards/generated.ts'
import { withCommands } from '../requirements.ts'
import { eventually } from './servers/eventually.ts'
import { type RunningExporter, startExporter } from './servers/exporter.ts'
import { type Prometheus, startPrometheus } from './servers/prometheus.ts'

/** Panels whose source cannot be there: the demo is a log file, and Prometheus has no rules here. */
const withoutSource: Readonly<Record<string, string>> = {
  'Open alerts': 'no alert rules are loaded',
  'Successes by mechanism': 'a log file tells of no successes',
  'Sprays and first-seen successes': 'a log file names no identities',
  'Refused client certificates': 'there is no proxy',
  'Certificates until they expire': 'there is no proxy',
  'What speaks': 'told only while a score is at least 30',
  'Configuration and plugin changes': 'an annotation: nothing need have changed',
  'Remediation actions': 'an annotation: remediation does not run',
}
const REMEDIATION = 'clawtrust-remediation'
const seconds = { range: '5s', rateInterval: '10s' }

withCommands('prometheus').describe('the dashboards over the demo', () => {
  let exporter: RunningExporter
  let prometheus: Prometheus

  beforeAll(async () => {
    exporter = await startExporter()
    const { address } = exporter
    prometheus = await startPrometheus(['one', 'two'].map(job => ({ job, address })))
    for (const metric of ['policy_decisions_total', 'anomaly_score', 'auth_lockouts_total', 'posture_drifts_total']) {
      const ask = `clawtrust_${metric} and clawtrust_${metric} offset 8s`
      // A score is there once a minute has closed.
      await eventually(`${ask} gives a sample`, async () => (await prometheus.query(ask)).length > 0 || undefined, {
        limitMs: 120_000,
      })
    }
  }, 300_000)

  afterAll(async () => {
    await prometheus?.stop()
    await exporter?.stop()
  })

  it.each(expressions)('%s: "%s" has data: %s', async (uid, title, expression) => {
    const samples = await prometheus.query(substituted(expression, seconds))
    if (uid !== REMEDIATION && !(title in withoutSource)) expect(samples).not.toEqual([])
  })

  describe('two replicas that tell the same', () => {
    const counts = expressions.filter(([, , expression]) => /\bsum\b/.test(expression))

    it.each(counts)('%s: "%s" is not doubled', async (_uid, _title, expression) => {
      const [one, both] = await Promise.all(
        ['one', '.+'].map(job => prometheus.query(substituted(expression, { ...seconds, job }))),
      )
      const total = (samples = one) => (samples ?? []).reduce((sum, { value }) => sum + value, 0)
      expect(total(both)).toBeLessThanOrEqual(total(one) * 1.5 + 1e-9)
    })

    it('would be doubled by a plain sum, which this therefore sees', async () => {
      const [sum] = await prometheus.query(
        'sum(clawtrust_auth_failures_total) / sum(clawtrust_auth_failures_total{job="one"})',
      )
      expect(sum?.value).toBeGreaterThan(1.9)
    })
  })
})
