import type { RequestListener, Server } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import type { TLSSocket } from 'node:tls'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Clock } from '../../core/clock.ts'
import type { ListenAddress } from '../../core/config/schema.ts'
import { ClawtrustError } from '../../core/errors.ts'
import type { Logger } from '../log/logger.ts'
import type { ExpositionFormat } from '../series/exposition-format.ts'
import { createAccess } from './access.ts'
import { certificateRefusal } from './client-certificate.ts'
import { connectionLimits, maxOpenFiles } from './connection-limits.ts'
import { Connections } from './connections.ts'
import { failedRequest } from './failed-request.ts'
import { registerLifecycleRoutes } from './lifecycle-routes.ts'
import { formatAddress, refuseOpenListener } from './listen-address.ts'
import { LiveWebConfig } from './live-web-config.ts'
import { registerMetricsRoute } from './metrics-route.ts'
import { ThreadedPasswordCheck } from './password-check.ts'
import { configuredHeaders, defaultHeaders } from './response-headers.ts'
import { type Roles, roleOf } from './roles.ts'
import { isAuthenticated } from './web-config.ts'
import type { LoadedTls } from './web-config-file.ts'

// An import reads every export of the module, and so loads the client of WebSockets: a thirtieth of the start.
const { createServer: createPlainServer } = process.getBuiltinModule('node:http')

/** A document with its headers, including its Content-Security-Policy. */
export interface Page {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** A request of one of these routes. */
export type RouteRequest = FastifyRequest

/** The response to one. */
export type RouteReply = FastifyReply

/** Where a part registers its own routes. */
export type RouteHost = FastifyInstance

export interface HttpServiceOptions {
  readonly listen: ListenAddress
  /** `--web.config.file`. */
  readonly webConfigFile?: string | undefined
  /** `--web.allow-unauthenticated`: listen beyond loopback without authentication. */
  readonly allowUnauthenticated?: boolean
  /** Host names of this service, besides its addresses: `web.allowed_hosts`, `external_url`. Default: none. */
  readonly hosts?: () => readonly string[]
  /** True for the address of a trusted proxy, which may have more connections. Default: there is none. */
  readonly isTrustedProxy?: (address: string) => boolean
  /** The holders of roles in force. Default: no roles are configured. */
  readonly roles?: () => Roles | undefined
  readonly exposition: (format: ExpositionFormat) => AsyncIterable<string | Buffer>
  readonly scrapeRefused: () => void
  /** Maximum number of concurrent scrapes. Default: 40. */
  readonly maxScrapes?: number
  readonly page: (request: RouteRequest) => Page | Promise<Page>
  /** Undefined if ready, else the reason in one sentence. */
  readonly notReady: () => string | undefined
  /** Handles `POST /-/reload`; it calls the service's own `reload`. */
  readonly reload: () => Promise<void>
  /**
   * Registers a part's own routes; the same access rules apply to them. A route whose `config` has `ownAuthentication`
   * may require credentials of its own in place of a user of the web configuration.
   */
  readonly routes?: (app: RouteHost) => void
  readonly clock: Clock
  readonly logger: Logger
}

export interface HttpService {
  /** True while the web configuration in force requires authentication. */
  readonly authenticated: boolean
  /** Throws CONFIG_* or LISTEN_* if it cannot listen; resolves with the address to open. */
  start(): Promise<{ readonly url: string }>
  /** Reloads the web configuration; throws CONFIG_* if it is refused and the previous one stays in force. */
  reload(): Promise<void>
  /** Waits for requests in progress, at most 10 s. */
  stop(): Promise<void>
}

/** For routes that set no limit of their own: forms and small documents. */
const MAX_BODY_BYTES = 64 * 1024
const STOP_MS = 10_000
const REFRESH_MS = 1_000

/**
 * Routes validate what they are given themselves, and send text. Without compilers of its own Fastify loads two for JSON
 * schemas, which take a tenth of the start.
 */
const withoutSchemas = { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } }

function noSchema(): never {
  throw new Error('a route has a JSON schema, which this service does not check')
}

export function createHttpService(options: HttpServiceOptions): HttpService {
  return new FastifyHttpService(options)
}

class FastifyHttpService implements HttpService {
  readonly #options: HttpServiceOptions
  readonly #logger: Logger
  readonly #web: LiveWebConfig
  readonly #connections: Connections
  readonly #passwords = new ThreadedPasswordCheck()
  #app: FastifyInstance | undefined
  #refreshing: NodeJS.Timeout | undefined
  #refusal = ''

