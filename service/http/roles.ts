import { hash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../core/secret.ts'
import { readSecret } from '../secrets/read-secret.ts'
import type { Client } from './client.ts'
import { type Role, roles, type WebSection } from './config.ts'

/** `open`: it needs no role, only what the web configuration requires; a signed link is its own permission. */
export type RouteRole = Role | 'open'

/** The role of every route of both services. A route without an entry fails at the start, by its name. */
export const routeRoles: Readonly<Record<string, RouteRole>> = {
  'GET /': 'view',
  'GET /metrics': 'scrape',
  'HEAD /metrics': 'scrape',
  'GET /-/healthy': 'open',
  'HEAD /-/healthy': 'open',
  'GET /-/ready': 'open',
  'HEAD /-/ready': 'open',
  'POST /-/reload': 'command',
  'GET /api/v1/coverage': 'view',
  'GET /api/v1/events': 'view',
  'GET /api/v1/explain': 'view',
  'GET /api/v1/feedback': 'view',
  'GET /api/v1/offenders': 'view',
  'GET /api/v1/sources': 'view',
  'GET /api/v1/posture': 'view',
  'GET /api/v1/versions': 'view',
  'POST /api/v1/feedback': 'command',
  'POST /v1/logs': 'deliver',
  'POST /api/v1/posture/accept': 'command',
  'POST /api/v1/posture/expire': 'command',
  'GET /runbooks/:file': 'view',
  'GET /reports/:folder/:file': 'view',
  'GET /breaker': 'view',
  'POST /commands/:kind': 'command',
  'GET /approvals/:token': 'open',
  'POST /approvals/:token': 'open',
  'POST /alertmanager': 'deliver',
  'POST /grafana': 'deliver',
  'PUT /grafana': 'deliver',
}

/** @throws TypeError that names a route without a role */
export function roleOf(method: string, url: string): RouteRole {
  const route = `${method} ${url}`
  const role = Object.hasOwn(routeRoles, route) ? routeRoles[route] : undefined
  if (role === undefined) throw new TypeError(`the route ${route} has no role; add it to routeRoles`)
  return role
}

interface Holders {
  readonly anyone: boolean
  readonly users: readonly string[]
  readonly certificates: readonly string[]
  readonly token?: Secret
}

/** Who holds each role. */
export type Roles = Readonly<Record<Role, Holders>>

/** Reads the tokens of `web.roles`; undefined where no roles are configured. @throws ClawtrustError SECRET_UNREADABLE */
export async function readRoles(
  web: WebSection | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Roles | undefined> {
  const configured = web?.roles
  if (configured === undefined) return undefined
  const entries = roles.map(async (role): Promise<[Role, Holders]> => {
    const { anyone, users, certificates, bearer_token: inline, bearer_token_file: file } = configured[role]
    const token = await readSecret(`web.roles.${role}.bearer_token`, { inline, file }, environment)
    return [role, { anyone, users, certificates, ...(token === undefined ? {} : { token }) }]
  })
  return Object.fromEntries(await Promise.all(entries)) as Roles
}

/** The roles of a client, by its user, the names of its certificate and its token. */
export function rolesOf({ user, certificateNames = [] }: Client, authorization: string, held: Roles): Role[] {
  return roles.filter(role => {
    const { anyone, users, certificates, token } = held[role]
    if (anyone || (user !== undefined && users.includes(user))) return true
    return certificateNames.some(name => certificates.includes(name)) || isBearer(authorization, token)
  })
}

/** Compares hashes, so that the time of the comparison does not depend on the token. */
export function isBearer(authorization: string, token: Secret | undefined): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
  if (given === undefined || token === undefined) return false
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', token.reveal(), 'buffer'))
}
