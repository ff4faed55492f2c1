import { describe, expect, it } from '@jest/globals'
import type { Host } from '../../cli/doctor-host.ts'
import { findPrograms, type ProgramFinding } from '../../cli/doctor-programs.ts'
import type { SignalName } from '../../core/signals.ts'
import { sourceSchema } from '../../exporter/sources/registry.ts'
import { reporters } from '../../exporter/sources/reporters.ts'
import { coverageAnswer } from '../../exporter/web/api/coverage.ts'
import { coverageOf } from '../../exporter/web/signal-coverage/coverage.ts'

interface Described {
  readonly files?: Readonly<Record<string, string>>
  readonly refused?: Readonly<Record<string, string>>
  /** Dialects that a source reads. */
  readonly read?: readonly string[]
  /** Sections of exporter.sources. */
  readonly sources?: readonly object[]
}

/** The pattern of `Host.find` as `glob` reads it, for the patterns of the footprints. */
const matcher = (pattern: string) =>
  new RegExp(`^${pattern.replace(/[.+^$()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`)

async function find({
  files = {},
  refused = {},
  read = [],
  sources = [],
}: Described): Promise<readonly ProgramFinding[]> {
  const host: Host = {
    home: '/root',
    hostname: 'edge-1',
    find: async pattern => ({
      paths: Object.keys(files).filter(path => matcher(pattern).test(path)),
      ...(refused[pattern] === undefined ? {} : { refused: refused[pattern] }),
    }),
    read: async path => {
      if (files[path] === 'unreadable') throw Object.assign(new Error('quotes a secret'), { code: 'EACCES' })
      return files[path] ?? ''
    },
    machine: {
      list: async () => {
        throw Object.assign(new Error('no such folder'), { code: 'ENOENT' })
      },
      read: async () => '',
      has: async () => false,
    },
  }
  const source = {
    name: 'log',
    up: true,
    isRecognised: true,
    dialects: new Map(read.map(name => [name, new Set<SignalName>()])),
    lastEvents: [],
    incomplete: [],
  }
  const coverage = coverageAnswer(coverageOf({ sources: [source], reporters, trustZones: [] }))
  return findPrograms({
    host,
    reporters,
    coverage,
    sources: sources.map(one => sourceSchema.parse(one)),
    containerPlaces: [],
  })
}

const unreadIn = (found: readonly ProgramFinding[], program: string) =>
  found.find(finding => finding.program === program)?.unread.map(({ dialect, isConfigured }) => [dialect, isConfigured])

/** Without what has to be asked for. */
const writtenIn = (found: readonly ProgramFinding[], program: string) =>
  found
    .find(finding => finding.program === program)
    ?.unread.filter(({ isAsked }) => !isAsked)
    .map(({ dialect, isConfigured }) => [dialect, isConfigured])

const log = { '/tmp/openclaw/openclaw-2026-11-29.log': '' }
const configuration = '/root/.openclaw/openclaw.json'

