import type { FastifyRequest } from 'fastify'
import { type PresentedCertificate, subjectAlternativeNames } from './client-certificate.ts'
import type { Role } from './config.ts'
import { verifiesCertificates, type WebConfig } from './web-config.ts'

/** The identity of a client, as far as the web configuration in force has verified it. */
export interface Client {
  /** A user who has shown the right password. */
  readonly user?: string
  /** The subject alternative names of a client certificate of a known authority. */
  readonly certificateNames?: readonly string[]
  /** True if the token of a role was sent. */
  readonly hasToken?: boolean
  /** The roles of the client; undefined where none are configured. */
  readonly roles?: readonly Role[]
}

export const unknownClient: Client = {}

export const isAuthenticatedClient = ({ user, certificateNames, hasToken }: Client): boolean =>
  user !== undefined || certificateNames !== undefined || hasToken === true

/** True if the client has proved that it holds a role. */
export const isProvenHolder = (client: Client, role: Role): boolean =>
  isAuthenticatedClient(client) && client.roles?.includes(role) === true

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access check, before the hooks of a route. */
    client: Client
  }
}

/** The client by its connection alone. */
export function clientOfConnection({ raw: { socket } }: FastifyRequest, config: WebConfig): Client {
  if (!verifiesCertificates(config) || !isTls(socket) || !socket.authorized) return unknownClient
  return { certificateNames: subjectAlternativeNames(socket.getPeerCertificate().subjectaltname ?? '') }
}

const isTls = (socket: object): socket is PresentedCertificate => 'getPeerCertificate' in socket
