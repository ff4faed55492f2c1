import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { examples } from '../../cli/examples.ts'
import { answersAt, eventually } from './servers/eventually.ts'
import { startExporter } from './servers/exporter.ts'
import { freePort, startProcess } from './servers/process.ts'
import { run } from './servers/run.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const capture = join(root, 'exporter/sources/recording/data/openclaw-2026.9.6-capture.jsonl')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** npm takes settings from the variables that it gives to its scripts: this npm starts without those of `npm test`. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'))),
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
}

/** What users of the package need besides its program, as patterns in the clone. */
const shipped = [
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'docs/*.md',
  'docs/runbooks/*.md',
  'alert-rules/{alertmanager,kubernetes,prometheus}/*.yml',
  'dashboards/json/*.json',
  'dashboards/provisioning/*/*.yml',
  'deploy/{envoy,haproxy,kubernetes,nginx,systemd,traefik}/**/*.*',
  'deploy/caddy/Caddyfile',
  'elastic/shippers/*.*',
]

/**
 * A program that writes what each command of an installed package writes with `--help`, as JSON. One process for all of them:
 * one for each took 18 s of a processor.
 */
const helpsOf = (installed: string) => `
  const { runProgram } = await import(${JSON.stringify(join(installed, 'dist/cli/program.js'))})
  const helps = {}
  for (const words of ${JSON.stringify(Object.keys(examples))}) {
    let text = ''
    const output = { write: more => { text += more } }
    await runProgram([...words.split(' ').filter(Boolean), '--help'], { version: '', stdout: output, stderr: output })
    helps[words] = text
  }
  process.stdout.write(JSON.stringify(helps))`

describe('the published package, installed for all users by one command', () => {
  let folder: string
  let tarball: string
  let clawtrust: string
  let installed: string
  /** An empty folder, in which the commands run. */
  let elsewhere: string
  /** What each command writes with `--help`. */
  let helps: Readonly<Record<string, string>> | undefined

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-package-'))
    run(process.execPath, ['tools/build/main.ts'], { cwd: root, env })
    run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, env })
    tarball = join(folder, readdirSync(folder).find(name => name.endsWith('.tgz')) ?? 'none')
    run('npm', ['install', '--global', '--prefix', folder, '--prefer-offline', '--no-audit', '--no-fund', tarball], {
      cwd: folder,
      env,
    })
    clawtrust = join(folder, 'bin/clawtrust')
    installed = join(folder, 'lib/node_modules/clawtrust')
    elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere)
  }, 180_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const say = (...args: string[]) => run(clawtrust, args, { cwd: elsewhere, env })

  it('has nothing that publint would change', async () => {
    const { buffer, byteOffset, byteLength } = readFileSync(tarball)
    const { messages, pkg } = await publint({ pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) } })
    expect(messages.map(message => formatMessage(message, pkg))).toEqual([])
  })

  it('holds no source, test or tool', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
    expect(files.filter(file => /^(test|tools|bench)\/|^(?!node_modules\/).*(?<!\.d)\.ts$/.test(file))).toEqual([])
  })

  it.each(shipped)('holds %s', pattern => {
    const files = globSync(pattern, { cwd: root })
    expect(files).not.toEqual([])
    expect(files.filter(file => !existsSync(join(installed, file)))).toEqual([])
  })

  it('says its version, and so it does by npx', () => {
    expect(say('--version').trim()).toBe(manifest.version)
    const args = ['--yes', '--prefer-offline', `./${tarball.slice(folder.length + 1)}`, '--version']
    expect(run('npx', args, { cwd: folder, env }).trim()).toBe(manifest.version)
  }, 120_000)

  it('says in one sentence that an older Node.js is too old', () => {
    const older = "Object.defineProperty(process, 'version', { value: 'v20.20.2' })"
    const args = ['--import', `data:text/javascript,${encodeURIComponent(older)}`, clawtrust, 'exporter']
    expect(() => run(process.execPath, args, { cwd: elsewhere, env })).toThrow(
      /ended with 1\nclawtrust needs Node\.js 24 or newer, and \S+ is v20\.20\.2; install .*\.\n$/,
    )
  })

  it('shows the help', () => {
    expect(say('--help')).toContain(`\nExample:\n  ${examples['']}\n`)
  })

  it.each(Object.keys(examples))('shows the help of: clawtrust %s', words => {
    helps ??= JSON.parse(run(process.execPath, ['--input-type=module', '--eval', helpsOf(installed)], { env }))
    expect(helps?.[words]).toContain(`\nExample:\n  ${examples[words]}\n`)
  })

  it('prints the setup of Elasticsearch, and checks a configuration', () => {
    expect(say('elastic', 'setup')).toContain('PUT /_index_template/')
    const config = join(elsewhere, 'right.yml')
    writeFileSync(config, 'log: { level: warn }\n')
    expect(say('check-config', config)).toBe(`${config}: ok\n`)
    rmSync(config)
  })

  it('serves remediation without a configuration, and shows its ledger', async () => {
    const listen = `127.0.0.1:${await freePort()}`
    const args = [clawtrust, 'remediation', '--web.listen-address', listen]
    const service = startProcess(process.execPath, args, { cwd: elsewhere })
    try {
      await answersAt(`http://${listen}/-/healthy`, service)
      expect(say('remediation', 'list', 'blocked')).toBe('No incidents.\n')
      expect(say('remediation', 'breaker')).toBe('The breaker is closed.\n')
      expect(say('remediation', 'verify-ledger')).toMatch(/ records verify; the head is .+\.\n/)
    } finally {
      expect(await service.stop()).toBe(0)
    }
  }, 60_000)

  it('can be embedded by another program', () => {
    const program = "import * as exporter from 'clawtrust/exporter'; console.log(Object.keys(exporter).length > 0)"
    const cwd = join(folder, 'lib')
    const output = run(process.execPath, ['--input-type=module', '--eval', program], { cwd, env })
    expect(output.trim()).toBe('true')
  })

  it('does the main job, a log of OpenClaw in and its failures out as metrics, and serves the runbooks', async () => {
    const log = join(folder, 'openclaw.log')
    copyFileSync(capture, log)
    const exporter = await startExporter([log], { command: process.execPath, args: [clawtrust] })
    try {
      const failures = await eventually(
        'the failures are on /metrics',
        async () => {
          const metrics = await exporter.text('/metrics')
          return metrics.match(/^clawtrust_auth_failures_total\{.*reason="token_mismatch".*\} [1-9]/m) ?? undefined
        },
        { by: exporter.process },
      )
      expect(failures).toHaveLength(1)
      expect(await exporter.text('/runbooks/ClawtrustBruteForce.md')).toContain('# ClawtrustBruteForce')
    } finally {
      expect(await exporter.stop()).toBe(0)
    }
  }, 60_000)

  it('starts without a log and without a configuration', async () => {
    const exporter = await startExporter([], { command: process.execPath, args: [clawtrust] })
    try {
      expect(await exporter.text('/metrics')).toMatch(/^clawtrust_source_info\{/m)
    } finally {
      expect(await exporter.stop()).toBe(0)
    }
  }, 60_000)
})
