import type { EpochMs } from '../../../core/clock.ts'
import { type Access, portReached } from '../../toolkit/access.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { keysOf } from '../flow-tuple.ts'
import { accessOfRequest, commonNameOf } from '../proxy/access.ts'
import { type ClaimDraft, proxyClaim, shownCertificate } from '../proxy/claim.ts'
import { failedHandshake, reasonOfLibraryError, reasonOfVerifyCode } from '../proxy/handshake.ts'
import { isObsoleteVersion, obsoleteTls, obsoleteVersions } from '../proxy/obsolete-tls.ts'
import { pathsOfTarget } from '../proxy/paths.ts'
import { refusalStatuses, refusedRequest } from '../proxy/refusal.ts'
import { readSeconds } from '../proxy/seconds.ts'
import { haproxyFootprint, haproxySetup } from './setup.ts'

/** HAProxy's log as JSON: requests by `log-format`, failed handshakes and unreadable requests by `error-log-format`. */
export const haproxyDialect: JsonLineDialect = {
  name: 'haproxy',
  format: 'json-line',
  // A failed handshake, a verified client, a status, or a version of TLS.
  prefilter: [
    '"haproxy_log":"error"',
    '"ssl_c_used":1',
    ...refusalStatuses.map(status => `"status_code":${status}`),
    ...obsoleteVersions.map(version => `"ssl_fc_protocol":"${version}"`),
  ],
  sourceFields: [
    'haproxy_log',
    'ts',
    'client_ip',
    'status_code',
    'server_name',
    'path',
    'ssl_fc_protocol',
    'ssl_fc_err_str',
    'ssl_c_used',
    'ssl_c_verify',
    'ssl_c_err',
    'ssl_c_ca_err',
    'ssl_c_s_dn',
    'ssl_c_notafter',
    'frontend_ip',
    'frontend_port',
  ],
  signals: ['auth_failures', 'auth_lockouts', 'mtls_handshake_failures', 'policy_decisions', 'posture_drifts'],
  observer: 'proxy',
  footprint: haproxyFootprint,
  recognises: ({ haproxy_log: log, ssl_c_verify: verified, ssl_c_err: code }) =>
    (log === 'request' || log === 'error') && typeof verified === 'string' && typeof code === 'number',
  tuple: {
    marks: ['haproxy_log', 'client_ip', 'ssl_c_verify'],
    times: ['ts'],
    keys: keysOf(
      ...['haproxy_log', 'client_ip', 'status_code', 'frontend_ip', 'frontend_port', 'ssl_fc_err_str'],
      ...['ssl_c_used', 'ssl_c_verify', 'ssl_c_err', 'ssl_c_ca_err', 'ssl_c_s_dn'],
    ),
  },
  decode,
  access,
  documentation: {
    reads:
      "HAProxy's log in the format of `deploy/haproxy/haproxy.cfg`: requests by `log-format`, failed handshakes and unreadable requests by `error-log-format` (HAProxy 2.5 or newer)",
    samples: { kind: 'captured', from: 'HAProxy 2.6.12', test: 'test/stack/proxies/proxies.test.ts' },
    setup: haproxySetup,
    rules: [
      "In **HAProxy** a handshake that failed is in the log of errors: `ssl_c_err`, the number of OpenSSL, gives the reason of a refused certificate. HAProxy answered itself where `server_name` is `<NOSRV>`: such a refusal counts on any path. Its format escapes what clients write (`json(utf8s)`), and HAProxy's own fields follow after it: keep both.",
    ],
  },
}

function decode(fields: Fields): Decoding {
  const time = readSeconds(fields.ts)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  return fields.haproxy_log === 'error' ? decodeError(fields, time) : decodeRequest(fields, time)
}