describe('the programs of a host', () => {
  it('are none on a bare one', async () => {
    expect(await find({})).toEqual([])
  })

  it('are found by a log, with one of the forms of its records to read', async () => {
    const found = await find({ files: log })
    expect(found).toMatchObject([{ program: 'openclaw', logs: Object.keys(log), configurations: [] }])
    expect(writtenIn(found, 'openclaw')).toEqual([
      ['openclaw-file', true],
      ['security-event', false],
    ])
  })

  it('have what OpenClaw writes only where it is asked for', async () => {
    const asked = (found: readonly ProgramFinding[]) =>
      found[0]?.unread.filter(({ isAsked }) => isAsked).map(({ dialect }) => dialect)
    expect(asked(await find({ files: log }))).toEqual([
      'openclaw-audit',
      'openclaw-doctor',
      'openclaw-policy',
      'openclaw-status',
      'openclaw-devices',
      'openclaw-config-audit',
    ])
    expect(asked(await find({ files: log, read: ['openclaw-audit'] }))).not.toContain('openclaw-audit')
  })

  it('name the configured source that would read them, of which nothing was read yet, without its lines', async () => {
    const sources = [
      { type: 'file', name: 'proxy', paths: ['/var/log/nginx/*.log'] },
      { type: 'otlp', name: 'senders' },
      { type: 'posture', name: 'checks', command: ['openclaw', 'security', 'audit', '--json'] },
    ]
    const files = { ...log, '/etc/nginx/nginx.conf': 'log_format x "$ssl_client_verify";' }
    const found = await find({ files, sources })
    const one = (dialect: string) => found.flatMap(({ unread }) => unread).find(unread => unread.dialect === dialect)
    expect(one('nginx-access')).toMatchObject({ isConfigured: true, source: 'proxy', steps: [] })
    expect(one('openclaw-audit')).toMatchObject({ source: 'checks', steps: [] })
    expect(one('security-event')).toMatchObject({ source: 'senders', steps: [{ where: 'shell' }] })
    expect(one('openclaw-doctor')).not.toHaveProperty('source')
  })

  it.each([
    ['the name of the host', [], 'edge-1', 'nginx'],
    ['the one that the sources name', [{ gateway: 'gw-7' }], 'gw-7', 'nginx'],
    ['the name of the host where they name two', [{ gateway: 'gw-7' }, { gateway: 'gw-8' }], 'edge-1', 'nginx'],
    ['another name than a source has', [{ name: 'nginx' }, { name: 'nginx-2' }], 'edge-1', 'nginx-3'],
  ])('have lines with %s', async (_, given, gateway, name) => {
    const sources = given.map((one, number) => ({ type: 'file', name: `s${number}`, paths: ['/x'], ...one }))
    const found = await find({ files: { '/etc/nginx/nginx.conf': 'log_format x "$ssl_client_verify";' }, sources })
    const lines = found[0]?.unread[0]?.steps[0]?.lines
    expect(lines).toContain(`      name: ${name}`)
    expect(lines).toContain(`      gateway: '${gateway}'`)
  })

  it('have no configuration read in which nothing is looked for: it may hold secrets', async () => {
    const [found] = await find({ files: { '/etc/wireguard/wg0.conf': 'unreadable' } })
    expect(found).toMatchObject({
      program: 'wireguard',
      refused: [],
      unread: [{ dialect: 'wireguard', isAsked: true }],
    })
  })

  it('have nothing to add where a source reads any form of their records', async () => {
    const found = await find({ files: log, read: ['openclaw-console', 'security-event'] })
    expect(writtenIn(found, 'openclaw')).toEqual([])
  })

  it('write what an active directive of their configuration says, and not what is commented out', async () => {
    const nginx = (text: string) => find({ files: { '/etc/nginx/nginx.conf': text } })
    expect(unreadIn(await nginx('# log_format x ssl_client_verify\n'), 'nginx')).toContainEqual(['nginx-access', false])
    const written = await nginx('  log_format x "$ssl_client_verify";\n')
    expect(unreadIn(written, 'nginx')).toContainEqual(['nginx-access', true])
    const access = written[0]?.unread.find(({ dialect }) => dialect === 'nginx-access')
    expect(access?.steps.map(({ where }) => where)).toEqual(['clawtrust.yml'])
  })

  it('of a gateway are read where its configuration says that its log is', async () => {
    const text = `{ logging: { file: "/srv/it's/gateway.log" }, gateway: { auth: { token: "hunter2" } } }`
    const found = await find({ files: { [configuration]: text } })
    const [file] = found[0]?.unread ?? []
    expect(file?.steps[0]?.lines.at(-1)).toContain(`'/srv/it''s/gateway.log'`)
    expect(found[0]?.facts[0]).toBe("logging.file is /srv/it's/gateway.log.")
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })

  it('export security events only where the plug-in is enabled', async () => {
    const withOtel = (enabled: boolean) =>
      find({ files: { [configuration]: JSON.stringify({ diagnostics: { otel: { enabled, logs: true } } }) } })
    expect(unreadIn(await withOtel(true), 'openclaw')).toContainEqual(['security-event', true])
    expect(unreadIn(await withOtel(false), 'openclaw')).toContainEqual(['security-event', false])
  })

  it('are found in the homes of other users, whose files may be refused', async () => {
    const found = await find({
      files: { ...log, '/home/gateway/.openclaw/openclaw.json': 'unreadable' },
      refused: { '/sandbox/.openclaw/openclaw.json': 'EACCES' },
    })
    expect(found[0]?.configurations).toEqual(['/home/gateway/.openclaw/openclaw.json'])
    expect(found[0]?.refused).toEqual([
      '/sandbox/.openclaw/openclaw.json cannot be looked at (EACCES); run clawtrust doctor as a user who may.',
      '/home/gateway/.openclaw/openclaw.json cannot be read; run clawtrust doctor as a user who may.',
    ])
    expect(JSON.stringify(found)).not.toContain('quotes a secret')
  })

  it('say where a configuration is none', async () => {
    const found = await find({ files: { [configuration]: '{ "logging": ' } })
    expect(found[0]?.facts).toEqual([`${configuration} is not JSON5: what it configures is not known.`])
  })
})
