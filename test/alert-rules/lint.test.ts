import { describe, expect, it } from '@jest/globals'
import { alertsOf } from '../../alert-rules/groups/catalogue.ts'
import { isAlert, playbookTargets } from '../../alert-rules/rule.ts'
import { MINUTE_MS } from '../../core/clock.ts'
import { dashboards } from '../../dashboards/definitions/catalogue.ts'
import { groupingLabels } from '../../promql/read.ts'
import { builtInPlaybooks } from '../../remediation/steps/built-in-playbooks.ts'
import { renderedFiles } from '../../tools/alert-rules/files.ts'
import { metrics } from './metrics.ts'
import { groups, type RenderedAlert, renderedAlerts, values, written } from './rendered.ts'

const alerts = alertsOf(groups)
const rules = groups.flatMap(group => group.rules)

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
  const shipped = renderedAlerts.get(name) as RenderedAlert

  it('has a name of the pack and a condition', () => {
    expect(name).toMatch(/^Clawtrust(?:[A-Z][a-z]+)+$/)
    expect(rule.expr).toMatch(/(?:[<>]=?|==) [\d.e]+\)?|^absent\(/)
  })

  it('has a summary that is a sentence, a description and controls', () => {
    expect(rule.summary).toMatch(/^[A-Z][^{}]*\.$/)
    expect(rule.description).toMatch(/\.(?:\{\{ end \}\})?$/)
    expect(rule.controls.every(control => /^[A-Z]{2}-\d+$/.test(control))).toBe(true)
    expect(rule.controls.length).toBeGreaterThan(0)
  })

  it('says only labels that its expression keeps, and none of a replica', () => {
    const kept = groupingLabels(rule.expr)
    const told = Object.values(shipped.annotations).flatMap(text =>
      [...text.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label),
    )
    for (const label of told) expect(kept).toContain(label)
    expect(told).not.toContain('instance')
    if (rule.playbook !== undefined) expect(kept).toContain(playbookTargets[rule.playbook])
  })

  it('counts over no more than the built-in playbooks wait after a block, and says how many events, where it calls one', () => {
    if (rule.playbook === undefined || playbookTargets[rule.playbook] !== 'source_ip') {
      expect(shipped.annotations).not.toHaveProperty('events')
      return
    }
    const minutes = [...`${rule.expr} ${rule.description}`.matchAll(/\[(\d+)m\]|in (\d+) minutes/g)]
    const range = minutes.reduce((sum, [, selected, counted]) => sum + Number(selected ?? counted), 0)
    expect(range).toBeGreaterThanOrEqual(8)
    const called = builtInPlaybooks('observe', []).find(playbook => playbook.name === rule.playbook)
    expect(called?.alertRange).toBeGreaterThanOrEqual(range * MINUTE_MS)
    expect(shipped.annotations.events).toBe('{{ $value | printf "%.0f" }}')
  })

  it('tells where it happens: by every label that it has, and by the names of instances where it has the job only', () => {
    const labels = groupingLabels(rule.expr)
    for (const label of labels) expect(rule.description).toContain(`$labels.${label} }}`)
    if (labels.length === 1 && labels[0] === 'job') expect(rule.description).toContain('Labels.instance')
  })

  it('leads to a dashboard that is there, with those of its variables that the alert has labels for', () => {
    const { origin, pathname, searchParams } = new URL(shipped.annotations.dashboard_url)
    expect(`${origin}/`).toBe(new URL('/', values.links.grafana).href)
    const dashboard = dashboards.find(({ name }) => pathname === `/d/clawtrust-${name}`)
    const kept = groupingLabels(rule.expr)
    const fitting = dashboard?.variables.map(({ name }) => name).filter(name => kept.includes(name))
    expect([...searchParams.keys()]).toEqual(fitting?.map(name => `var-${name}`))
    for (const name of fitting ?? []) {
      expect(searchParams.get(`var-${name}`)).toBe(`{{ $labels.${name} | urlquery }}`)
    }
  })

  it('waits for at least two scrapes where absence is what it looks for', () => {
    if (rule.expr.includes('absent(')) expect(rule.for).toMatch(/^[2-9]m$/)
  })

  it('has a runbook of four parts, to which its link leads', () => {
    expect(shipped.annotations.runbook_url).toBe(`${values.links.runbooks}/${name}.md`)
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
  it('hold no value in a label', () => {
    for (const text of Object.values(renderedFiles(values)))
      expect(text).not.toMatch(/labels:\n(?:\s+\w+: .*\n)*\s+\w+: .*\$value/)
  })
})
