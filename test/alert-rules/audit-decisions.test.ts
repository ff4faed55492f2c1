import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { alertsOf } from '../../alert-rules/groups/catalogue.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { syntheticLines } from '../decoding/dialects/guard-records.ts'
import { batchOf, bench, NOON, total } from '../exporter/pipeline/fixtures.ts'
import { groups } from './rendered.ts'

const DECISIONS = 'clawtrust_policy_decisions_total'
const SELECTED = /clawtrust_policy_decisions_total(?:\{(?<matchers>[^}]*)\})?/g

const selections = (expr: string): readonly string[] =>
  [...expr.matchAll(SELECTED)].map(({ groups: found }) => found?.matchers ?? '')

interface Panel {
  readonly title: string
  readonly targets?: readonly { readonly expr: string }[]
}

const folder = new URL('../../dashboards/json/', import.meta.url)
const panels = readdirSync(folder)
  .flatMap(file => JSON.parse(readFileSync(new URL(file, folder), 'utf8')).panels as readonly Panel[])
  .flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const))
  .filter(([, expr]) => expr.includes(DECISIONS))

describe('what a guard that only observes would have denied', () => {
  it('moves no alert on denials: each asks for the decision deny alone', () => {
    const rules = alertsOf(groups).filter(({ expr }) => expr.includes(DECISIONS))
    expect(rules.map(({ alert }) => alert)).toContain('ClawtrustPolicyDenials')
    for (const { alert, expr } of rules) {
      const others = selections(expr).filter(matchers => !matchers.split(',').includes('decision="deny"'))
      expect([alert, others]).toEqual([alert, []])
    }
  })

  it.each(panels)(
    'is not added to denials in the panel %s: it asks for one decision, or shows each',
    (_title, expr) => {
      const isOfOne = selections(expr).every(matchers => /(?:^|,)decision="\w+"/.test(matchers))
      const [, by = ''] = /^(?:sum|count) by \(([^)]*)\)/.exec(expr) ?? []
      expect([expr, isOfOne || by.split(', ').includes('decision')]).toEqual([expr, true])
    },
  )

  it.each([
    ['openshell/ocsf.synthetic.jsonl', /L7_REQUEST audit|"l7_decision":"audit"|"Observed"/],
    ['defenseclaw/v8.synthetic.jsonl', /"defenseclaw.guardrail.mode":"observe"/],
    ['defenseclaw/v7.synthetic.jsonl', /"would_block":true|"mode":"observe"/],
  ])('is decision audit in %s, and no address is an offender for it', (path, isShadow) => {
    const lines = syntheticLines(path).filter(line => isShadow.test(line))
    expect(lines.length).toBeGreaterThan(1)
    const { pipeline, store } = bench({ dispatcher: createDispatcher(dialects) })
    const records = Array.from({ length: 500 }, (_, n) =>
      lines.map((line, index) => ({
        id: `${n}-${index}`,
        body: line.replace(/"(?:uid|record_id)":"[^"]*/, `$&${n}`),
        gateway: 'gw',
      })),
    ).flat()
    pipeline.ingest('log', batchOf(records, { watermark: NOON }))
    expect(total(store, DECISIONS, 'audit')).toBe(records.length)
    expect(total(store, DECISIONS, 'deny')).toBe(0)
    expect(pipeline.view.offenders()).toEqual([])
  })
})

describe('what a candidate policy would have decided', () => {
  it('is in no alert and no recording rule that ships', () => {
    const rules = groups.flatMap(group => group.rules)
    expect(rules.length).toBeGreaterThan(0)
    expect(rules.filter(rule => JSON.stringify(rule).includes('clawtrust_policy_shadow'))).toEqual([])
  })
})
