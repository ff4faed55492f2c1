import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../log/logger.ts'
import { BasicAuth, parseBasicAuth } from './basic-auth.ts'
import { type Client, clientOfConnection, isAuthenticatedClient } from './client.ts'
import { type PasswordCheck, TooManyComparisons } from './password-check.ts'
import { peerOf } from './peer.ts'
import { TokenBucket } from './rate-limit.ts'
import { isKnownHost, type KnownHosts, namedHost, UNKNOWN_HOST } from './request-host.ts'
import { isBearer, type Roles, type RouteRole, rolesOf } from './roles.ts'
import type { WebConfig } from './web-config.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set from the table of routes. */
    role?: RouteRole
    /**
     * For a webhook, whose sender cannot authenticate as a user: true while the route requires credentials of its own.
     * While it does not, users authenticate here as on other routes.
     */
    ownAuthentication?: (request: FastifyRequest) => boolean
    /** True for a request that shows these credentials in its headers. */
    isProvenSender?: (request: FastifyRequest) => boolean
  }
}

export interface AccessOptions {
  /** The configuration in force. */
  readonly config: () => WebConfig
  readonly hosts: () => KnownHosts
  /** Undefined where no roles are configured. */
  readonly roles: () => Roles | undefined
  readonly passwords: PasswordCheck
  /** Called for a request that has shown valid credentials. */
  readonly proven: (request: FastifyRequest) => void
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Admits a request or refuses it: too many (429), from another site (403), not authenticated (401), or, where no
 * authentication is required, for a host that is not this service (421). A route with its own authentication responds
 * to too many with 503, because webhook senders treat a 429 as final.
 */
export type Access = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

export function createAccess({ config, hosts, roles, passwords, proven, clock, logger }: AccessOptions): Access {
  const basicAuth = new BasicAuth(passwords)
  let limit = config().rate_limit
  let buckets = createBuckets(limit, clock.monotonic())

  /** Clients who have signed in have a bucket of their own: a flood of others does not shut them out. */
  const withinRate = (isSignedIn: boolean) => {
    const now = clock.monotonic()
    if (config().rate_limit !== limit) {
      limit = config().rate_limit
      buckets = createBuckets(limit, now)
    }
    return buckets[isSignedIn ? 'signedIn' : 'others'].take(now)
  }

  /** False if the request was answered. */
  const isUser = async (request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
    const credentials = parseBasicAuth(request.headers.authorization)
    const users = config().basic_auth_users
    try {
      if (credentials !== undefined && (await basicAuth.verify(credentials, users, peerOf(request.ip)))) return true
    } catch (error) {
      if (!(error instanceof TooManyComparisons)) throw error
      reply.code(503).send('Too many sign-ins are in progress; try again later.\n')
      return false
    }
    if (credentials !== undefined) {
      logger.warn('Sign-in refused.', { user: credentials.user, address: request.ip })
    }
    reply.header('WWW-Authenticate', 'Basic realm="clawtrust", charset="UTF-8"')
    reply.code(401).send('Sign in with a user of the web configuration.\n')
    return false
  }

  return async (request, reply) => {
    const { ownAuthentication, isProvenSender } = request.routeOptions.config
    const users = config().basic_auth_users
    const credentials = parseBasicAuth(request.headers.authorization)
    const held = roles()
    request.client = withRoles(clientOfConnection(request, config()), request, held)
    const isSignedIn =
      isAuthenticatedClient(request.client) ||
      isProvenSender?.(request) === true ||
      (credentials !== undefined && basicAuth.isVerified(credentials, users))
    if (!withinRate(isSignedIn))
      return reply
        .code(ownAuthentication === undefined ? 429 : 503)
        .send('Too many requests; the web configuration limits them.\n')
    if (isSignedIn) proven(request)
    if (isCrossSite(request)) return reply.code(403).send('Requests from other sites are refused.\n')
    if (ownAuthentication?.(request) === true) return
    if (Object.keys(users).length > 0 && request.client.hasToken !== true) {
      if (!(await isUser(request, reply))) return reply
      request.client = withRoles({ ...request.client, user: credentials?.user ?? '' }, request, held)
      proven(request)
    }
    if (!isAuthenticatedClient(request.client) && !isKnownHost(hostOf(request), hosts()))
      return reply.code(421).send(UNKNOWN_HOST)
    return refuseWithoutRole(request, reply)
  }
}

function withRoles(client: Client, request: FastifyRequest, held: Roles | undefined): Client {
  if (held === undefined) return client
  const authorization = request.headers.authorization ?? ''
  const hasToken = Object.values(held).some(({ token }) => isBearer(authorization, token))
  return { ...client, hasToken, roles: rolesOf(client, authorization, held) }
}

/** 401 where the client has shown nothing, 403 where what it has shown is not enough. */
function refuseWithoutRole({ client, routeOptions }: FastifyRequest, reply: FastifyReply): unknown {
  const { role = 'open' } = routeOptions.config
  if (role === 'open' || client.roles === undefined || client.roles.includes(role)) return
  return reply
    .code(isAuthenticatedClient(client) ? 403 : 401)
    .send(`This requires the role ${role}; web.roles.${role} in clawtrust.yml names its holders.\n`)
}

const createBuckets = (limit: WebConfig['rate_limit'], now: number) => ({
  signedIn: new TokenBucket(limit, now),
  others: new TokenBucket(limit, now),
})

/** A browser reports the site of a request; Prometheus, curl and webhooks do not. Reads need no such check. */
function isCrossSite(request: FastifyRequest): boolean {
  const { method, headers } = request
  if (method === 'GET' || method === 'HEAD') return false
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (headers.origin === undefined) return false
  return URL.parse(headers.origin)?.host !== hostOf(request)
}

const hostOf = ({ raw, headers }: FastifyRequest): string | undefined => namedHost(raw.url, headers.host)
