import type { EpochMs } from '../../../core/clock.ts'
import { type Access, hostReached } from '../../toolkit/access.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { pathReader } from '../../toolkit/path.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import { traceOf } from '../../toolkit/trace.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { keysOf } from '../flow-tuple.ts'
import { accessOfRequest } from '../proxy/access.ts'
import { type ClaimDraft, proxyClaim } from '../proxy/claim.ts'
import { failedHandshake } from '../proxy/handshake.ts'
import { pathsOfTarget } from '../proxy/paths.ts'
import { refusalStatuses, refusedRequest } from '../proxy/refusal.ts'
import { readSeconds } from '../proxy/seconds.ts'
import { socketAddress } from '../proxy/socket-address.ts'
import { reasonOfHandshakeError } from './handshake-error.ts'
import { caddyFootprint, caddySetup } from './setup.ts'

const ACCESS_LOGGER = 'http.log.access'
const HANDSHAKE_LOGGER = 'http.stdlib'
const HANDSHAKE_MESSAGE = 'http: TLS handshake error from '

const readAddress = pathReader('request.remote_ip')
const readHost = pathReader('request.host')
const readUri = pathReader('request.uri')
const readTlsVersion = pathReader('request.tls.version')

const HTTP = 80
const HTTPS = 443

/** The host of the request is not the name of the handshake, where clients have certificates. */
const MISDIRECTED = 421

/** Caddy's log as JSON: requests (logger `http.log.access`), handshakes that failed (`http.stdlib`), and its other lines. */
export const caddyDialect: JsonLineDialect = {
  name: 'caddy',
  format: 'json-line',
  // A failed handshake, or a status.
  prefilter: [HANDSHAKE_MESSAGE, ...[...refusalStatuses, MISDIRECTED].map(status => `"status":${status}`)],
  sourceFields: [
    'level',
    'ts',
    'logger',
    'msg',
    'status',
    'user_id',
    'traceID',
    'spanID',
    'request.remote_ip',
    'request.host',
    'request.uri',
    'request.tls.version',
  ],
  signals: ['auth_failures', 'auth_lockouts', 'mtls_handshake_failures', 'policy_decisions'],
  observer: 'proxy',
  footprint: caddyFootprint,
  recognises: ({ level, ts, logger, msg }) =>
    typeof level === 'string' && ts !== undefined && typeof msg === 'string' && isLoggerOfCaddy(logger),
  tuple: {
    marks: ['logger', 'level', 'request.remote_ip'],
    times: ['ts'],
    keys: keysOf('logger', 'status', 'user_id', 'request.remote_ip', 'request.host', 'request.tls.version'),
  },
  decode,
  access,
  documentation: {
    reads:
      "Caddy's log as JSON, as `deploy/caddy/Caddyfile` writes it: requests (logger `http.log.access`) and failed handshakes (`http.stdlib`)",
    samples: { kind: 'captured', from: 'Caddy 2.6.2', test: 'test/stack/proxies/proxies.test.ts' },
    setup: caddySetup,
    rules: [
      'In **Caddy** a handshake that failed is logged by `http.stdlib` at level `DEBUG` only; at the default level nothing of it is counted. A client that closes the connection is of no signal. Caddy logs no plain HTTP on its TLS port, no expiry of certificates, and checks no revocation list.',
      "Caddy's 421, where the host of a request is not the name of its handshake, is `sni_mismatch`. Its log does not say who answered: 400, 401, 403, 413 and 429 count on OpenClaw's routes, and where the path cannot be read. The address is `remote_ip`, never `client_ip`, which may come from a header.",
    ],
  },
}

/** Loggers of other programs that use the same library have other names. */
const isLoggerOfCaddy = (logger: unknown): boolean =>
  typeof logger === 'string' && (logger.startsWith('http.') || logger.startsWith('tls.') || CADDY_LOGGERS.has(logger))
const CADDY_LOGGERS: ReadonlySet<string> = new Set(['http', 'tls', 'admin', 'admin.api'])

const isAccess = (logger: unknown): boolean =>
  logger === ACCESS_LOGGER || String(logger).startsWith(`${ACCESS_LOGGER}.`)

/** The host and its port are those that the client asked for; `user_id` is of a handler that authenticated the user. */
function access(fields: Fields): Access | undefined {
  if (!isAccess(fields.logger)) return undefined
  const { end, port = readTlsVersion(fields) === undefined ? HTTP : HTTPS } = hostReached(readHost(fields))
  return accessOfRequest({
    status: fields.status,
    peerAddress: textOf(readAddress(fields)),
    identity: textOf(fields.user_id),
    destination: end,
    port,
  })
}

function decode(fields: Fields): Decoding {
  const time = readSeconds(fields.ts) ?? (typeof fields.ts === 'string' ? readTime(fields.ts) : undefined)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const { logger } = fields
  if (logger === HANDSHAKE_LOGGER) return decodeHandshake(String(fields.msg), time)
  return isAccess(logger) ? decodeRequest(fields, time) : { kind: 'no_signal', time, template: 'caddy-message' }
}

/** `http: TLS handshake error from 127.0.0.1:58128: tls: client didn't provide a certificate` */
const HANDSHAKE = /^http: TLS handshake error from ([^\s]{3,80}): (.{1,1024})$/s

function decodeHandshake(message: string, time: EpochMs): Decoding {
  const [, address, text = ''] = HANDSHAKE.exec(message) ?? []
  if (address === undefined) {
    return message.startsWith(HANDSHAKE_MESSAGE)
      ? { kind: 'undecoded', time, reason: 'unknown_template' }
      : { kind: 'no_signal', time, template: 'caddy-message' }
  }
  const reason = reasonOfHandshakeError(text)
  if (reason === undefined) return { kind: 'no_signal', time, template: 'caddy-connection' }
  return proxyClaim(failedHandshake('caddy', reason), { proxy: 'caddy', time, peerAddress: socketAddress(address) })
}

function decodeRequest(fields: Fields, time: EpochMs): Decoding {
  const uri = readUri(fields)
  const paths = typeof uri === 'string' ? pathsOfTarget(uri) : []
  const draft = claimOf(fields, paths)
  if (draft === undefined) return { kind: 'no_signal', time, template: 'caddy-request' }
  return proxyClaim(draft, {
    proxy: 'caddy',
    time,
    paths,
    peerAddress: textOf(readAddress(fields)),
    user: fields.user_id,
    trace: traceOf(fields.traceID, fields.spanID),
  })
}

/** TLS before 1.2 is never accepted. */
function claimOf(fields: Fields, paths: readonly string[]): ClaimDraft | undefined {
  const { status } = fields
  if (status === MISDIRECTED && readTlsVersion(fields) !== undefined) return failedHandshake('caddy', 'sni_mismatch')
  return refusedRequest({ status: Number(status), paths, isAnsweredByProxy: false })
}
