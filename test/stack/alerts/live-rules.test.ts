import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fetchedProgram, prometheus3 } from '../../../tools/components/components.ts'
import { withCommands } from '../../requirements.ts'
import { eventually } from '../servers/eventually.ts'
import { type RunningExporter, startExporter } from '../servers/exporter.ts'
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts'

const ruleFile = fileURLToPath(new URL('../../../alert-rules/prometheus/clawtrust.rules.yml', import.meta.url))

interface Rule {
  readonly name: string
  readonly health: string
  readonly lastError?: string
  readonly state?: string
}

/** The rules that have been evaluated, once all have. */
async function evaluatedRules(url: string): Promise<readonly Rule[] | undefined> {
  const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as { data: { groups: { rules: Rule[] }[] } }
  const rules = data.groups.flatMap(group => group.rules)
  return rules.length > 0 && rules.every(({ health }) => health !== 'unknown') ? rules : undefined
}

function evaluates(program: string): void {
  let exporter: RunningExporter
  let prometheus: Prometheus

  beforeAll(async () => {
    exporter = await startExporter()
    const target = { job: 'clawtrust', address: exporter.address }
    prometheus = await startPrometheus([target], { ruleFile, alertmanagers: [] }, { program })
    await prometheus.queryUntil('clawtrust_auth_failures_total > 0')
  }, 60_000)

  afterAll(async () => {
    await prometheus?.stop()
    await exporter?.stop()
  })

  it('evaluates every rule without an error, and finds nothing wrong with a sound exporter', async () => {
    const rules = await eventually('all rules are evaluated', () => evaluatedRules(prometheus.url))
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([])
    const alarmed = rules.filter(({ state }) => state === 'firing').map(({ name }) => name)
    expect(alarmed.filter(name => /Absent|Down|Source|NotCommitted|Dropped|Reload|Lost|Undecoded/.test(name))).toEqual(
      [],
    )
  }, 60_000)
}

withCommands('prometheus').describe('a Prometheus with the shipped rules', () => evaluates('prometheus'))

const { PROMETHEUS_3: newProgram = fetchedProgram(prometheus3, 'prometheus') } = process.env
if (newProgram === undefined) {
  it.skip('a Prometheus 3 with the shipped rules [skipped: npm run fetch:components builds one]', () => {})
} else {
  describe('a Prometheus 3 with the shipped rules', () => evaluates(newProgram))
}
