import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ErrorCode } from '../../../core/error-catalogue.ts'
import { connect } from '../../../service/elasticsearch/compatibility.ts'
import type { Connection } from '../../../service/elasticsearch/connection.ts'
import { explainFailure } from '../../../service/elasticsearch/failure.ts'
import { type ForgedAuthority, forgeAuthority } from './forged-authority.ts'

const running: { readonly server: Server; readonly sockets: Set<Socket> }[] = []
let folder: string
let authority: ForgedAuthority
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-forged-'))
  authority = forgeAuthority(folder)
})
afterAll(() => {
  for (const { server, sockets } of running) {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  rmSync(folder, { recursive: true, force: true })
})

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => sockets.add(socket))
  running.push({ server, sockets })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const elasticsearch: RequestListener = (_, response) => {
  response.writeHead(200, {
    'content-type': 'application/vnd.elasticsearch+json;compatible-with=9',
    'x-elastic-product': 'Elasticsearch',
  })
  response.end('{"_shards":{"total":0},"hits":{"hits":[]}}')
}

const answering = async (status: number, headers: Readonly<Record<string, string>>, body: string): Promise<string> =>
  `http://${await listening(createHttpServer((_, response) => response.writeHead(status, headers).end(body)))}`

const withTls = async (cert: string): Promise<string> =>
  `https://${await listening(createHttpsServer({ key: authority.key, cert: cert + authority.ca }, elasticsearch))}`

const speaking = (speak: (socket: Socket) => void): Promise<string> => listening(createNetServer(speak))

const OWN = 'DNS:localhost,IP:127.0.0.1'
const HTML = { 'content-type': 'text/html' }
const JSON_TYPE = { 'content-type': 'application/json' }

type Reached = Partial<Connection> & { readonly nodes: readonly string[] }

async function explained(connection: Reached) {
  const address = connection.nodes[0] ?? ''
  const failure: unknown = await connect({ requestTimeout: 2_000, ...connection }, 'auto', ['*']).then(
    client => client.close().then(() => undefined),
    (error: unknown) => error,
  )
  return failure === undefined ? undefined : explainFailure(failure, { index: ['logs-*'], address })
}

/** What is wrong, how the server is reached, the code, and words of the sentence. */
type Case = readonly [string, () => Promise<Reached>, ErrorCode, string]

const certificates: readonly Case[] = [
  [
    'another fingerprint of the authority',
    async () => ({
      nodes: [await withTls(authority.sign(OWN))],
      ca: authority.ca,
      caFingerprint: `${'AA:'.repeat(31)}AA`,
    }),
    'ELASTICSEARCH_UNTRUSTED',
    'the authority that signed it does not have the fingerprint in ca_fingerprint. Set ca_fingerprint to that of the authority',
  ],
  [
    'an expired certificate',
    async () => ({
      nodes: [await withTls(authority.sign(OWN, ['20200101000000Z', '20210101000000Z']))],
      ca: authority.ca,
    }),
    'ELASTICSEARCH_UNTRUSTED',
    'it has expired; renew it on the server, or correct the clock of this machine',
  ],
  [
    'a certificate of the future',
    async () => ({
      nodes: [await withTls(authority.sign(OWN, ['20900101000000Z', '20910101000000Z']))],
      ca: authority.ca,
    }),
    'ELASTICSEARCH_UNTRUSTED',
    'it is not yet valid; correct the clock of this machine',
  ],
  [
    'a certificate for other names',
    async () => ({
      nodes: [(await withTls(authority.sign('DNS:es.internal,DNS:*.es.example'))).replace('127.0.0.1', 'localhost')],
      ca: authority.ca,
    }),
    'ELASTICSEARCH_UNTRUSTED',
    'it is valid for es.internal, *.es.example and not for this host; use a host name of the certificate',
  ],
  [
    'an address in place of a name',
    async () => ({ nodes: [await withTls(authority.sign('DNS:es.internal'))], ca: authority.ca }),
    'ELASTICSEARCH_UNTRUSTED',
    'it is valid for other names and not for this host',
  ],
  [
    'a certificate that no authority signed',
    async () => ({ nodes: [await withTls(authority.selfSigned)] }),
    'ELASTICSEARCH_UNTRUSTED',
    'is not trusted (self-signed certificate): no trusted authority signed it; set ca_file to the authority',
  ],
  [
    'an authority that is not configured',
    async () => ({ nodes: [await withTls(authority.sign(OWN))] }),
    'ELASTICSEARCH_UNTRUSTED',
    'set ca_file to the authority that signed it (Elasticsearch creates it as config/certs/http_ca.crt)',
  ],
  [
    'plain http to a port with TLS',
    async () => ({ nodes: [(await withTls(authority.sign(OWN))).replace('https', 'http')] }),
    'ELASTICSEARCH_UNREACHABLE',
    'the server closes the connection, as a port with TLS does; check whether the address must start with https:// or http://',
  ],
  [
    'TLS to a plain port',
    async () => ({ nodes: [(await answering(200, JSON_TYPE, '{}')).replace('http', 'https')] }),
    'ELASTICSEARCH_UNREACHABLE',
    'the server at that port does not speak TLS; check whether the address must start with https:// or http://',
  ],
]

