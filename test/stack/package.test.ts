import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { eventually } from './servers/eventually.ts'
import { startExporter } from './servers/exporter.ts'
import { run } from './servers/run.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const capture = join(root, 'exporter/sources/recording/data/openclaw-2026.9.6-capture.jsonl')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** npm takes settings from the variables that it gives to its scripts: this npm starts without those of `npm test`. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'))),
  PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
}

describe('the published package', () => {
  let folder: string
  let tarball: string
  let clawtrust: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-package-'))
    run(process.execPath, ['tools/build/main.ts'], { cwd: root, env })
    run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, env })
    tarball = join(folder, readdirSync(folder).find(name => name.endsWith('.tgz')) ?? 'none')
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: folder, env })
    clawtrust = join(folder, 'node_modules/.bin/clawtrust')
  }, 180_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has nothing that publint would change', async () => {
    const { buffer, byteOffset, byteLength } = readFileSync(tarball)
    const { messages, pkg } = await publint({ pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) } })
    expect(messages.map(message => formatMessage(message, pkg))).toEqual([])
  })

  it('holds no source, test or tool', () => {
    const files = readdirSync(join(folder, 'node_modules/clawtrust'), { recursive: true, encoding: 'utf8' })
    expect(files.filter(file => /^(test|tools|bench)\/|(?<!\.d)\.ts$/.test(file))).toEqual([])
  })

  it('says its version', () => {
    expect(run(clawtrust, ['--version'], { cwd: folder, env }).trim()).toBe(manifest.version)
  })

  it('can be embedded by another program', () => {
    const program = "import * as exporter from 'clawtrust/exporter'; console.log(Object.keys(exporter).length > 0)"
    const output = run(process.execPath, ['--input-type=module', '--eval', program], { cwd: folder, env })
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
})
