import type { AuthReason } from '../../../core/labels/authentication.ts'
import type { MtlsReason } from '../../../core/labels/transport.ts'
import { signals } from '../../../core/signals.ts'
import { refused } from '../../toolkit/claims.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import type { Claim, Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect, MissingField } from '../dialect.ts'
import { isOpenclawRoute } from '../openclaw/routes.ts'
import { readCertificateTime } from './certificate-time.ts'
import { pathsOf } from './request.ts'
import { handshakeFailure } from './verification.ts'

/** In the format of clawtrust 0.1.0. */
const withoutUpstreamStatus: MissingField = {
  field: 'upstream_status',
  consequence:
    "whether nginx or the program behind it refused a request is unknown, so that 401, 403 and 429 count on OpenClaw's routes only",
  advice: 'use the log_format of deploy/nginx/log-format.conf',
}

/** nginx's access log in the format of deploy/nginx/log-format.conf (JSON, escape=json). */
export const nginxAccessDialect: JsonLineDialect = {
  name: 'nginx-access',
  format: 'json-line',
  // A failed or successful verification, or a status.
  prefilter: [
    'client_verify":"FAILED',
    'client_verify":"SUCCESS"',
    '"status":"400"',
    '"status":"401"',
    '"status":"403"',
    '"status":"429"',
  ],
  sourceFields: [
    'time',
    'remote_addr',
    'remote_user',
    'request',
    'status',
    'upstream_status',
    'ssl_protocol',
    'ssl_client_verify',
    'ssl_client_s_dn',
    'ssl_client_v_end',
  ],
  signals: ['auth_failures', 'auth_lockouts', 'mtls_handshake_failures'],
  recognises: fields => typeof fields.ssl_client_verify === 'string' && typeof fields.remote_addr === 'string',
  lacks: ({ upstream_status: upstream }) => (typeof upstream === 'string' ? undefined : withoutUpstreamStatus),
  decode,
  documentation: {
    reads: "nginx's access log in the format of `deploy/nginx/log-format.conf`",
    samples: { kind: 'captured', from: 'nginx 1.22.1' },
    rules: [
      'In nginx **`$ssl_client_verify` decides, not the status**: a client certificate that failed is answered after the handshake. Reasons are one set for all proxies; a client that rejects the certificate of the proxy (`server_certificate_rejected`) is not an offender.',
      "nginx's 400, 401, 403 and 429 on OpenClaw's routes have the mechanism `http`, whether nginx or OpenClaw answered: do not add it to other mechanisms. The certificates' expiry comes from verified clients only.",
      'A refusal counts on any path where nginx itself answered (`$upstream_status` is empty, or a 400 in a format without it), and where the path is unknown because the request line cannot be read. A path is an OpenClaw route if it is one as written, or with percent signs decoded, slashes merged, dot segments resolved or a leading `//host` removed.',
    ],
  },
}

function decode(fields: Fields): Decoding {
  const time = readTime(fields.time)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const paths = pathsOf(wholeText(fields.request))
  const draft = handshakeClaim(fields, paths) ?? httpClaim(fields, paths)
  if (draft !== undefined) {
    const route = paths.find(isOpenclawRoute) ?? paths[0]
    const origin = { service: 'nginx', ...(route !== undefined && { route }) }
    const claim: Claim = { ...draft, time, count: 1, stream: 'other', origin, actor: actorOf(fields) }
    return { kind: 'claim', time, claim }
  }
  const certificate = certificateOf(fields)
  return certificate === undefined
    ? { kind: 'no_signal', time, template: 'nginx-request' }
    : { kind: 'certificate', time, origin: { service: 'nginx' }, ...certificate }
}

type ClaimDraft = Pick<Claim, 'signal' | 'labels' | 'outcome' | 'severity'>

function handshakeClaim(fields: Fields, paths: readonly string[]): ClaimDraft | undefined {
  const reason = handshakeFailure({
    verification: wholeText(fields.ssl_client_verify),
    protocol: wholeText(fields.ssl_protocol),
    status: wholeText(fields.status),
    isRequest: paths.length > 0,
  })
  return reason === undefined ? undefined : failureClaim(reason)
}

/** A client that rejects our certificate attacks nobody: its outcome is open, so that nobody acts on its address. */
export function failureClaim(reason: MtlsReason): ClaimDraft {
  return {
    signal: 'mtls_handshake_failures',
    labels: { proxy: 'nginx', reason },
    outcome: reason === 'server_certificate_rejected' ? 'unknown' : 'failure',
    severity: signals.mtls_handshake_failures.severity,
  }
}

/** Why nginx or OpenClaw refused a request, by the status of the answer. */
const reasonByStatus = new Map<unknown, AuthReason>([
  ['400', 'http_400'],
  ['401', 'http_401'],
  ['403', 'http_403'],
  ['429', 'rate_limited'],
])

/**
 * A request that was refused; OpenClaw's own log does not report it. What another program behind the same nginx refused
 * is not counted, where the path says that it is one.
 */
function httpClaim(fields: Fields, paths: readonly string[]): ClaimDraft | undefined {
  const reason = reasonByStatus.get(fields.status)
  if (reason === undefined) return undefined
  const counts = paths.length === 0 || paths.some(isOpenclawRoute) || isAnsweredByNginx(fields)
  return counts ? refused('http', reason) : undefined
}

/** A format without `$upstream_status` leaves it open; a malformed request is answered 400 before a path is looked at. */
function isAnsweredByNginx({ status, upstream_status: upstream }: Fields): boolean {
  return typeof upstream === 'string' ? !/\d/.test(upstream) : status === '400'
}

/** Of verified clients only: subject and issuer of a certificate that failed are the client's own words. */
function certificateOf(fields: Fields): { readonly subject: string; readonly expires: number } | undefined {
  if (fields.ssl_client_verify !== 'SUCCESS') return undefined
  const subject = textOf(fields.ssl_client_s_dn)
  const expires = readCertificateTime(wholeText(fields.ssl_client_v_end))
  return subject === undefined || expires === undefined ? undefined : { subject, expires }
}

/** Only `$remote_addr` may be trusted; the user is what the client claims to be. */
function actorOf(fields: Fields): Claim['actor'] {
  const identity = textOf(fields.remote_user)
  const peerAddress = textOf(fields.remote_addr)
  return { ...(identity !== undefined && { identity }), ...(peerAddress !== undefined && { peerAddress }) }
}

const wholeText = (value: unknown): string => (typeof value === 'string' ? value : '')