const connections: readonly Case[] = [
  [
    'nothing that listens',
    async () => ({ nodes: ['http://127.0.0.1:1'] }),
    'ELASTICSEARCH_UNREACHABLE',
    '(ECONNREFUSED): nothing listens there; start Elasticsearch, or check address, port and network',
  ],
  [
    'a name that is not known',
    async () => ({ nodes: ['http://nowhere.invalid:9200'] }),
    'ELASTICSEARCH_UNREACHABLE',
    'the host name cannot be resolved; correct it, or check DNS on this machine',
  ],
  [
    'a server that never answers',
    async () => ({ nodes: [`http://${await speaking(() => undefined)}`], requestTimeout: 200 }),
    'ELASTICSEARCH_TIMEOUT',
    'did not answer in time; check its load, or raise request_timeout',
  ],
  [
    'a server of another protocol',
    async () => ({ nodes: [`http://${await speaking(socket => socket.end('SSH-2.0-OpenSSH\r\n'))}`] }),
    'ELASTICSEARCH_UNREACHABLE',
    'does not speak HTTP; correct the port (9200 by default; 9300 is that of the nodes among each other)',
  ],
]

const others: readonly (readonly [string, number, Readonly<Record<string, string>>, string, ErrorCode, string])[] = [
  [
    'nginx',
    404,
    { ...HTML, server: 'nginx/1.26.0' },
    '<html>404</html>',
    'ELASTICSEARCH_OTHER_PRODUCT',
    'is not Elasticsearch: another service (nginx/1.26.0) answers 404 with a web page; check the address, its port',
  ],
  ['a web page', 200, HTML, '<html>x</html>', 'ELASTICSEARCH_OTHER_PRODUCT', 'answers 200 with a web page'],
  ['nothing', 200, {}, '', 'ELASTICSEARCH_OTHER_PRODUCT', 'another service answers 200 with something else'],
  [
    'Prometheus',
    404,
    { 'content-type': 'text/plain' },
    '404 page not found',
    'ELASTICSEARCH_OTHER_PRODUCT',
    'another service answers 404',
  ],
  [
    'Kibana',
    404,
    { ...JSON_TYPE, 'kbn-name': 'kibana' },
    '{"statusCode":404,"error":"Not Found"}',
    'ELASTICSEARCH_OTHER_PRODUCT',
    'is Kibana, not Elasticsearch; set the address of Elasticsearch instead, whose port is 9200 by default',
  ],
  [
    'the sign-in of Kibana',
    302,
    { 'kbn-name': 'k', location: '/login' },
    '',
    'ELASTICSEARCH_OTHER_PRODUCT',
    'is Kibana',
  ],
  [
    'OpenSearch',
    406,
    JSON_TYPE,
    '{"error":"Content-Type header [application/vnd.elasticsearch+json; compatible-with=9] is not supported","status":406}',
    'ELASTICSEARCH_OTHER_PRODUCT',
    'is OpenSearch or another fork of Elasticsearch, not Elasticsearch',
  ],
  [
    'Elasticsearch 7',
    400,
    JSON_TYPE,
    '{"error":{"type":"media_type_header_exception","reason":"found 9"},"status":400}',
    'ELASTICSEARCH_OTHER_PRODUCT',
    'is Elasticsearch 7 or older; clawtrust reads Elasticsearch 8 and 9',
  ],
  [
    'a redirection',
    301,
    { ...HTML, location: 'https://es.example/path?token=hunter2' },
    '<html>',
    'ELASTICSEARCH_OTHER_PRODUCT',
    'redirects to https://es.example (301); set the address of Elasticsearch itself',
  ],
  [
    'a proxy that does not reach it',
    502,
    { ...HTML, server: 'nginx' },
    '<html>',
    'ELASTICSEARCH_UNAVAILABLE',
    '(nginx) does not reach Elasticsearch (502); start Elasticsearch, or correct the address',
  ],
  [
    'a proxy that asks for a password',
    401,
    { ...HTML, 'www-authenticate': 'Basic realm="x"', server: 'nginx' },
    '<html>',
    'ELASTICSEARCH_UNAUTHENTICATED',
    'a server in front of http://127.0.0.1:',
  ],
  ['a firewall', 403, HTML, '<html>', 'ELASTICSEARCH_FORBIDDEN', 'not Elasticsearch, refuses the request (403)'],
  [
    'a server that wants credentials where none are set',
    401,
    JSON_TYPE,
    '{"error":{"root_cause":[{"type":"security_exception","reason":"missing authentication credentials for REST request [/_search]"}],"type":"security_exception"}}',
    'ELASTICSEARCH_UNAUTHENTICATED',
    'requires credentials, and none are configured; set api_key_file, or username and password_file',
  ],
  [
    'a name that would break the line',
    404,
    { ...HTML, server: `${'x'.repeat(100)}\u0085y` },
    '<html>',
    'ELASTICSEARCH_OTHER_PRODUCT',
    `another service (${'x'.repeat(40)}…) answers 404`,
  ],
]

describe('in place of Elasticsearch, or on the way to it', () => {
  it.each([...certificates, ...connections])('%s is explained, with what to do', async (_, reached, code, words) => {
    const failure = await explained(await reached())
    expect(failure).toMatchObject({ code, message: expect.stringContaining(words) })
  })

  it.each(others)('%s is explained, with what to do', async (_, status, headers, body, code, words) => {
    const failure = await explained({ nodes: [await answering(status, headers, body)] })
    expect(failure).toMatchObject({ code, message: expect.stringContaining(words) })
    expect(failure?.message).not.toMatch(/hunter2|\n|<html>/)
  })

  it('a server with the right certificate is no failure', async () => {
    const nodes = [await withTls(authority.sign(OWN))]
    expect(await explained({ nodes, ca: authority.ca })).toBeUndefined()
  })
})
