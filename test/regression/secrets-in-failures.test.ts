import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errors } from '@elastic/elasticsearch'
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { CliContext } from '../../cli/context.ts'
import { runProgram } from '../../cli/program.ts'
import { parseTarget, type Target } from '../../core/net/target.ts'
import { Secret } from '../../core/secret.ts'
import { HttpProvider } from '../../remediation/enrichment/http-provider.ts'
import { QuestionBudget } from '../../remediation/enrichment/question-budget.ts'
import { sendRequest } from '../../service/delivery/http-request.ts'
import { incidentTemplates, templateNames } from '../../service/delivery/templates/names.ts'
import { renderRequest } from '../../service/delivery/templates/render.ts'
import { loadTemplates } from '../../service/delivery/templates/template.ts'
import { createClient, secretsOf } from '../../service/elasticsearch/connection.ts'
import { checkCursorField } from '../../service/elasticsearch/cursor-field.ts'
import { explainFailure } from '../../service/elasticsearch/failure.ts'
import { createLogger } from '../../service/log/logger.ts'
import { alert, deliver, message, startRemediation, stopAll, temporaryFolder, until } from '../remediation/service.ts'

/**
 * Each client with a secret, made to fail in each way: nobody listens, the server answers what it was sent, breaks off or
 * speaks no HTTP, and the secret is one that cannot be sent. The secret must stand nowhere.
 */
const SECRET = 's3cr3t-of-a-receiver'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const echo =
  (status: number): Handler =>
  (request, response) =>
    response.writeHead(status).end(JSON.stringify({ error: request.rawHeaders.join(' '), url: request.url }))

const servers: Readonly<Record<string, Handler | undefined>> = {
  'nobody listens': undefined,
  'quotes the request and refuses it': echo(403),
  'quotes the request and fails': echo(503),
  'quotes the request and takes it': echo(200),
  'answers no JSON': (request, response) => response.end(request.rawHeaders.join(' ')),
  'breaks off': (request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write(request.rawHeaders.join(' '), () => response.destroy())
  },
  'closes at once': request => request.destroy(),
  'sends elsewhere': (_request, response) => response.writeHead(302, { location: `http://${SECRET}/` }).end(),
  'speaks no HTTP': request => request.socket.end('SSH-2.0\r\n'),
}

const secrets: Readonly<Record<string, string>> = {
  'as it should be': SECRET,
  'of two lines': `${SECRET}\n${SECRET}`,
  'with a NUL': `${SECRET}\u0000${SECRET}`,
  'beyond ASCII': `${SECRET}\u20ac${SECRET}`,
}

function expectNoSecret(written: string, secret: string): void {
  expect(written).not.toContain(SECRET)
  expect(written).not.toContain(Buffer.from(secret).toString('base64'))
}

const cases = Object.keys(servers).flatMap(server =>
  Object.keys(secrets).map((secret): [string, string] => [server, secret]),
)

describe.each(Object.values(secrets))('where a server decodes the secret %j,', secret => {
  const server = { nodes: ['http://es.example'], requestTimeout: 5_000 }
  const key = new Secret(Buffer.from(`id:${secret}`).toString('base64'))
  const user = { username: 'u', password: new Secret(secret) }

  it.each([400, 403, 500])('the client of Elasticsearch shows nothing of it, when it is quoted with %i', status => {
    const cause = { type: `decoded ${secret}`, reason: `${'x'.repeat(290)} id:${secret}` }
    const body = { error: { ...cause, root_cause: [cause] } }
    const headers = { 'x-elastic-product': 'Elasticsearch' }
    const failure = new errors.ResponseError({ body, headers, statusCode: status, meta: {}, warnings: null } as never)
    for (const credentials of [{ apiKey: key }, user]) {
      const asked = { index: ['logs'], address: 'es', secrets: secretsOf({ ...server, ...credentials }) }
      expect(explainFailure(failure, asked).message).not.toContain(SECRET.slice(0, 8))
    }
  })
})

