import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { describeWithCapture, withCommands } from '../requirements.ts'
import { describeWithPromtools } from './promtools.ts'
import { written } from './rendered.ts'

const path = (file: string) => fileURLToPath(new URL(`../../alert-rules/${file}`, import.meta.url))
const run = (command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? 'SUCCESS' : `${stdout}${stderr}`
}

describeWithPromtools('the shipped rules', promtool => {
  it.each(['prometheus/clawtrust.rules.yml', '../deploy/prometheus/stack.rules.yml'])(
    'pass promtool with all its lints: %s',
    rules => {
      expect(run(promtool, 'check', 'rules', '--lint=all', '--lint-fatal', path(rules))).toBe('SUCCESS')
    },
  )

  it('are loaded by a configuration that Prometheus takes', () => {
    expect(run(promtool, 'check', 'config', '--syntax-only', path('../deploy/prometheus/prometheus.yml'))).toBe(
      'SUCCESS',
    )
  })
})

withCommands('amtool').describe('the shipped configuration of Alertmanager', () => {
  it.each(['alertmanager/alertmanager.yml', '../deploy/alertmanager/alertmanager.yml'])('passes amtool: %s', file => {
    expect(run('amtool', 'check-config', path(file))).toBe('SUCCESS')
  })

  it.each([
    ['alertmanager/alertmanager.yml', 'clawtrust-remediation,on-call', 'severity=critical', 'playbook=brute-force'],
    ['alertmanager/alertmanager.yml', 'clawtrust-remediation,tickets', 'severity=warning', 'playbook=brute-force'],
    ['alertmanager/alertmanager.yml', 'on-call', 'severity=critical'],
    ['alertmanager/alertmanager.yml', 'tickets', 'severity=warning'],
    ['alertmanager/alertmanager.yml', 'discard', 'severity=info'],
    ['../deploy/alertmanager/alertmanager.yml', 'clawtrust-remediation,people', 'playbook=brute-force'],
    ['../deploy/alertmanager/alertmanager.yml', 'people', 'severity=critical'],
  ])('in %s, leads an alert to %s', (file, receivers, ...labels) => {
    const config = `--config.file=${path(file)}`
    const verified = run(
      'amtool',
      'config',
      'routes',
      'test',
      config,
      `--verify.receivers=${receivers}`,
      'alertname=ClawtrustX',
      ...labels,
    )
    expect(verified).toBe('SUCCESS')
  })
})

describeWithCapture('schemas/kubernetes/prometheusrule_v1.json', 'the PrometheusRule object', file => {
  // The one pattern with Go's inline flag is that of a field that we do not write.
  const schema = JSON.parse(readFileSync(file, 'utf8').replaceAll('^(?i)', '^'))
  const isValid = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
  const object = parse(written('alert-rules/kubernetes/prometheusrule.yml'))

  it('is valid by the published schema', () => {
    isValid(object)
    expect(isValid.errors ?? []).toEqual([])
  })

  it('would not be with a key that the operator does not know', () => {
    const [group, ...others] = object.spec.groups
    expect(isValid({ ...object, spec: { groups: [{ ...group, intervall: '1m' }, ...others] } })).toBe(false)
  })
})
