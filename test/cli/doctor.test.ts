import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { thisMachine } from '../../cli/containers.ts'
import type { CliContext } from '../../cli/context.ts'
import type { Host } from '../../cli/doctor-host.ts'
import { runProgram } from '../../cli/program.ts'
import { reporters } from '../../exporter/sources/reporters.ts'
import { coverageAnswer } from '../../exporter/web/api/coverage.ts'
import { coverageOf } from '../../exporter/web/signal-coverage/coverage.ts'
import { temporaryFolder } from './temporary-folder.ts'

const line = JSON.stringify({
  0: '{"subsystem":"gateway/ws"}',
  1: { cause: 'unauthorized', handshake: 'failed', authReason: 'token_mismatch', authMode: 'token' },
  2: 'closed before connect conn=c1 peer=203.0.113.9:1->127.0.0.1:18789 code=1008 reason=unauthorized',
  _meta: { date: '2026-11-22T12:00:00.000Z', logLevelId: 4, logLevelName: 'WARN', name: '{"subsystem":"gateway/ws"}' },
  time: '2026-11-22T12:00:00.000Z',
  message: 'closed before connect conn=c1 peer=203.0.113.9:1->127.0.0.1:18789 code=1008 reason=unauthorized',
})

const bareHost: Host = {
  home: '/root',
  hostname: 'edge-1',
  find: async () => ({ paths: [] }),
  read: async () => '',
  machine: thisMachine,
}

const closed = 'exporter:\n  listen_address: 127.0.0.1:1\n  sources:\n    - type: file\n      name: log\n'
const folder = temporaryFolder({
  'log/openclaw-2026-11-22.log': `${line}\n`,
  'foreign.log': 'no record\n',
  'good.yml': `${closed}      paths: [log/openclaw-*.log]\n`,
  'missing.yml': `${closed}      paths: [gone.log]\n`,
  'foreign.yml': `${closed}      paths: [foreign.log]\n`,
  'broken.yml': 'exporter: { sorces: [] }\n',
  'index.yml':
    'exporter: { listen_address: "127.0.0.1:1", sources: [{ type: elasticsearch, name: es, nodes: ["http://127.0.0.1:1"], index: [x] }] }\n',
})

async function doctor(args: readonly string[], logFolders: readonly string[] = []) {
  let out = ''
  let err = ''
  const context = {
    version: '1.2.3',
    folder,
    logFolders,
    host: bareHost,
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    checkWebConfig: async () => undefined,
  } as unknown as CliContext
  const code = await runProgram(['doctor', ...args], context)
  return { code, out, err }
}

const signalIn = (out: string, name: string) =>
  JSON.parse(out).signals.find(({ signal }: { signal: string }) => signal === name)

let address = ''
let answer: { status: number; body: string } = { status: 200, body: '' }
const server = createServer((_, response) => response.writeHead(answer.status).end(answer.body))

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => {
  server.close()
})

describe('clawtrust doctor', () => {
  it('says what the files of the configuration report, and ends with 1 where something is blind', async () => {
    const { code, out, err } = await doctor(['--config.file', 'good.yml'])
    expect([code, err]).toEqual([1, 'Not everything is read; the lines to add are above.\n'])
    expect(out).toMatch(
      /^No exporter is running at http:\/\/127\.0\.0\.1:1 \(.+\); its log files were looked at instead\.\n/,
    )
    expect(out).toMatch(/fed {4}auth_failures {14}read from log \(openclaw-file\); last event 2026-11-22T12:00:00Z\n/)
    expect(out).toMatch(/blind {2}mtls_handshake_failures .* No source reads records that report it\.\n/)
  })

  it.each([
    ['missing.yml', 'source_down', 'gone.log does not exist'],
    ['foreign.yml', 'nothing_recognised', 'known format'],
    ['index.yml', 'nothing_read', 'es has not been read yet'],
  ])('says why %s is blind', async (file, code, words) => {
    const { out } = await doctor(['--config.file', file, '--json'])
    const { state, reasons } = signalIn(out, 'auth_failures')
    expect(state).toBe('blind')
    expect(reasons).toContainEqual(expect.objectContaining({ code, sentence: expect.stringContaining(words) }))
  })

  it('ends with 2 and the sentence of a configuration that cannot be used', async () => {
    const { code, out, err } = await doctor(['--config.file', 'broken.yml'])
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('broken.yml:1')
  })

  it('reads the logs that are found where no configuration is, and names them in the configuration to write', async () => {
    const { out } = await doctor(['--web.url', 'http://127.0.0.1:1/'], [join(folder, 'log')])
    expect(out).toContain(`Reading OpenClaw's log in ${join(folder, 'log')}`)
    expect(out).toContain(`paths: ['${join(folder, 'log')}/openclaw-*.log']`)
  })

  it('does not take recordings for a deployment', async () => {
    const { code, out } = await doctor(['--json', '--web.url', 'http://127.0.0.1:1/'])
    expect(code).toBe(1)
    const answered = JSON.parse(out)
    expect(answered.blind).toBe(true)
    expect(answered.signals.map(({ state }: { state: string }) => state)).not.toContain('fed')
    expect(answered.setup['openclaw-file'][0].where).toBe('clawtrust.yml')
  })

  it('takes the word of a running exporter', async () => {
    const event = {
      source: 'es',
      dialect: 'ecs',
      signal: 'auth_failures' as const,
      trustZone: 'lab',
      time: 1_795_000_000_000,
    }
    const source = {
      name: 'es',
      up: true,
      isRecognised: true,
      dialects: new Map(),
      lastEvents: [event],
      incomplete: [],
    }
    const body = JSON.stringify(coverageAnswer(coverageOf({ sources: [source], reporters, trustZones: [] })))
    answer = { status: 200, body }
    const { out } = await doctor(['--config.file', 'index.yml', '--web.url', address])
    expect(out).toContain('is running; this is what it reads.')
    expect(out).toMatch(/fed {4}auth_failures {14}read from es \(ecs\); last event 2026-11-18T11:06:40Z/)
  })

  it.each([
    [403, '{}', 'requires the role view'],
    [200, '{"signals":"\u001b[31m"}', 'is no exporter of this version'],
    [404, 'not found', 'is no exporter of this version'],
  ])('looks at the files where %s is answered', async (status, body, words) => {
    answer = { status, body }
    const { out } = await doctor(['--config.file', 'good.yml', '--web.url', address])
    expect(out).toContain(words)
    expect(out).toContain('fed    auth_failures')
  })
})