describe('where a server of Elasticsearch answers some requests and quotes the password in others', () => {
  const folder = temporaryFolder()
  const quoted = `\u001b[31m decoded ${SECRET}`
  const answers: readonly (readonly [path: RegExp, status: number, body: unknown])[] = [
    [/_field_caps/, 200, { indices: ['logs'], fields: { 'event.ingested': { [quoted]: {} } } }],
    [/_has_privileges/, 500, { error: { type: 'x', reason: quoted } }],
    [/./, 200, { _shards: { total: 1, successful: 1, failed: 0 }, hits: { hits: [] } }],
  ]
  const server = createServer((request, response) => {
    const [, status = 500, body] = answers.find(([path]) => path.test(request.url ?? '')) ?? []
    const headers = { 'x-elastic-product': 'Elasticsearch', 'content-type': 'application/json' }
    request.resume().on('end', () => response.writeHead(status, headers).end(JSON.stringify(body)))
  })
  afterAll(() => void server.close())

  it('elastic check and the source show it nowhere, nor a control character', async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const source = `{ type: elasticsearch, name: es, index: [logs], nodes: ['${url}'], username: u, password: ${SECRET} }`
    writeFileSync(join(folder, 'clawtrust.yml'), `exporter: { sources: [${source}] }\n`)
    const output: string[] = []
    const stream = { write: (text: string) => output.push(text) }
    const context: Partial<CliContext> = { version: '1', folder, logFolders: [], stdout: stream, stderr: stream }
    await runProgram(['elastic', 'check'], context as CliContext)
    expect(output.join('')).toContain('decoded <secret>')
    const client = createClient({ nodes: [url], requestTimeout: 5_000, compatibility: 9 })
    const asked = { index: ['logs'], address: url, secrets: [SECRET] }
    const { message } = await checkCursorField(client, 'event.ingested', asked).then(
      () => ({ message: 'no failure' }),
      error => error,
    )
    await client.close()
    expect(message).toContain('is mapped as \\x1b[31m decoded <secret> in logs')
    for (const text of [output.join(''), message]) expect(text).not.toMatch(new RegExp(`\u001b|${SECRET}`))
  })
})

describe.each(cases)('where the server %s and the secret is %s,', (server, kind) => {
  const secret = secrets[kind] as string
  let listening: Server | undefined
  let url = ''

  beforeEach(async () => {
    const handler = servers[server]
    const opened = createServer(handler).listen(0, '127.0.0.1')
    await once(opened, 'listening')
    url = `http://127.0.0.1:${(opened.address() as AddressInfo).port}/`
    listening = opened
    if (handler === undefined) await new Promise(resolve => opened.close(resolve))
  })

  afterEach(() => {
    listening?.closeAllConnections()
    listening?.close()
  })

  it.each(templateNames)('a delivery by the template %s shows it nowhere', async name => {
    const template = loadTemplates().get(name)
    if (template === undefined) throw new Error(name)
    const address = { url: `${url}${encodeURIComponent(SECRET)}`, token: secret, fields: {} }
    const request = renderRequest(template, {}, address)
    const path = `/${SECRET}`
    const result = await sendRequest(request, {
      fetch,
      timeout: 5_000,
      reference: 'error',
      secrets: [path, SECRET, secret, Buffer.from(secret).toString('base64')],
    })
    expectNoSecret(JSON.stringify(result), secret)
  })

  it('a threat intelligence provider shows it nowhere', async () => {
    const clock = { now: () => 0, monotonic: () => 0 }
    const config = {
      type: 'http' as const,
      name: 'cti',
      url: `${url}{address}`,
      allow_http: true,
      header: 'x-api-key',
      score: 'error',
      malicious_from: 1,
      cache: 60_000,
      budget: 10,
      timeout: 5_000,
    }
    const budget = new QuestionBudget('cti', 10, { read: () => undefined, write: () => {} }, clock)
    const log: string[] = []
    const logger = createLogger({ destination: { write: line => log.push(line) } })
    const options = { budget, fetch, clock, logger, count: () => {} }
    const provider = new HttpProvider(config, new Secret(secret), options)
    const finding = await provider.ask(parseTarget('192.0.2.1') as Target, new AbortController().signal)
    expectNoSecret(JSON.stringify([finding, provider.state(), log]), secret)
  })

  it('the client of Elasticsearch shows it nowhere', async () => {
    const client = createClient({
      nodes: [url],
      apiKey: new Secret(secret),
      requestTimeout: 5_000,
      compatibility: 9,
    })
    const log: string[] = []
    const logger = createLogger({ destination: { write: line => log.push(line) }, level: 'debug' })
    const failure = await client.search({ index: 'logs' }).catch(error => error)
    const error = explainFailure(failure, { index: ['logs'], address: 'http://es.example' })
    logger.error('The source failed.', { error, words: error.message })
    logger.error('The source failed.', { error: failure })
    expectNoSecret(log.join(''), secret)
    await client.close()
  })

  it('clawtrust explain shows it nowhere', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clawtrust-secrets-'))
    writeFileSync(join(folder, 'password'), secret)
    const output: string[] = []
    const stream = { write: (text: string) => output.push(text) }
    const context: Partial<CliContext> = { version: '1', folder, logFolders: [], stdout: stream, stderr: stream }
    const options = ['--web.url', url, '--web.user', 'u', '--web.password-file', 'password', '--json']
    await runProgram(['explain', 'auth_failures', 'data-ingest', ...options], context as CliContext)
    rmSync(folder, { recursive: true })
    if (server !== 'quotes the request and takes it') expectNoSecret(output.join(''), `u:${secret}`)
  })
})

