import { Client, type ClientOptions } from '@elastic/elasticsearch'
import type { Secret } from '../../core/secret.ts'
import { ByteSerializer } from './answer-bytes.ts'
import { BoundedConnection, BoundedProxyConnection } from './bounded-connection.ts'

/** A connection to a cluster, with every secret and certificate already read. */
export interface Connection {
  readonly nodes: readonly string[]
  readonly cloudId?: string
  readonly apiKey?: Secret
  readonly username?: string
  readonly password?: Secret
  /** PEM of the authority that signed the servers' certificates: the only trusted authority. */
  readonly ca?: string
  /**
   * SHA-256 of the authority, checked in addition to `ca`. Alone it would accept a forged server that appends the
   * genuine authority.
   */
  readonly caFingerprint?: string
  readonly clientCertificate?: { readonly certificate: string; readonly key: string }
  readonly proxy?: HttpProxy
  /** Much shorter than the client's 30 s: after this time a hung node is abandoned. Milliseconds. */
  readonly requestTimeout: number
  /** The API version of the media type: the cluster's major version. */
  readonly compatibility: Compatibility
}

/** An HTTP proxy that tunnels (CONNECT), with its own credentials. */
export interface HttpProxy {
  readonly url: string
  readonly username?: string
  readonly password?: Secret
}

export type Compatibility = 8 | 9

/** The limit of requests that set none of their own, as a search for documents does (`searchBytes`). */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

/** The official client, configured so that only the given authority is trusted and a lost node is detected early. */
export function createClient(connection: Connection): Client {
  const media = `application/vnd.elasticsearch+json; compatible-with=${connection.compatibility}`
  return new Client({
    ...address(connection),
    ...credentials(connection),
    ...trust(connection),
    ...(connection.proxy === undefined
      ? { Connection: BoundedConnection }
      : { Connection: BoundedProxyConnection, proxy: proxyUrl(connection.proxy) }),
    Serializer: ByteSerializer,
    requestTimeout: connection.requestTimeout,
    maxResponseSize: MAX_ANSWER_BYTES,
    maxCompressedResponseSize: MAX_ANSWER_BYTES,
    // One immediate attempt for each node: the caller decides the pauses between further attempts.
    maxRetries: Math.max(0, connection.nodes.length - 1),
    headers: { accept: media, 'content-type': media },
  })
}

/** The texts of the credentials, as they are sent and as a server decodes them. */
export function secretsOf({ apiKey, username, password, proxy }: Omit<Connection, 'compatibility'>): readonly string[] {
  const key = apiKey?.reveal()
  const decoded = key === undefined ? '' : Buffer.from(key, 'base64').toString('utf8')
  const [, ...rest] = decoded.split(':')
  const pairs = [
    [username, password?.reveal()],
    [proxy?.username, proxy?.password?.reveal()],
  ]
  const sent = pairs.flatMap(([user, secret = '']) => [secret, Buffer.from(`${user}:${secret}`).toString('base64')])
  return [key ?? '', rest.join(':'), ...sent]
}

function address({ cloudId, nodes }: Connection): ClientOptions {
  return cloudId === undefined ? { nodes: [...nodes] } : { cloud: { id: cloudId } }
}

/** The client reads the proxy's credentials from its URL; this URL must not be printed. */
function proxyUrl({ url, username, password }: HttpProxy): URL {
  const address = new URL(url)
  if (username === undefined || password === undefined) return address
  address.username = encodeURIComponent(username)
  address.password = encodeURIComponent(password.reveal())
  return address
}

function credentials({ apiKey, username, password }: Connection): ClientOptions {
  if (apiKey !== undefined) return { auth: { apiKey: apiKey.reveal() } }
  if (username !== undefined && password !== undefined) return { auth: { username, password: password.reveal() } }
  return {}
}

function trust({ ca, caFingerprint, clientCertificate }: Connection): ClientOptions {
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(clientCertificate === undefined ? {} : { cert: clientCertificate.certificate, key: clientCertificate.key }),
  }
  return {
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
    ...(caFingerprint === undefined ? {} : { caFingerprint }),
  }
}
