import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CliContext } from '../../cli/context.ts'
import { runProgram } from '../../cli/program.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({})

const acceptance = {
  check: 'models.legacy',
  target: null,
  gateway: 'gw-1',
  who: 'ann',
  why: 'a lab',
  accepted: '2026-11-23T12:00:00.000Z',
  until: '2026-12-23T12:00:00.000Z',
  in_force: true,
  ended_by: null,
}
const answer = {
  snapshots: [
    { gateway: 'gw-1', trust_zone: 'z', producer: 'openclaw-audit', time: '2026-11-23T12:00:00.000Z', valid: false },
  ],
  findings: [
    {
      gateway: 'gw-1',
      trust_zone: 'z',
      check: 'models.legacy',
      target: 'old\u001b[2J',
      severity: 'medium',
      summary: 'Old models',
      accepted: acceptance,
    },
  ],
  acceptances: [acceptance, { ...acceptance, in_force: false, ended_by: 'bob' }],
}

describe('clawtrust posture', () => {
  const asked: { method: string | undefined; url: string | undefined; body: string }[] = []
  let server: Server
  let url = ''

  beforeAll(async () => {
    server = createServer((request, reply) => {
      let body = ''
      request.on('data', chunk => (body += chunk))
      request.on('end', () => {
        asked.push({ method: request.method, url: request.url, body })
        if (request.url?.endsWith('/expire')) reply.statusCode = 404
        const answers = request.url?.endsWith('/accept') ? acceptance : answer
        reply.end(JSON.stringify(reply.statusCode === 404 ? { error: 'No acceptance is in force.' } : answers))
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })

  afterAll(() => new Promise(resolve => server.close(resolve)))

  async function run(...args: readonly string[]) {
    let out = ''
    let err = ''
    const context: Partial<CliContext> = {
      version: '1.2.3',
      folder,
      logFolders: [],
      stdout: { write: text => (out += text) },
      stderr: { write: text => (err += text) },
    }
    const code = await runProgram(['posture', ...args, '--web.url', url], context as CliContext)
    return { code, out, err }
  }

  it('lists what the running exporter knows, and no text of a record moves the cursor of the terminal', async () => {
    const { code, out } = await run('list')
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      'gw-1  openclaw-audit  2026-11-23T12:00:00.000Z  too old: the posture is unknown',
      '',
      'medium  gw-1  models.legacy (old\\u001b[2J)  Old models  [accepted by ann until 2026-12-23T12:00:00.000Z]',
      '',
      'Acceptances:',
      'models.legacy of gw-1: until 2026-12-23T12:00:00.000Z, by ann: a lab',
      'models.legacy of gw-1: ended by bob, by ann: a lab',
      '',
    ])
    expect(JSON.parse((await run('list', '--json')).out)).toEqual(answer)
  })

  it('accepts with who, why and for how long', async () => {
    const { out } = await run(
      'accept',
      'models.legacy',
      '--gateway',
      'gw-1',
      '--who',
      'ann',
      '--why',
      'a lab',
      '--for',
      '30d',
    )
    expect(out).toBe('Accepted by ann until 2026-12-23T12:00:00.000Z.\n')
    expect(asked.at(-1)).toMatchObject({ method: 'POST', url: '/api/v1/posture/accept' })
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({
      check: 'models.legacy',
      gateway: 'gw-1',
      who: 'ann',
      why: 'a lab',
      for: '30d',
    })
  })

  it('says why the exporter refuses, and needs a reason to accept', async () => {
    expect(await run('expire', 'models.legacy')).toEqual({ code: 2, out: '', err: 'No acceptance is in force.\n' })
    expect((await run('accept', 'models.legacy', '--for', '1d')).code).toBe(2)
  })
})
