import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CliContext } from '../../cli/context.ts'
import { runProgram } from '../../cli/program.ts'
import type { VersionAnswer } from '../../exporter/web/api/versions.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({})

const before: VersionAnswer = {
  gateway: 'gw\u001b[2J',
  product: 'openclaw',
  version: '2026.9.6',
  current: false,
  since: '2026-11-23T12:00:00.000Z',
  minutes: 300,
  undecoded_minutes: 3,
  changed: false,
  more_undecoded: false,
  new_templates: [],
}
const after: VersionAnswer = {
  ...before,
  version: '2026.10.1',
  current: true,
  minutes: 60,
  undecoded_minutes: 60,
  changed: true,
  more_undecoded: true,
  new_templates: ['gateway/ws: connection refused conn=<*>'],
}

describe('clawtrust versions', () => {
  let answer: readonly VersionAnswer[] = [before, after]
  let server: Server
  let url = ''

  beforeAll(async () => {
    server = createServer((request, reply) => {
      reply.statusCode = request.url === '/api/v1/versions' ? 200 : 404
      reply.end(JSON.stringify({ versions: answer }))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })

  afterAll(() => new Promise(resolve => server.close(resolve)))

  async function run(...args: readonly string[]) {
    let out = ''
    const context: Partial<CliContext> = {
      version: '1.2.3',
      folder,
      logFolders: [],
      stdout: { write: text => (out += text) },
      stderr: { write: () => undefined },
    }
    const code = await runProgram(['versions', ...args, '--web.url', url], context as CliContext)
    return { code, out }
  }

  it('lists versions with the samples of what has changed, and no text of a record moves the cursor', async () => {
    const { code, out } = await run()
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      'gw\\u001b[2J  openclaw 2026.9.6  since 2026-11-23T12:00:00.000Z  undecoded in 3 of 300 minutes  its log is as before',
      'gw\\u001b[2J  openclaw 2026.10.1 (current)  since 2026-11-23T12:00:00.000Z  undecoded in 60 of 60 minutes  its log has changed',
      '  sample: gateway/ws: connection refused conn=<*>',
      '',
    ])
    expect(JSON.parse((await run('--json')).out)).toEqual({ versions: answer })
  })

  it('says so where no version is known', async () => {
    answer = []
    expect((await run()).out).toBe('No version is known: no record reports one.\n')
  })
})
