import type { MtlsReason } from '../../../core/labels/transport.ts'
import { signals } from '../../../core/signals.ts'
import { refused } from '../../toolkit/claims.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import type { Claim, Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { isOpenclawRoute } from '../openclaw/routes.ts'
import { readCertificateTime } from './certificate-time.ts'
import { pathOf } from './request.ts'
import { handshakeFailure } from './verification.ts'

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
    'ssl_protocol',
    'ssl_client_verify',
    'ssl_client_s_dn',
    'ssl_client_v_end',
  ],
  recognises: fields => typeof fields.ssl_client_verify === 'string' && typeof fields.remote_addr === 'string',
  decode,
  documentation: {
    reads: "nginx's access log in the format of `deploy/nginx/log-format.conf`",
    rules: [
      'In nginx **`$ssl_client_verify` decides, not the status**: a client certificate that failed is answered after the handshake. Reasons are one set for all proxies; a client that rejects the certificate of the proxy (`server_certificate_rejected`) is not an offender.',
      "nginx's 401, 403 and 429 on OpenClaw's routes have the mechanism `http`, whether nginx or OpenClaw answered: do not add it to other mechanisms. The certificates' expiry comes from verified clients only.",
    ],
  },
}

function decode(fields: Fields): Decoding {
  const time = readTime(fields.time)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const path = pathOf(wholeText(fields.request))
  const draft = handshakeClaim(fields, path) ?? httpClaim(fields, path)
  if (draft !== undefined) {
    const origin = { service: 'nginx', ...(path !== undefined && { route: path }) }
    const claim: Claim = { ...draft, time, count: 1, stream: 'other', origin, actor: actorOf(fields) }
    return { kind: 'claim', time, claim }
  }
  const certificate = certificateOf(fields)
  return certificate === undefined
    ? { kind: 'no_signal', time, template: 'nginx-request' }
    : { kind: 'certificate', time, origin: { service: 'nginx' }, ...certificate }
}

type ClaimDraft = Pick<Claim, 'signal' | 'labels' | 'outcome' | 'severity'>

function handshakeClaim(fields: Fields, path: string | undefined): ClaimDraft | undefined {
  const reason = handshakeFailure({
    verification: wholeText(fields.ssl_client_verify),
    protocol: wholeText(fields.ssl_protocol),
    status: wholeText(fields.status),
    isRequest: path !== undefined,
  })
  return reason === undefined ? undefined : toldHandshake(reason)
}

/** A client that rejects our certificate attacks nobody: its outcome is open, so that nobody acts on its address. */
export function toldHandshake(reason: MtlsReason): ClaimDraft {
  return {
    signal: 'mtls_handshake_failures',
    labels: { proxy: 'nginx', reason },
    outcome: reason === 'server_certificate_rejected' ? 'unknown' : 'failure',
    severity: signals.mtls_handshake_failures.severity,
  }
}

/** What OpenClaw or the proxy answers to a request without rights; OpenClaw's own log says nothing of it. */
function httpClaim({ status }: Fields, path: string | undefined): ClaimDraft | undefined {
  if (path === undefined || !isOpenclawRoute(path)) return undefined
  switch (status) {
    case '401':
      return refused('http', 'http_401')
    case '403':
      return refused('http', 'http_403')
    case '429':
      return refused('http', 'rate_limited')
    default:
      return undefined
  }
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
