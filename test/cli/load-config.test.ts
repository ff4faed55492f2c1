import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Invocation, loadConfig } from '../../cli/load-config.ts'
import { asNobody } from '../as-nobody.ts'
import { temporaryFolder } from './temporary-folder.ts'

const demo = 'sources: [{ type: recording, name: only-demo, recording: demo }]'
const folder = temporaryFolder({
  'gateway.log': '',
  'broken/clawtrust.yml': 'exporter: [',
  'closed/clawtrust.yml': `exporter:\n  ${demo}\n`,
  'denied/clawtrust.yml': `exporter:\n  ${demo}\n`,
  'folder/clawtrust.yml/other.txt': '',
  'linked/other.txt': '',
  'here/clawtrust.yml': `exporter:\n  ${demo}\n`,
  'etc/other.yml': [
    'log: { level: warn }',
    'exporter:',
    '  listen_address: 127.0.0.1:1234',
    '  state_dir: ../state',
    '  web_config_file: web.yml',
    '  sources: [{ type: file, name: gateway, paths: [logs/*.log, /var/log/openclaw.log] }]',
  ].join('\n'),
})

const load = (invocation: Partial<Invocation>) =>
  loadConfig({ folder, options: {}, files: [], logFolders: [], ...invocation })

describe('the configuration of a service', () => {
  it('is the defaults and the recordings where nothing is configured', async () => {
    const { config, notice } = await load({})
    expect(config.exporter.listen_address).toEqual({ host: '127.0.0.1', port: 9847 })
    expect(config.exporter.state_dir).toBe(join(folder, 'clawtrust-state'))
    expect(config.exporter.sources.map(({ name }) => name)).toEqual(['capture', 'demo'])
    expect(notice).toMatch(/^Playing a recorded OpenClaw log/)
  })

  it('is clawtrust.yml of the working folder where no file is named', async () => {
    const { config, notice } = await load({ folder: join(folder, 'here') })
    expect(config.exporter.sources.map(({ name }) => name)).toEqual(['only-demo'])
    expect(notice).toBeUndefined()
  })

  it('takes relative paths of the file from the folder of the file', async () => {
    const { config } = await load({ options: { 'config.file': 'etc/other.yml' } })
    expect(config.exporter).toMatchObject({
      state_dir: join(folder, 'state'),
      web_config_file: join(folder, 'etc/web.yml'),
      sources: [{ paths: [join(folder, 'etc/logs/*.log'), '/var/log/openclaw.log'] }],
    })
  })

  it('lets options win over the file, with paths from the working folder', async () => {
    const { config } = await load({
      options: {
        'config.file': 'etc/other.yml',
        'log.level': 'debug',
        'state.dir': 'mine',
        'web.config.file': 'my-web.yml',
        'web.listenAddress': { host: '::1', port: 1 },
      },
    })
    expect(config.log).toEqual({ level: 'debug', format: 'logfmt' })
    expect(config.exporter).toMatchObject({
      state_dir: join(folder, 'mine'),
      web_config_file: join(folder, 'my-web.yml'),
      listen_address: { host: '::1', port: 1 },
    })
  })

  it('lets named files take the place of configured sources', async () => {
    const { config, notice } = await load({ options: { 'config.file': 'etc/other.yml' }, files: ['gateway.log'] })
    expect(config.exporter.sources).toHaveLength(1)
    expect(config.exporter.sources[0]).toMatchObject({ paths: [join(folder, 'gateway.log')], start_at: 'beginning' })
    expect(notice).toBe('Reading gateway.log from the beginning.')
  })

  it('is never the defaults where a clawtrust.yml is there and cannot be read', async () => {
    symlinkSync('nowhere.yml', join(folder, 'linked/clawtrust.yml'))
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'denied/clawtrust.yml'), 0)
    chmodSync(join(folder, 'closed'), 0)
    const unread = (code: string) => `cannot be read (${code}); check the path and its permissions`
    for (const [name, trouble] of [
      ['denied', unread('EACCES')],
      ['closed', unread('EACCES')],
      ['linked', unread('ENOENT')],
      ['folder', 'is a directory and not a regular file; set the path of a regular file'],
    ] as const) {
      await expect(asNobody(() => load({ folder: join(folder, name) }))).rejects.toMatchObject({
        code: 'CONFIG_UNREADABLE',
        message: `clawtrust.yml: ${trouble}`,
      })
    }
    chmodSync(join(folder, 'closed'), 0o755)
    await expect(load({ folder: join(folder, 'broken') })).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' })
  })

  it('is refused where the named file is not there', async () => {
    await expect(load({ options: { 'config.file': 'nowhere.yml' } })).rejects.toMatchObject({
      code: 'CONFIG_UNREADABLE',
      message: 'nowhere.yml: cannot be read (ENOENT); check the path and its permissions',
    })
  })
})
