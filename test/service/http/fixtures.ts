import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { get as httpGet } from 'node:http'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { systemClock } from '../../../core/clock.ts'
import { createHttpService, type HttpService, type HttpServiceOptions } from '../../../service/http/http-service.ts'
import { createLogger } from '../../../service/log/logger.ts'

export const EXPOSITION = '# HELP a h\n# TYPE a gauge\na 1\n'

async function* slices() {
  yield EXPOSITION.slice(0, 10)
  yield EXPOSITION.slice(10)
}

export interface Running {
  readonly url: string
  readonly service: HttpService
  readonly log: readonly string[]
}

const running = new Set<HttpService>()

/** A service on a free port of loopback; `stopAll` ends it. */
export async function startService(overrides: Partial<HttpServiceOptions> = {}): Promise<Running> {
  const log: string[] = []
  const service = createHttpService({
    listen: { host: '127.0.0.1', port: 0 },
    exposition: slices,
    scrapeRefused: () => {},
    page: () => ({
      body: '<!doctype html>page',
      headers: { 'content-type': 'text/html', 'x-frame-options': 'sameorigin' },
    }),
    notReady: () => undefined,
    reload: () => service.reload(),
    clock: systemClock,
    logger: createLogger({ level: 'debug', destination: { write: line => log.push(line) } }),
    ...overrides,
  })
  running.add(service)
  const { url } = await service.start()
  return { url, service, log }
}

export async function stopAll(): Promise<void> {
  await Promise.all([...running].map(service => service.stop()))
  running.clear()
}

/** Status and body of a GET with this `Host`. */
export function getWithHost(
  url: string,
  host: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly [number | undefined, string]> {
  const answer = Promise.withResolvers<readonly [number | undefined, string]>()
  const asked = httpGet(url, { headers: { ...headers, host }, agent: false }, response => {
    const parts: string[] = []
    response.setEncoding('utf8').on('data', part => parts.push(part))
    response.on('end', () => answer.resolve([response.statusCode, parts.join('')]))
  })
  asked.on('error', answer.reject)
  return answer.promise
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'clawtrust-http-'))
}

export function writeWebConfig(folder: string, yaml: string): string {
  const file = join(folder, 'web.yml')
  writeFileSync(file, yaml)
  return file
}

/** A self-signed certificate `<name>.crt` with `<name>.key`; its own authority. */
export function makeCertificate(folder: string, name: string, names = `DNS:${name}.example`): void {
  const [key, crt] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key]
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`]
  execFileSync('openssl', ['req', '-x509', ...curve, '-out', crt, '-days', '2', ...subject], { stdio: 'ignore' })
}

export interface TlsAnswer {
  readonly status: number
  readonly body: string
  /** Common name of the server's certificate. */
  readonly server: string
}

/** One request on a connection of its own. */
export function tlsGet(
  url: string,
  client: { cert?: Buffer; key?: Buffer; maxVersion?: 'TLSv1.2' } = {},
): Promise<TlsAnswer> {
  const answer = Promise.withResolvers<TlsAnswer>()
  const agent = new Agent({ keepAlive: false, maxCachedSessions: 0 })
  const asked = request(url, { ...client, rejectUnauthorized: false, agent }, response => {
    const server = (response.socket as TLSSocket).getPeerCertificate().subject.CN
    let body = ''
    response.setEncoding('utf8')
    response.on('data', text => {
      body += text
    })
    response.on('end', () => answer.resolve({ status: response.statusCode ?? 0, body, server: String(server) }))
    response.on('error', answer.reject)
  })
  asked.on('error', answer.reject)
  asked.end()
  return answer.promise
}

/** A request as it goes over a connection that stays open. */
export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

export interface OpenConnection {
  readonly socket: TLSSocket
  /** Resolves when the server has sent this text. */
  received(text: string): Promise<void>
  /** Resolves when the server has given what a client needs to resume the session. */
  readonly sessionIsKnown: Promise<void>
  session(): Buffer | undefined
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>
}

/** A connection whose requests the test writes itself. */
export async function openConnection(url: string, options: ConnectionOptions): Promise<OpenConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options })
  const [secure, known, ended] = [0, 1, 2].map(() => Promise.withResolvers<void>()) as [
    PromiseWithResolvers<void>,
    PromiseWithResolvers<void>,
    PromiseWithResolvers<void>,
  ]
  let text = ''
  let session: Buffer | undefined
  const waiting = new Set<() => void>()
  socket.setEncoding('utf8')
  socket.on('data', more => {
    text += more
    for (const look of waiting) look()
  })
  socket.on('session', given => {
    session = given
    known.resolve()
  })
  socket.on('error', () => {})
  socket.on('close', () => ended.resolve())
  socket.on('secureConnect', () => secure.resolve())
  await secure.promise
  const received = (wanted: string) =>
    new Promise<void>(resolve => {
      const look = () => text.includes(wanted) && resolve()
      waiting.add(look)
      look()
    })
  return { socket, received, sessionIsKnown: known.promise, session: () => session, ended: ended.promise }
}
