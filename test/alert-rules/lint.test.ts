import { describe, expect, it } from '@jest/globals'
import { alertsOf } from '../../alert-rules/catalogue.ts'
import { isAlert } from '../../alert-rules/rule.ts'
import { signals } from '../../core/signals.ts'
import { metricDefinitions } from '../../remediation/metrics/definitions.ts'
import { renderedFiles } from '../../tools/alert-rules/files.ts'
import { pipelineMetrics } from '../../tools/docs/defined-metrics.ts'
import { groups, values, written } from './rendered.ts'

const alerts = alertsOf(groups)
const rules = groups.flatMap(group => group.rules)
const place = ['gateway', 'trust_zone']

/** Every metric that the rules may name, with its type and labels; the last ones are defined outside the pipeline. */
const metrics = new Map<string, { readonly type: string; readonly labels: readonly string[] }>([
  ...Object.values(signals).map(
    ({ metric, labels }) => [metric, { type: 'counter', labels: [...place, ...Object.keys(labels)] }] as const,
  ),
  ...[...pipelineMetrics(), ...metricDefinitions].map(({ name, type, labels }) => [name, { type, labels }] as const),
  ['clawtrust_anomaly_score', { type: 'gauge', labels: [...place, 'signal'] }],
  ['clawtrust_build_info', { type: 'gauge', labels: [] }],
  ['clawtrust_config_last_reload_successful', { type: 'gauge', labels: [] }],
  ['clawtrust_series_dropped_total', { type: 'counter', labels: ['metric'] }],
  ['clawtrust_state_commit_timestamp_seconds', { type: 'gauge', labels: [] }],
  ['alertmanager_notifications_failed_total', { type: 'counter', labels: ['integration'] }],
])

const named = (expr: string) => [
  ...expr.matchAll(/\b((?:clawtrust|alertmanager)_[a-z_]+)\b(?:\{([^}]*)\})?(\[\w+\])?/g),
]

describe('every rule', () => {
  it('names metrics that exist, with labels that they have', () => {
    const wrong = rules.flatMap(({ expr }) =>
      named(expr).flatMap(([, name = '', matchers = '']) => {
        const labels = metrics.get(name)?.labels
        if (labels === undefined) return [name]
        return [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)]
          .map(([, label = '']) => label)
          .filter(label => !labels.includes(label))
      }),
    )
    expect(wrong).toEqual([])
  })

  it('takes rates of counters only, over at least two scrapes of a minute', () => {
    for (const { expr } of rules) {
      for (const [, , name = '', window] of expr.matchAll(/\b(rate|increase)\((\w+)(?:\{[^}]*\})?\[(\w+)\]\)/g)) {
        expect([name, metrics.get(name)?.type]).toEqual([name, 'counter'])
        expect(['5m', '10m', '15m', '1h']).toContain(window)
      }
    }
  })

  it('uses nothing that is fragile or newer than Prometheus 2.42', () => {
    for (const { expr } of rules) expect(expr).not.toMatch(/\b(topk|bottomk|holt_winters|limitk|info)\(/)
  })

  it('stands once', () => {
    expect(new Set(rules.map(rule => (isAlert(rule) ? rule.alert : rule.record))).size).toBe(rules.length)
    expect(new Set(alerts.map(({ expr }) => expr)).size).toBe(alerts.length)
  })
})

describe.each(alerts.map(rule => [rule.alert, rule] as const))('%s', (name, rule) => {
  it('has a name of the pack and a condition', () => {
    expect(name).toMatch(/^Clawtrust(?:[A-Z][a-z]+)+$/)
    expect(rule.expr).toMatch(/(?:[<>]=?|==) [\d.e]+\)?|^absent\(/)
  })

  it('has a summary that is a sentence, a description and controls', () => {
    expect(rule.summary).toMatch(/^[A-Z][^{}]*\.$/)
    expect(rule.description).toMatch(/\.$/)
    expect(rule.controls.every(control => /^[A-Z]{2}-\d+$/.test(control))).toBe(true)
    expect(rule.controls.length).toBeGreaterThan(0)
  })

  it('says only labels that its expression keeps, and none of a replica', () => {
    const kept = [...rule.expr.matchAll(/^(?:time\(\) - )?(?:max|min) by \(([^)]*)\)/g)].flatMap(([, labels = '']) =>
      labels.split(', '),
    )
    const told = [...rule.description.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label)
    if (kept.length > 0) for (const label of told) expect(kept).toContain(label)
    expect(told).not.toContain('instance')
    if (rule.playbook !== undefined) expect(kept).toContain('source_ip')
  })

  it('waits for at least two scrapes where absence is what it looks for', () => {
    if (rule.expr.includes('absent(')) expect(rule.for).toMatch(/^[2-9]m$/)
  })

  it('has a runbook of four parts', () => {
    const runbook = written(`docs/runbooks/${name}.md`)
    expect(runbook.match(/^#+ .*$/gm)).toEqual([
      `# ${name}`,
      '## Meaning',
      '## Impact',
      '## Diagnosis',
      '## Mitigation',
    ])
  })
})

describe('the rendered files', () => {
  it.each(Object.entries(renderedFiles(values)))(
    '%s is fresh, else `node tools/alert-rules/main.ts` makes it so',
    (path, text) => {
      expect(written(`alert-rules/${path}`)).toBe(text)
    },
  )

  it('hold no value in a label', () => {
    for (const text of Object.values(renderedFiles(values)))
      expect(text).not.toMatch(/labels:\n(?:\s+\w+: .*\n)*\s+\w+: .*\$value/)
  })
})