describe('a key file with a second line', () => {
  afterEach(stopAll)

  it('is refused at the start, where its key once stood in the ledger for ever', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'key')
    writeFileSync(file, `${SECRET}\n# rotated by ann\n`)
    const provider = { type: 'http', name: 'cti', url: 'https://cti.example/{address}', key_file: file }
    const enrichment = { threat_intelligence: [{ ...provider, score: 'score', malicious_from: 1 }] }
    const refused = await startRemediation({ enrichment }, { folder }).catch(error => error)
    expect(refused).toMatchObject({
      code: 'SECRET_UNREADABLE',
      message: expect.stringContaining('has more than one line'),
    })
    expect(refused.message).not.toContain(SECRET)
  })
})

describe('a service whose receivers and provider quote what they were sent', () => {
  afterEach(stopAll)

  it.each([403, 503])('and answer %i, has the secrets in no ledger, log, page or metric', async status => {
    const opened = createServer(echo(status)).listen(0, '127.0.0.1')
    await once(opened, 'listening')
    const url = `http://127.0.0.1:${(opened.address() as AddressInfo).port}/${SECRET}`
    const [key, token] = [`${SECRET}-key`, `${SECRET}-token`]
    const provider = { type: 'http', name: 'cti', url: `${url}/{address}`, allow_http: true, key }
    const fields = { chat_id: '1', project: 'SEC', repository: 'o/r', agent_id: 'soc' }
    const destinations = incidentTemplates.map(template => ({ name: template, template, url, token, fields }))
    const requests = incidentTemplates.map(destination => ({ type: 'request', destination }))
    const service = await startRemediation(
      {
        mode: 'enforce',
        enrichment: { threat_intelligence: [{ ...provider, score: 'score', malicious_from: 1 }] },
        destinations,
        playbooks: [{ name: 'brute-force', steps: [{ type: 'block', ttl: ['1h'] }, ...requests] }],
      },
      { fetch },
    )
    await deliver(service, message([alert('192.0.2.1')]))
    const { ledger } = service
    const rows = () => [...ledger.outbox.list('waiting', 99), ...ledger.outbox.list('dead', 99)]
    await until(
      'all are tried',
      () => rows().filter(({ attempts }) => attempts > 0).length === incidentTemplates.length,
    )
    expect(JSON.stringify(rows())).toContain(`answered ${status}: {\\"error\\":`)
    const [incident] = ledger.incidents.list([], 1)
    const pages = await Promise.all(['', 'metrics'].map(async path => (await fetch(service.url + path)).text()))
    const written = [
      service.log,
      rows(),
      ledger.audit.page(0, 999),
      incident,
      ledger.steps.of(incident?.id ?? ''),
      pages,
    ]
    // The provider's address is no secret; this one holds it to see that its answer is not quoted either.
    expectNoSecret(JSON.stringify(written), token)
    opened.closeAllConnections()
    opened.close()
  })
})
