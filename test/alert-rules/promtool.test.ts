import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { alertsOf } from '../../alert-rules/groups/catalogue.ts'
import { renderGroups } from '../../alert-rules/render.ts'
import { isAlert } from '../../alert-rules/rule.ts'
import { HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import { batchOf, bench, NOON, recordOf } from '../exporter/pipeline/fixtures.ts'
import { promtoolTests } from './promtool-file.ts'
import { describeWithPromtools } from './promtools.ts'
import { groups, type RenderedAlert, renderedAlerts, values } from './rendered.ts'
import { scenarios } from './scenarios.ts'
import { writtenOut } from './written-out.ts'

const alerts = new Map(alertsOf(groups).map(rule => [rule.alert, rule]))

describe('the scenarios', () => {
  it('are there for every alert, once', () => {
    expect(scenarios.map(({ alert }) => alert).toSorted()).toEqual([...alerts.keys()].toSorted())
  })
})

describeWithPromtools('in promtool', command => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-rules-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** With the rules of one group only: evaluating all of them for hours would take most of the time. */
  const promtool = (alert: string, tests: readonly unknown[]): string => {
    const own = groups.filter(group => group.rules.some(rule => isAlert(rule) && rule.alert === alert))
    const rules = join(folder, 'rules.yml')
    writeFileSync(rules, JSON.stringify({ groups: renderGroups(own, values.links) }))
    const file = join(folder, 'tests.yml')
    // JSON is YAML: the file needs no writer of its own.
    writeFileSync(file, JSON.stringify({ rule_files: [rules], evaluation_interval: '1m', tests }))
    const { stdout, stderr, status } = spawnSync(command, ['test', 'rules', file], { encoding: 'utf8' })
    return status === 0 ? 'SUCCESS' : `${stdout}${stderr}`
  }

  it.each(scenarios.map(scenario => [scenario.alert, scenario] as const))(
    '%s fires, resolves, does not fire just below, bears a missed scrape and speaks once for two replicas',
    (alert, scenario) => {
      const rule = alerts.get(alert)
      if (rule === undefined) throw new Error(`no alert is named ${alert}`)
      expect(promtool(alert, promtoolTests(scenario, rule))).toBe('SUCCESS')
    },
  )

  it('names the one instance of many where it is so', () => {
    const { alert, labels } = renderedAlerts.get('ClawtrustRemediationBreakerOpen') as RenderedAlert
    const open = (instance: string, value: number) => ({
      series: `clawtrust_remediation_breaker_open{job="remediation",instance="${instance}"}`,
      values: `${value}x5`,
    })
    const job = { job: 'remediation' }
    const exp_annotations = writtenOut(alert, job, '1', ['gw-2:9848'])
    const exp_alerts = [{ exp_labels: { ...labels, ...job }, exp_annotations }]
    const test = {
      interval: '1m',
      input_series: [open('gw-1:9848', 0), open('gw-2:9848', 1)],
      alert_rule_test: [{ eval_time: '4m', alertname: alert, exp_alerts }],
    }
    expect(promtool(alert, [test])).toBe('SUCCESS')
  })

  it('keeps exporters of different jobs apart, though their sources have the same name', () => {
    const { alert, labels } = renderedAlerts.get('ClawtrustSourceDown') as RenderedAlert
    const up = (job: string, value: number) => {
      return { series: `clawtrust_source_up{job="${job}",instance="a:9847",source="nginx"}`, values: `${value}x12` }
    }
    const broken = { job: 'site-2', source: 'nginx' }
    const exp_alerts = [{ exp_labels: { ...labels, ...broken }, exp_annotations: writtenOut(alert, broken) }]
    const test = {
      interval: '1m',
      input_series: [up('site-1', 1), up('site-2', 0)],
      alert_rule_test: [{ eval_time: '10m', alertname: alert, exp_alerts }],
    }
    expect(promtool(alert, [test])).toBe('SUCCESS')
  })

  it('says that a source is silent although one of its last records came from the future', async () => {
    const { pipeline, store, clock } = bench()
    const lastEvents: number[] = []
    for (let minute = 0; minute <= 80; minute++) {
      clock.time = NOON + minute * MINUTE_MS
      const ahead = minute === 4 ? 20 * HOUR_MS : 0
      const records = minute > 5 ? [] : [recordOf(`${minute}`, { time: clock.time + ahead })]
      pipeline.ingest('log', batchOf(records, { watermark: clock.time }))
      pipeline.observe()
      let exposed = ''
      for await (const slice of store.render()) exposed += slice
      const [, value] = /^clawtrust_source_last_event_timestamp_seconds\{source="log"\} (\S+)$/m.exec(exposed) ?? []
      // promtool's time begins at 0.
      lastEvents.push(Number(value) - NOON / 1_000)
    }
    const { alert } = renderedAlerts.get('ClawtrustSourceSilent') as RenderedAlert
    const at = (minute: number, fires: number) => ({
      expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
      eval_time: `${minute}m`,
      exp_samples: [{ labels: '{}', value: fires }],
    })
    const test = {
      interval: '1m',
      input_series: [
        {
          series: 'clawtrust_source_last_event_timestamp_seconds{job="clawtrust",instance="a",source="log"}',
          values: lastEvents.join(' '),
        },
      ],
      promql_expr_test: [at(60, 0), at(80, 1)],
    }
    expect(promtool(alert, [test])).toBe('SUCCESS')
  })

  it('says nothing of replicas that are restarted, down for eight minutes or new, as long as senders repeat what they refused', () => {
    const minutes = Array.from({ length: 121 }, (_, minute) => minute)
    // 600 records a minute; what a replica did not take while it was down comes within three minutes.
    const steady = minutes.map(minute => 600 * minute)
    const restarted = steady.map((value, minute) => (minute === 40 ? 'stale' : minute === 41 ? value - 900 : value))
    const down = steady.map((value, minute) => {
      if (minute > 70 && minute < 79) return 'stale'
      return minute >= 79 && minute < 82 ? value - 600 * (82 - minute) * 3 : value
    })
    const fresh = minutes.map(minute => (minute < 50 ? '_' : 600 * (minute - 50)))
    const input_series = Object.entries({ steady, restarted, down, fresh }).flatMap(([instance, values]) => {
      const target = `job="clawtrust",instance="${instance}",source="senders"`
      return [
        { series: `clawtrust_events_total{${target},decoder="security-event"}`, values: values.join(' ') },
        {
          series: `clawtrust_source_info{${target},kind="otlp",synthetic="false"}`,
          values: values.map(value => (typeof value === 'number' ? 1 : value)).join(' '),
        },
      ]
    })
    const alert = 'ClawtrustReplicasDiffer'
    const firing = {
      expr: `count(count_over_time(ALERTS{alertname="${alert}",alertstate="firing"}[2h])) or vector(0)`,
      eval_time: '120m',
      exp_samples: [{ labels: '{}', value: 0 }],
    }
    expect(promtool(alert, [{ interval: '1m', input_series, promql_expr_test: [firing] }])).toBe('SUCCESS')
  })

  it('names a source of which nothing is recognised by one alert, not by a second one for its files', () => {
    const target = 'job="clawtrust",instance="a",source="log"'
    const series = (recognised: number) => [
      { series: `clawtrust_source_recognised{${target}}`, values: `${recognised}x30` },
      { series: `clawtrust_source_unrecognised_inputs{${target},kind="file"}`, values: '1x30' },
    ]
    const firing = (alert: string, fires: number) => ({
      expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
      eval_time: '20m',
      exp_samples: [{ labels: '{}', value: fires }],
    })
    const tests = [0, 1].map(recognised => ({
      interval: '1m',
      input_series: series(recognised),
      promql_expr_test: [
        firing('ClawtrustSourceUnrecognised', 1 - recognised),
        firing('ClawtrustInputUnrecognised', recognised),
      ],
    }))
    expect(promtool('ClawtrustInputUnrecognised', tests)).toBe('SUCCESS')
  })

  it('sees the first event of a counter that was not there before, but nothing in a counter that is new to Prometheus only', () => {
    const series = 'clawtrust_first_seen_successes_total{gateway="gw-1",trust_zone="z",job="clawtrust",instance="a"}'
    const info = 'clawtrust_build_info{job="clawtrust",instance="a"}'
    const at = (exp_alerts: number) => ({
      expr: 'count(ALERTS{alertname="ClawtrustFirstSeenSuccess",alertstate="firing"}) or vector(0)',
      eval_time: '22m',
      exp_samples: [{ labels: '{}', value: exp_alerts }],
    })
    const born = {
      interval: '1m',
      input_series: [
        { series, values: '_x20 1x10' },
        { series: info, values: '1x40' },
      ],
      promql_expr_test: [at(1)],
    }
    const met = {
      interval: '1m',
      input_series: [
        { series, values: '_x20 1x10' },
        { series: info, values: '_x20 1x10' },
      ],
      promql_expr_test: [at(0)],
    }
    expect(promtool('ClawtrustFirstSeenSuccess', [born, met])).toBe('SUCCESS')
  })
})
