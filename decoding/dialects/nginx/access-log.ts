import type { EpochMs } from '../../../core/clock.ts'
import { type Access, hostReached, portReached } from '../../toolkit/access.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import { traceOfHeader } from '../../toolkit/trace.ts'
import type { JsonLineDialect, MissingField } from '../dialect.ts'
import { keysOf } from '../flow-tuple.ts'
import { accessOfRequest, commonNameOf } from '../proxy/access.ts'
import { type ClaimDraft, proxyClaim, shownCertificate } from '../proxy/claim.ts'
import { failedHandshake } from '../proxy/handshake.ts'
import { isObsoleteVersion, obsoleteTls, obsoleteVersions } from '../proxy/obsolete-tls.ts'
import { pathsOfRequest } from '../proxy/paths.ts'
import { refusalStatuses, refusedRequest } from '../proxy/refusal.ts'
import { readCertificateTime } from './certificate-time.ts'
import { accessLogSetup, nginxFootprint } from './setup.ts'
import { handshakeFailure } from './verification.ts'

/** In the format of clawtrust 0.1.0. */
const withoutUpstreamStatus: MissingField = {
  field: 'upstream_status',
  consequence:
    "whether nginx or the program behind it refused a request is unknown, so that 401, 403, 413 and 429 count on OpenClaw's routes only",
  advice: 'use the log_format of deploy/nginx/log-format.conf',
}

/** nginx's access log in the format of deploy/nginx/log-format.conf (JSON, escape=json). */
export const nginxAccessDialect: JsonLineDialect = {
  name: 'nginx-access',
  format: 'json-line',
  // A failed or successful verification, a status, or a version of TLS.
  prefilter: [
    'client_verify":"FAILED',
    'client_verify":"SUCCESS"',
    ...refusalStatuses.map(status => `"status":"${status}"`),
    ...obsoleteVersions.map(version => `"ssl_protocol":"${version}"`),
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
    'server_name',
    'server_addr',
    'server_port',
    'traceparent',
  ],
  signals: ['auth_failures', 'auth_lockouts', 'mtls_handshake_failures', 'policy_decisions', 'posture_drifts'],
  observer: 'proxy',
  footprint: { ...nginxFootprint, marker: 'ssl_client_verify' },
  recognises: fields => typeof fields.ssl_client_verify === 'string' && typeof fields.remote_addr === 'string',
  lacks: ({ upstream_status: upstream }) => (typeof upstream === 'string' ? undefined : withoutUpstreamStatus),
  tuple: {
    marks: ['ssl_client_verify', 'remote_addr'],
    times: ['time'],
    keys: keysOf(
      ...['remote_addr', 'status', 'ssl_client_verify', 'ssl_client_s_dn'],
      ...['server_name', 'server_addr', 'server_port'],
    ),
  },
  decode,
  access,
  documentation: {
    reads: "nginx's access log in the format of `deploy/nginx/log-format.conf`",
    samples: { kind: 'captured', from: 'nginx 1.22.1', test: 'test/stack/nginx.test.ts' },
    setup: accessLogSetup,
    rules: [
      'The trace of a request is read from the header `traceparent`, by nginx and Envoy; Caddy and Traefik log the ids of their own tracers. Ids of requests (`$request_id`, `x-request-id`) are none of traces, also where they look like one.',
      'In nginx **`$ssl_client_verify` decides, not the status**: a client certificate that failed is answered after the handshake. Reasons are one set for all proxies; a client that rejects the certificate of the proxy (`server_certificate_rejected`) is not an offender.',
      "A **proxy's** 400, 401, 403 and 429 on OpenClaw's routes have the mechanism `http`, whether the proxy or OpenClaw answered: do not add it to other mechanisms. 413 is a decision of the engine `reverse-proxy` (`request_size`): a limit decided, and nothing was authenticated. A request that was accepted over a version of TLS before 1.2 is a drift (`tls_obsolete`), unless it was refused. The certificates' expiry comes from verified clients only. What each proxy logs: [proxies.md](proxies.md).",
      'A refusal counts on any path where nginx itself answered (`$upstream_status` is empty, or a 400 in a format without it), and where the path is unknown because the request line cannot be read. A path is an OpenClaw route if it is one as written, or with percent signs decoded, slashes merged, dot segments resolved or a leading `//host` removed.',
    ],
  },
}

function decode(fields: Fields): Decoding {
  const time = readTime(fields.time)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const paths = pathsOfRequest(wholeText(fields.request))
  const draft = claimOf(fields, paths)
  if (draft !== undefined) {
    return proxyClaim(draft, {
      proxy: 'nginx',
      time,
      paths,
      peerAddress: textOf(fields.remote_addr),
      user: fields.remote_user,
      trace: traceOfHeader(fields.traceparent),
    })
  }
  return certificateOf(fields, time) ?? { kind: 'no_signal', time, template: 'nginx-request' }
}

function claimOf(fields: Fields, paths: readonly string[]): ClaimDraft | undefined {
  const reason = handshakeFailure({
    verification: wholeText(fields.ssl_client_verify),
    protocol: wholeText(fields.ssl_protocol),
    status: wholeText(fields.status),
    isRequest: paths.length > 0,
  })
  if (reason !== undefined) return failedHandshake('nginx', reason)
  const request = { status: Number(fields.status), paths, isAnsweredByProxy: isAnsweredByNginx(fields) }
  return refusedRequest(request) ?? (isObsoleteVersion(fields.ssl_protocol) ? obsoleteTls : undefined)
}

/** The server block that answered has its first name, and `_` or an empty one where it has none. */
function access(fields: Fields): Access | undefined {
  const { ssl_client_verify: verification, server_addr: address } = fields
  const isVerified = verification === 'SUCCESS'
  const { end } = hostReached(fields.server_name)
  return accessOfRequest({
    status: fields.status,
    isCertificateRefused: wholeText(verification).startsWith('FAILED'),
    peerAddress: textOf(fields.remote_addr),
    identity: isVerified ? commonNameOf(fields.ssl_client_s_dn) : undefined,
    isMutuallyAuthenticated: isVerified,
    destination: typeof address === 'string' && address !== '' ? { ...end, address } : end,
    port: portReached(fields.server_port),
  })
}

/** A format without `$upstream_status` leaves it open; a malformed request is answered 400 before a path is looked at. */
function isAnsweredByNginx({ status, upstream_status: upstream }: Fields): boolean {
  return typeof upstream === 'string' ? !/\d/.test(upstream) : status === '400'
}

function certificateOf(fields: Fields, time: EpochMs): Decoding | undefined {
  if (fields.ssl_client_verify !== 'SUCCESS') return undefined
  return shownCertificate(
    'nginx',
    time,
    fields.ssl_client_s_dn,
    readCertificateTime(wholeText(fields.ssl_client_v_end)),
  )
}

const wholeText = (value: unknown): string => (typeof value === 'string' ? value : '')