function decodeError(fields: Fields, time: EpochMs): Decoding {
  // Of a request that it cannot read, HAProxy knows no path.
  const malformed = { status: Number(fields.status_code), paths: [], isAnsweredByProxy: true }
  const draft = handshakeClaim(fields) ?? refusedRequest(malformed)
  return draft === undefined
    ? { kind: 'no_signal', time, template: 'haproxy-error' }
    : proxyClaim(draft, { proxy: 'haproxy', time, peerAddress: textOf(fields.client_ip) })
}

/** `error:0A0000C7:SSL routines::peer did not return a certificate` */
const OPENSSL_ERROR = /^error:[0-9A-F]{8}:[^:]{0,64}:[^:]{0,64}:(.{0,128})/

/** A client that says nothing, or closes the connection, has not failed. */
function handshakeClaim(fields: Fields): ClaimDraft | undefined {
  // Of the client's own certificate, else of one of the authorities above it.
  const code = Number(fields.ssl_c_err) || Number(fields.ssl_c_ca_err)
  if (code > 0) return failedHandshake('haproxy', reasonOfVerifyCode(code))
  const { ssl_fc_err_str: text } = fields
  const words = OPENSSL_ERROR.exec(typeof text === 'string' ? text : '')?.[1]
  return words === undefined ? undefined : failedHandshake('haproxy', reasonOfLibraryError(words))
}

function decodeRequest(fields: Fields, time: EpochMs): Decoding {
  const paths = typeof fields.path === 'string' ? pathsOfTarget(fields.path) : []
  const draft = requestClaim(fields, paths)
  if (draft !== undefined)
    return proxyClaim(draft, { proxy: 'haproxy', time, paths, peerAddress: textOf(fields.client_ip) })
  return certificateOf(fields, time) ?? { kind: 'no_signal', time, template: 'haproxy-request' }
}

function requestClaim(fields: Fields, paths: readonly string[]): ClaimDraft | undefined {
  const verified = failedVerification(fields)
  if (verified !== undefined) return verified
  const isAnsweredByProxy = fields.server_name === '<NOSRV>'
  const refused = refusedRequest({ status: Number(fields.status_code), paths, isAnsweredByProxy })
  return refused ?? (isObsoleteVersion(fields.ssl_fc_protocol) ? obsoleteTls : undefined)
}

function access(fields: Fields): Access | undefined {
  const isRequest = fields.haproxy_log === 'request'
  const isVerified = isRequest && fields.ssl_c_used === 1 && fields.ssl_c_verify === '0'
  const refused = isRequest ? failedVerification(fields) : handshakeClaim(fields)
  const address = textOf(fields.frontend_ip)
  return accessOfRequest({
    status: fields.status_code,
    isCertificateRefused: refused !== undefined,
    peerAddress: textOf(fields.client_ip),
    identity: isVerified ? commonNameOf(fields.ssl_c_s_dn) : undefined,
    isMutuallyAuthenticated: isVerified,
    destination: address === undefined ? {} : { address },
    port: portReached(fields.frontend_port),
  })
}

/** With `crt-ignore-err`, HAProxy completes the handshake and leaves it to its rules what becomes of the client. */
function failedVerification({ ssl_c_used: used, ssl_c_verify: verified }: Fields): ClaimDraft | undefined {
  const code = Number(verified)
  return used === 1 && code > 0 ? failedHandshake('haproxy', reasonOfVerifyCode(code)) : undefined
}

/** With `verify optional`, a request without a certificate has `ssl_c_used` 0. */
function certificateOf(fields: Fields, time: EpochMs): Decoding | undefined {
  if (fields.ssl_c_used !== 1 || fields.ssl_c_verify !== '0') return undefined
  return shownCertificate('haproxy', time, fields.ssl_c_s_dn, readAsn1Time(fields.ssl_c_notafter))
}

/** `261228164407Z`, the time in a certificate; of four digits from the year 2050. */
const ASN1_TIME = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/

function readAsn1Time(value: unknown): EpochMs | undefined {
  const [, year = '', month, day, hour, minute, second] = ASN1_TIME.exec(typeof value === 'string' ? value : '') ?? []
  return readTime(`${year.length === 2 ? '20' : ''}${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