  constructor(options: HttpServiceOptions) {
    this.#options = options
    this.#logger = options.logger.with({ component: 'http' })
    this.#connections = new Connections({
      limits: connectionLimits(maxOpenFiles()),
      isTrustedProxy: address => options.isTrustedProxy?.(address) === true,
      limited: (outcome, address) => this.#logger.warn(limitMessages[outcome], { address }),
      clock: options.clock,
    })
    this.#web = new LiveWebConfig(options.webConfigFile, ({ config }) =>
      refuseOpenListener(options.listen, isAuthenticated(config), options.allowUnauthenticated ?? false),
    )
  }

  get authenticated(): boolean {
    return isAuthenticated(this.#web.current.config)
  }

  async start(): Promise<{ readonly url: string }> {
    await this.#web.start()
    const { listen } = this.#options
    const { tls } = this.#web.current
    this.#app = this.#createApp(tls)
    try {
      await this.#app.listen(listen)
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code
      throw new ClawtrustError(
        'LISTEN_FAILED',
        `${formatAddress(listen)} cannot be used to listen (${code}); choose another address or port`,
        { cause },
      )
    }
    this.#refreshing = setInterval(() => this.#refresh(), REFRESH_MS).unref()
    const { port } = this.#app.server.address() as AddressInfo
    const url = `${tls === undefined ? 'http' : 'https'}://${formatAddress({ host: reachable(listen.host), port })}/`
    this.#logger.info('Listening.', { url, address: formatAddress({ host: listen.host, port }) })
    return { url }
  }

  async reload(): Promise<void> {
    if (!(await this.#web.refresh())) return
    const { tls } = this.#web.current
    const server: unknown = this.#app?.server
    if (tls !== undefined && server instanceof TlsServer) {
      server.setSecureContext(tls.context)
      // A certificate is judged when its connection begins: one that was revoked would keep its rights until the end.
      if (tls.config.client_auth_type !== 'NoClientCert') this.#connections.expire()
    }
    this.#logger.info('Web configuration reloaded.')
  }

  async stop(): Promise<void> {
    clearInterval(this.#refreshing)
    const app = this.#app
    this.#app = undefined
    const hurry = setTimeout(() => app?.server.closeAllConnections(), STOP_MS)
    this.#connections.close()
    await app?.close()
    clearTimeout(hurry)
    await this.#passwords.stop()
  }

  /** An invalid file is logged once, not every second. */
  async #refresh(): Promise<void> {
    try {
      await this.reload()
      this.#refusal = ''
    } catch (error) {
      if (String(error) === this.#refusal) return
      this.#refusal = String(error)
      this.#logger.error('The changed web configuration was refused; the previous one stays in force.', { error })
    }
  }

  #createApp(tls: LoadedTls | undefined): FastifyInstance {
    const options = this.#options
    const logger = this.#logger
    const config = () => this.#web.current.config
    const machine = hostname()
    const hosts = () => ({ listen: options.listen.host, machine, configured: options.hosts?.() ?? [] })
    const app = fastify({
      bodyLimit: MAX_BODY_BYTES,
      exposeHeadRoutes: false,
      schemaController: withoutSchemas,
      serverFactory: handler => this.#createServer(handler, tls),
    })
    app.addHook('onRequest', async ({ raw: { socket } }, reply) => {
      if (!this.#connections.hasExpired(socket)) return
      reply.hijack()
      socket.destroy()
      return reply
    })
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers(defaultHeaders).type('text/plain; charset=utf-8')
    })
    app.decorateRequest('client')
    app.addHook('onRoute', route => {
      for (const method of [route.method].flat()) route.config = { ...route.config, role: roleOf(method, route.url) }
    })
    const roles = () => options.roles?.()
    const proven = ({ raw: { socket } }: FastifyRequest) => this.#connections.prove(socket)
    const passwords = this.#passwords
    app.addHook('onRequest', createAccess({ ...options, config, hosts, roles, passwords, proven, logger }))
    app.addHook('onSend', async ({ raw: { socket } }, reply) => {
      if (this.#connections.isAwaited(socket)) reply.header('Connection', 'close')
      for (const [name, value] of configuredHeaders(config())) {
        if (value === '') reply.removeHeader(name)
        else reply.header(name, value)
      }
    })
    app.setNotFoundHandler((_request, reply) => reply.code(404).send('Not found.\n'))
    app.setErrorHandler((error, request, reply) => {
      const { status, body } = failedRequest(error)
      if (status >= 500) logger.error('Request failed.', { method: request.method, url: request.url, error })
      return reply.code(status).send(body)
    })
    registerMetricsRoute(app, { ...options, maxScrapes: options.maxScrapes ?? 40 })
    registerLifecycleRoutes(app, { ...options, logger })
    app.get('/', async (request, reply) => {
      const { body, headers } = await options.page(request)
      return reply.headers(headers).send(body)
    })
    options.routes?.(app)
    return app
  }

  #createServer(handler: RequestListener, tls: LoadedTls | undefined): Server {
    const timeouts = {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 120_000,
      // Node looks every 30 s by default, so that a request could take a minute.
      connectionsCheckingInterval: 1_000,
    }
    const server =
      tls === undefined
        ? createPlainServer(timeouts, handler)
        : createTlsServer(
            { ...timeouts, handshakeTimeout: 10_000, ...tls.context, ...certificateRequest(tls) },
            handler,
          )
    // A client that stops reading must not occupy a scrape.
    server.timeout = 60_000
    this.#connections.watch(server as Server)
    if (tls !== undefined) server.prependListener('secureConnection', (socket: TLSSocket) => this.#admit(socket))
    return server as Server
  }

  /** Checks certificates against the configuration in force, which may be newer than the listening socket. */
  #admit(socket: TLSSocket): void {
    const { tls } = this.#web.current
    const refusal = tls && certificateRefusal(socket, tls.config)
    if (refusal === undefined) return
    this.#logger.warn('TLS connection refused.', { address: socket.remoteAddress, reason: refusal })
    socket.destroy()
  }
}

function certificateRequest({ config }: LoadedTls) {
  return { requestCert: config.client_auth_type !== 'NoClientCert', rejectUnauthorized: false }
}

const limitMessages = {
  waits: 'Connections of one address wait for others of it to end.',
  refused: 'Connections are refused: too many wait already.',
} as const

/** A reachable host for a service that listens on every interface. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? 'localhost' : host
}
