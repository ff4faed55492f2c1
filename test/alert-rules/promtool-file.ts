import type { AlertRule } from '../../alert-rules/rule.ts'
import { groupingLabels } from '../../promql/read.ts'
import type { Scenario, Shape } from './scenario.ts'
import { writtenOut } from './written-out.ts'

/** Minutes of good health before it turns bad. */
const LEAD = 20
const JOB = 'clawtrust'
const REPLICAS = ['a:9847', 'b:9847'] as const

type Course = Exclude<keyof Shape, 'series' | 'kind' | 'instance'>

interface Phase {
  readonly course: Course
  readonly minutes: number
}

interface Check {
  readonly minute: number
  readonly fires: boolean
}

/** The tests of one alert in promtool's form: it fires, resolves, does not fire just below, and bears missed scrapes and replicas. */
export function promtoolTests(scenario: Scenario, rule: AlertRule) {
  const { firesAfter, resolvesAfter } = scenario
  const lead: Phase = { course: 'good', minutes: LEAD }
  const end = LEAD + firesAfter - 1
  const course: Phase[] = [lead, { course: 'bad', minutes: firesAfter }, { course: 'good', minutes: resolvesAfter }]
  const checks: Check[] = [
    { minute: LEAD - 1, fires: false },
    { minute: end, fires: true },
    { minute: end + resolvesAfter, fires: false },
  ]
  const test = (
    phases: readonly Phase[],
    expected: readonly Check[],
    replicas: readonly string[] = ['a:9847'],
    missed?: number,
  ) => ({
    interval: '1m',
    input_series: inputs(scenario, phases, replicas, missed),
    alert_rule_test: expected.map(({ minute, fires }) => ({
      eval_time: `${minute}m`,
      alertname: scenario.alert,
      exp_alerts: fires ? [expectation(scenario, rule, replicas)] : [],
    })),
  })
  return [
    test(course, checks),
    test([lead, { course: 'near', minutes: firesAfter }], [{ minute: end, fires: false }]),
    { ...test(course, [], undefined, end), promql_expr_test: [firing(scenario.alert, end)] },
    test([lead], [{ minute: LEAD - 1, fires: false }], undefined, LEAD - 1),
    test(course, checks, REPLICAS),
  ]
}

/** The value of an alert may differ by what a missed scrape would have told; that it fires may not. */
const firing = (alert: string, minute: number) => ({
  expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
  eval_time: `${minute}m`,
  exp_samples: [{ labels: '{}', value: 1 }],
})

function inputs({ shapes }: Scenario, phases: readonly Phase[], replicas: readonly string[], missed?: number) {
  const context: Shape = { series: 'clawtrust_build_info', kind: 'gauge', good: 1, near: 1, bad: 1 }
  const ofReplicas = replicas.flatMap(instance =>
    [...shapes.filter(shape => !shape.instance), context].map(shape => ({ shape, instance })),
  )
  const ofOne = shapes.flatMap(shape => (shape.instance === undefined ? [] : [{ shape, instance: shape.instance }]))
  return [...ofReplicas, ...ofOne].map(({ shape, instance }) => ({
    series: withTarget(shape.series, instance),
    values: samples(shape, phases)
      .map((sample, minute) => (minute === missed ? 'stale' : sample))
      .join(' '),
  }))
}

function withTarget(series: string, instance: string): string {
  const target = `job="${JOB}",instance="${instance}"`
  return series.includes('{')
    ? series.replace(/,?\}$/, end => `${series.endsWith('{}') ? '' : ','}${target}${end.slice(-1)}`)
    : `${series}{${target}}`
}

function samples({ kind, ...courses }: Shape, phases: readonly Phase[]): string[] {
  const told: string[] = []
  let total = 0
  for (const { course, minutes } of phases) {
    for (let minute = 0; minute < minutes; minute++) {
      const value = courses[course]
      if (value === null) told.push('stale')
      else if (kind === 'gauge') told.push(String(value))
      else if (kind === 'age') told.push(String(told.length * 60 - value))
      else {
        total += value
        told.push(String(total))
      }
    }
  }
  return told
}

function expectation(
  { labels, value, offenders, known }: Scenario,
  { alert, expr, severity, playbook }: AlertRule,
  replicas: readonly string[],
) {
  const kept = groupingLabels(expr).includes('job') ? { job: JOB, ...labels } : labels
  return {
    exp_labels: { ...kept, severity, ...(playbook === undefined ? {} : { playbook }) },
    exp_annotations: writtenOut(alert, kept, value, replicas, offenders, known),
  }
}
