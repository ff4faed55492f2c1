import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CliContext } from '../../cli/context.ts'
import { explainReport } from '../../cli/explain-report.ts'
import { runProgram } from '../../cli/program.ts'
import type { ExplainAnswer } from '../../exporter/web/api/explain.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({ password: 'open sesame\n' })

const answer = {
  series: { gateway: 'edge-1', trustZone: 'agent-control', signal: 'auth_failures' },
  minute: 1_795_312_800,
  samples_seen: 900,
  score: 71.4,
  active: true,
  observed: 24,
  expected: 2.1,
  lower: 0,
  upper: 6,
  expected_parts: { people: 0.5, job: 1.6, hourly: 0 },
  words: '11 times the expected count for a Sunday night over 4 minutes',
  explanation: null,
  trail: [{ minute: 1_795_312_800, observed: 24, expected: 2.1, lower: 0, upper: 6, score: 71.4 }],
  entities: [],
  episodes: [],
}

describe('clawtrust explain', () => {
  const asked: { readonly url: string; readonly authorization: string | undefined }[] = []
  let server: Server
  let url: string

  beforeAll(async () => {
    server = createServer((request, reply) => {
      asked.push({ url: request.url ?? '', authorization: request.headers.authorization })
      const known = request.url?.includes('auth_failures')
      reply.statusCode = known ? 200 : 404
      reply.end(JSON.stringify(known ? answer : { error: 'That is not a scored series.' }))
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
    const code = await runProgram(['explain', ...args], context as CliContext)
    return { code, out, err }
  }

  it('counts one event as one', () => {
    expect(explainReport({ ...answer, observed: 1 } as ExplainAnswer)).toContain('\n1 event, 2.1 expected')
  })

  it('prints what the running exporter says, with a plot', async () => {
    const { code, out } = await run('auth_failures', 'agent-control', '--web.url', url)
    expect(code).toBe(0)
    expect(out).toContain(
      'score 71 of 100, active\n24 events, 2.1 expected (0 to 6): 0.5 from people, 1.6 from a daily job\nWhy: 11 times the expected',
    )
    expect(out).toMatch(/ 24 ┤▓\n/)
  })

  it('shows an answer of an earlier exporter, which has no parts', async () => {
    const { expected_parts: _, ...earlier } = answer as ExplainAnswer
    expect(explainReport(earlier as ExplainAnswer)).toContain('2.1 expected (0 to 6)\nWhy')
  })

  it('asks for the gateway and the time that are named, signed in', async () => {
    const named = ['--gateway', 'edge 1', '--at', '2026-11-22T02:00:00Z']
    await run('auth_failures', 'z', ...named, '--web.url', url, '--web.user', 'ann', '--web.password-file', 'password')
    expect(asked.at(-1)).toEqual({
      url: '/api/v1/explain?signal=auth_failures&trust_zone=z&gateway=edge+1&at=2026-11-22T02%3A00%3A00Z',
      authorization: `Basic ${Buffer.from('ann:open sesame').toString('base64')}`,
    })
  })

  it('has the token of a role in place of a user, and no error shows it', async () => {
    const { err } = await run('nothing', 'z', '--web.url', url, '--web.bearer-token-file', 'password')
    expect(asked.at(-1)?.authorization).toBe('Bearer open sesame')
    expect(err).not.toContain('sesame')
    const { code } = await run('a', 'z', '--web.bearer-token-file', 'password', '--web.user', 'ann')
    expect(code).toBe(2)
  })

  it('prints JSON where that is asked for', async () => {
    const { out } = await run('auth_failures', 'z', '--json', '--web.url', url)
    expect(JSON.parse(out)).toEqual(answer)
  })

  it.each([
    [['nothing', 'z'], 'That is not a scored series.\n', 2],
    [['auth_failures', 'z', '--web.user', 'ann', '--web.password-file', 'gone'], 'gone cannot be read', 2],
  ])('says in a sentence why %j has no answer', async (args, sentence, status) => {
    const { code, err } = await run(...args, '--web.url', url)
    expect(err).toContain(sentence)
    expect(code).toBe(status)
  })

  it('says where it looked when nothing answers', async () => {
    expect((await run('auth_failures', 'z', '--web.url', 'http://127.0.0.1:1/')).err).toBe(
      'No exporter responds at http://127.0.0.1:1 (no connection): start it, or set its address by --web.url.\n',
    )
    expect((await run('auth_failures', 'z', '--web.url', 'ftp://x')).err).toContain('--web.url must be an address')
  })
})
