import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  it('pass promtool with all its lints', () => {
    const rules = path('prometheus/clawtrust.rules.yml')
    expect(run(promtool, 'check', 'rules', '--lint=all', '--lint-fatal', rules)).toBe('SUCCESS')
  })

  it('are loaded by a configuration that Prometheus takes', () => {
    expect(run(promtool, 'check', 'config', '--syntax-only', path('../deploy/prometheus/prometheus.yml'))).toBe(
      'SUCCESS',
    )
  })
})

withCommands('amtool').describe('the shipped configuration of Alertmanager', () => {
  it.each(['alertmanager/alertmanager.yml', '../deploy/alertmanager/alertmanager.yml'])('passes amtool: %s', file => {
    // amtool 0.25 does not know `url_file`, which came with 0.26.
    const known = readFileSync(path(file), 'utf8').replace('url_file: /', 'url: http://127.0.0.1/')
    const folder = mkdtempSync(join(tmpdir(), 'clawtrust-amtool-'))
    try {
      writeFileSync(join(folder, 'alertmanager.yml'), known)
      expect(run('amtool', 'check-config', join(folder, 'alertmanager.yml'))).toBe('SUCCESS')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each([
    ['clawtrust-remediation,on-call', 'severity=critical', 'playbook=brute-force'],
    ['on-call', 'severity=critical'],
    ['tickets', 'severity=warning'],
    ['discard', 'severity=info'],
  ])('leads an alert to %s', (receivers, ...labels) => {
    const config = `--config.file=${path('alertmanager/alertmanager.yml')}`
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
