import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { alert, deliver, message, startRemediation, stopAll, type TestService, until } from '../../service.ts'

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Record<string, unknown>
}

/** Receivers of the test's own that speak real HTTP on loopback: what the templates send arrives as the receivers expect it. */
describe('over real HTTP', () => {
  let server: Server
  let url: string
  let received: Received[]
  let answer: (path: string) => { status: number; headers?: Record<string, string>; body?: string }

  beforeEach(async () => {
    received = []
    answer = () => ({ status: 200, body: '{}' })
    server = createServer((request, response) => {
      let text = ''
      request.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      request.on('end', () => {
        const path = request.url ?? ''
        received.push({ path, headers: request.headers, body: JSON.parse(text) })
        const { status, headers = {}, body = '' } = answer(path)
        response.writeHead(status, headers).end(body)
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterEach(async () => {
    await stopAll()
    server.closeAllConnections()
    server.close()
  })

  const start = (destinations: readonly Record<string, unknown>[]): Promise<TestService> => {
    const steps = destinations.map(({ name }) => ({ type: 'request', destination: name }))
    const playbooks = [{ name: 'brute-force', steps: [{ type: 'block', ttl: ['1h'] }, ...steps] }]
    return startRemediation({ mode: 'enforce', destinations, playbooks }, { fetch })
  }
  const settled = (service: TestService, count: number) =>
    until('everything has an answer', () => {
      const { outbox } = service.ledger
      return outbox.count('waiting') === 0 && outbox.count('sent') + outbox.count('dead') === count
    })

  it('each template reaches its receiver once, where and as that expects it, and keeps what it was told', async () => {
    answer = path => ({
      status: 201,
      body: path.includes('sendMessage')
        ? '{"ok":true,"result":{"message_id":77}}'
        : '{"key":"SEC-7","id":"rot-7","runId":"run-7","html_url":"https://github.example/7"}',
    })
    const service = await start([
      { name: 'chat', template: 'slack', url: `${url}/services/T/B/x` },
      { name: 'phone', template: 'telegram', url: `${url}/bot1:a/sendMessage`, fields: { chat_id: '42' } },
      { name: 'jira', template: 'jira', url, token: 'a@b.example:t', fields: { project: 'SEC' } },
      {
        name: 'github',
        template: 'github',
        url: `${url}/repos/o/r/issues`,
        token: 'gh',
        fields: { repository: 'o/r' },
      },
      { name: 'ca', template: 'certificate-rotation', url: `${url}/rotate`, token: 'ca' },
      { name: 'triage', template: 'openclaw-agent', url, token: 'hook', fields: { agent_id: 'soc' } },
    ])
    await deliver(service, message([alert('192.0.2.1')]))
    await settled(service, 6)
    const [incident] = service.ledger.incidents.list([], 1)
    const basic = `Basic ${Buffer.from('a@b.example:t').toString('base64')}`
    const of = (path: string) => received.filter(request => request.path === path)
    expect(received).toHaveLength(6)
    expect(received.every(({ headers }) => headers['content-type'] === 'application/json')).toBe(true)
    expect(of('/services/T/B/x')).toMatchObject([
      { body: { text: 'clawtrust blocked 192.0.2.1 for 1 h (brute-force)' } },
    ])
    expect(of('/bot1:a/sendMessage')).toMatchObject([{ body: { chat_id: '42' } }])
    expect(of('/rest/api/3/issue')).toMatchObject([
      { headers: { authorization: basic }, body: { fields: { project: { key: 'SEC' } } } },
    ])
    expect(of('/repos/o/r/issues')).toMatchObject([{ headers: { authorization: 'Bearer gh' } }])
    expect(of('/rotate')).toMatchObject([
      {
        headers: { authorization: 'Bearer ca', 'idempotency-key': `${incident?.id}/ca` },
        body: { action: 'rotate_certificate' },
      },
    ])
    expect(of('/hooks/agent')).toMatchObject([{ headers: { authorization: 'Bearer hook' }, body: { agentId: 'soc' } }])
    const answers = Object.fromEntries(
      service.ledger.outbox.list('sent', 9).map(sent => [sent.destination, sent.answer]),
    )
    expect(answers).toMatchObject({
      phone: '77',
      jira: 'SEC-7',
      github: 'https://github.example/7',
      ca: 'rot-7',
      triage: 'run-7',
    })
  })

  it('a proposal that is renewed is announced in the thread of the first one', async () => {
    answer = path => ({
      status: 201,
      body: path.includes('sendMessage') ? '{"result":{"message_id":77}}' : '{"key":"SEC-7"}',
    })
    const destinations = [
      { name: 'chat', template: 'slack', url: `${url}/services/T/B/x` },
      { name: 'phone', template: 'telegram', url: `${url}/bot1:a/sendMessage`, fields: { chat_id: '42' } },
      { name: 'jira', template: 'jira', url, token: 'a@b.example:t', fields: { project: 'SEC' } },
    ]
    const steps = destinations.map(({ name }) => ({ type: 'request', destination: name }))
    const playbooks = [{ name: 'brute-force', steps: [{ type: 'block', ttl: ['1h'] }, ...steps] }]
    const service = await startRemediation(
      { mode: 'approve', approval_lifetime: '1h', destinations, playbooks },
      { fetch },
    )
    for (let count = 1; count <= 3; count += 1) {
      await deliver(service, message([alert('192.0.2.1')]))
      await settled(service, 3 * count)
      service.clock.pass(3_600_000)
      await until('it has lapsed', () => service.ledger.incidents.count('lapsed') === count)
      service.clock.pass(2 * 3_600_000)
    }
    const of = (path: string) => received.filter(request => request.path === path).map(({ body }) => body)
    const [first] = service.ledger.incidents.list([], 1)
    expect(of('/bot1:a/sendMessage').map(({ reply_parameters }) => reply_parameters)).toEqual([
      undefined,
      { message_id: 77, allow_sending_without_reply: true },
      { message_id: 77, allow_sending_without_reply: true },
    ])
    expect([of('/rest/api/3/issue').length, of('/rest/api/3/issue/SEC-7/comment').length]).toEqual([1, 2])
    expect(of('/services/T/B/x').map(({ text }) => text)).toEqual([
      'clawtrust asks to block 192.0.2.1 for 1 h (brute-force)',
      'clawtrust asks again to block 192.0.2.1 for 1 h (brute-force)',
      'clawtrust asks again to block 192.0.2.1 for 1 h (brute-force)',
    ])
    expect(service.ledger.incidents.list([], 9).map(({ facts }) => facts.thread)).toEqual([
      undefined,
      first?.id,
      first?.id,
    ])
  })

  it('a proposal that is renewed is announced by itself where the thread of the first one is gone', async () => {
    answer = path => (path.endsWith('/comment') ? { status: 404 } : { status: 201, body: '{"key":"SEC-7"}' })
    const destinations = [{ name: 'jira', template: 'jira', url, token: 'a@b.example:t', fields: { project: 'SEC' } }]
    const steps = [
      { type: 'block', ttl: ['1h'] },
      { type: 'request', destination: 'jira' },
    ]
    const playbooks = [{ name: 'brute-force', steps }]
    const service = await startRemediation(
      { mode: 'approve', approval_lifetime: '1h', destinations, playbooks },
      { fetch },
    )
    for (const count of [1, 2]) {
      await deliver(service, message([alert('192.0.2.1')]))
      await settled(service, count)
      service.clock.pass(3_600_000)
      await until('it has lapsed', () => service.ledger.incidents.count('lapsed') === count)
      service.clock.pass(2 * 3_600_000)
    }
    expect(received.map(({ path }) => path)).toEqual([
      '/rest/api/3/issue',
      '/rest/api/3/issue/SEC-7/comment',
      '/rest/api/3/issue',
    ])
    expect(service.ledger.outbox.count('dead')).toBe(0)
  })

  it('a receiver is asked again when it says, and not before', async () => {
    answer = () => ({ status: 429, headers: { 'retry-after': '120' } })
    const service = await start([{ name: 'chat', template: 'slack', url }])
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it was asked', () => service.ledger.outbox.list('waiting', 1)[0]?.attempts === 1)
    answer = () => ({ status: 200 })
    service.clock.pass(110_000)
    await service.tick()
    expect(received).toHaveLength(1)
    service.clock.pass(11_000)
    await settled(service, 1)
    expect(received).toHaveLength(2)
  })

  it('a redirection is not followed: it would hand the token to whoever is named', async () => {
    answer = () => ({ status: 308, headers: { location: `${url}/elsewhere` } })
    const service = await start([{ name: 'ca', template: 'certificate-rotation', url: `${url}/rotate`, token: 'ca' }])
    await deliver(service, message([alert('192.0.2.1')]))
    await settled(service, 1)
    expect(received.map(({ path }) => path)).toEqual(['/rotate'])
    expect(service.ledger.outbox.list('dead', 1)).toMatchObject([{ lastError: 'answered 308' }])
  })
})
