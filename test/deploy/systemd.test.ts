import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { configSchema } from '../../cli/config-schema.ts'
import { withCommands } from '../requirements.ts'

const shipped = fileURLToPath(new URL('../../deploy/systemd/', import.meta.url))
const read = (path: string) => readFileSync(join(shipped, path), 'utf8')
const SYSTEM = 'etc/systemd/system'

/** Each unit, by itself and with each of its drop-ins. */
const deployments: readonly [unit: string, dropIn: string | undefined][] = [
  ['clawtrust-exporter.service', undefined],
  ['clawtrust-exporter.service', 'openclaw-user.conf'],
  ['clawtrust-exporter.service', 'container-logs.conf'],
  ['clawtrust-remediation.service', undefined],
  ['clawtrust-report.service', undefined],
  ['clawtrust-report-once.service', undefined],
]
const TIMER = 'clawtrust-report-once.timer'

/** The highest exposure that is shipped, 0 (safe) to 10. */
const MAX_EXPOSURE = 2

withCommands('systemd-analyze').describe('the systemd unit', () => {
  let root: string

  /** A machine of which only the files exist: the units, and what they start. */
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'clawtrust-systemd-'))
    const put = (path: string, text: string, mode = 0o644) => {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text, { mode })
    }
    for (const target of ['sysinit', 'basic', 'shutdown', 'network-online', 'timers'])
      put(`${SYSTEM}/${target}.target`, '[Unit]\n')
    for (const program of ['usr/bin/clawtrust', 'bin/kill']) put(program, '#!/bin/sh\n', 0o755)
    cpSync(join(shipped, TIMER), join(root, SYSTEM, TIMER))
    for (const [unit] of deployments) cpSync(join(shipped, unit), join(root, SYSTEM, unit))
  })

  afterAll(() => rmSync(root, { recursive: true, force: true }))

  const analyze = (...args: string[]) => spawnSync('systemd-analyze', args, { encoding: 'utf8' })

  it.each(deployments)('%s with the drop-in %s has an exposure of at most 2.0', (unit, dropIn) => {
    const folder = join(root, SYSTEM, `${unit}.d`)
    mkdirSync(folder)
    if (dropIn !== undefined) cpSync(join(shipped, dropIn), join(folder, dropIn))
    const { stdout } = analyze('security', '--offline=true', `--root=${root}`, unit)
    rmSync(folder, { recursive: true })
    const [, exposure] = stdout.match(/Overall exposure level for \S+: ([\d.]+)/) ?? []
    expect(Number(exposure)).toBeLessThanOrEqual(MAX_EXPOSURE)
  })

  it.each([...new Set(deployments.map(([unit]) => unit)), TIMER])('%s has no mistake', unit => {
    const { status, stderr } = analyze('verify', `--root=${root}`, unit)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  it('would be found wrong by both', () => {
    const unit = 'clawtrust-exporter.service'
    const text = read(unit)
    writeFileSync(
      join(root, SYSTEM, unit),
      text.replace('ExecStart=', 'ExecStart=/nowhere/').replace(/^Protect.*$/gm, ''),
    )
    expect(analyze('verify', `--root=${root}`, unit).status).not.toBe(0)
    const { stdout } = analyze('security', '--offline=true', `--root=${root}`, unit)
    expect(Number(stdout.match(/level for \S+: ([\d.]+)/)?.[1])).toBeGreaterThan(MAX_EXPOSURE)
    writeFileSync(join(root, SYSTEM, unit), text)
  })
})

describe('deploy/systemd', () => {
  it('has an example of the configuration that clawtrust accepts, with roles, and that acts on nothing', () => {
    const config = configSchema.parse(parse(read('clawtrust.yml')))
    expect([config.web.roles?.command.anyone, config.web.roles?.deliver.anyone]).toEqual([false, false])
    expect(config.remediation.mode).toBe('observe')
  })

  it("hides remediation's secrets and state from the exporter, also where it may read every file", () => {
    const { remediation } = configSchema.parse(parse(read('clawtrust.yml')))
    const token = remediation.webhook.bearer_token_file ?? ''
    expect(read('clawtrust-exporter.service')).toMatch(/^SupplementaryGroups=clawtrust$/m)
    expect(read('clawtrust-remediation.service')).toMatch(/^SupplementaryGroups=clawtrust clawtrust-remediation$/m)
    const page = readFileSync(new URL('../../docs/install.md', import.meta.url), 'utf8')
    expect(page).toContain(`install -d -m 0750 -g clawtrust-remediation ${dirname(token)}\n`)
    expect(page).toContain(`chgrp clawtrust-remediation ${token}\n`)
    const hidden = [...read('container-logs.conf').matchAll(/^InaccessiblePaths=(.*)$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    )
    expect(hidden).toEqual(expect.arrayContaining([`-${dirname(token)}`, '-/var/lib/private/clawtrust-remediation']))
  })

  it('hides the secrets of reports from the other services, and gives their own folder to reports', () => {
    for (const unit of ['clawtrust-report.service', 'clawtrust-report-once.service']) {
      expect(read(unit)).toMatch(/^SupplementaryGroups=clawtrust clawtrust-report$/m)
      const [, command] = read(unit).match(/^ExecStart=(.*)$/m) ?? []
      const how = unit === 'clawtrust-report.service' ? 'report serve' : 'report --once'
      const folder = '$' + '{STATE_DIRECTORY}'
      expect(command).toBe(`clawtrust ${how} --config.file /etc/clawtrust/clawtrust.yml --out ${folder}`)
    }
    for (const service of ['exporter', 'remediation'])
      expect(read(`clawtrust-${service}.service`)).not.toContain('clawtrust-report')
    const page = readFileSync(new URL('../../docs/install.md', import.meta.url), 'utf8')
    expect(page).toContain('install -d -m 0750 -g clawtrust-report /etc/clawtrust/report\n')
  })

  it('is described on the page about installing, file by file', () => {
    const page = readFileSync(new URL('../../docs/install.md', import.meta.url), 'utf8')
    expect(readdirSync(shipped).filter(file => !page.includes(file))).toEqual([])
    expect(
      [...page.matchAll(/deploy\/systemd\/([\w.-]+\.\w+)/g)].filter(
        ([, file]) => !readdirSync(shipped).includes(file ?? ''),
      ),
    ).toEqual([])
  })

  it('starts each service with the configuration that the example is for', () => {
    for (const service of ['exporter', 'remediation']) {
      const [, command] = read(`clawtrust-${service}.service`).match(/^ExecStart=(.*)$/m) ?? []
      const folder = '$' + '{STATE_DIRECTORY}'
      expect(command).toBe(`clawtrust ${service} --config.file /etc/clawtrust/clawtrust.yml --state.dir ${folder}`)
    }
  })
})
