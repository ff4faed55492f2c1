import type { MtlsReason } from '../../../core/labels/transport.ts'
import { type Access, hostReached } from '../../toolkit/access.ts'
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
import { pathsOfTarget } from '../proxy/paths.ts'
import { refusalStatuses, refusedRequest } from '../proxy/refusal.ts'
import { socketAddress } from '../proxy/socket-address.ts'
import { envoyFootprint, envoySetup } from './setup.ts'
import { reasonOfTransportFailure } from './transport-failure.ts'

/** In the formats of Istio and Envoy Gateway. */
const withoutDirectAddress: MissingField = {
  field: 'downstream_direct_remote_address',
  consequence:
    'the address of requests is unknown, because Envoy may take downstream_remote_address from the header X-Forwarded-For, which any client writes',
  advice: 'use the json_format of deploy/envoy/envoy.yaml',
}

/** Envoy's access logs as JSON: that of requests (HTTP connection manager), and that of connections (listener). */
export const envoyDialect: JsonLineDialect = {
  name: 'envoy',
  format: 'json-line',
  // A failed handshake, a verified client, a status, or a version of TLS.
  prefilter: [
    'downstream_transport_failure_reason":"',
    'downstream_peer_cert_v_end":"',
    ...refusalStatuses.flatMap(status => [`"response_code":${status}`, `"response_code":"${status}"`]),
    ...obsoleteVersions.map(version => `"downstream_tls_version":"${version}"`),
  ],
  sourceFields: [
    'start_time',
    'method',
    'path',
    'response_code',
    'response_code_details',
    'response_flags',
    'downstream_remote_address',
    'downstream_direct_remote_address',
    'downstream_direct_remote_address_without_port',
    'downstream_local_address',
    'authority',
    'downstream_transport_failure_reason',
    'downstream_tls_version',
    'downstream_peer_subject',
    'downstream_peer_cert_v_end',
    'traceparent',
  ],
  signals: ['auth_failures', 'auth_lockouts', 'mtls_handshake_failures', 'policy_decisions', 'posture_drifts'],
  observer: 'proxy',
  footprint: envoyFootprint,
  recognises: fields =>
    typeof fields.response_flags === 'string' && typeof fields.downstream_remote_address === 'string',
  lacks: fields =>
    isConnection(fields) || typeof fields.downstream_direct_remote_address === 'string'
      ? undefined
      : withoutDirectAddress,
  tuple: {
    // The address with its port is another one for each connection.
    marks: ['response_flags', 'downstream_direct_remote_address_without_port'],
    times: ['start_time'],
    keys: keysOf(
      ...['downstream_direct_remote_address_without_port', 'downstream_local_address', 'authority'],
      ...['response_code', 'downstream_peer_subject', 'downstream_peer_cert_v_end'],
    ),
  },
  decode,
  access,
  documentation: {
    reads:
      "Envoy's access logs as JSON, of requests and of connections (listener), with the fields of `deploy/envoy/envoy.yaml`; requests also in the format of Istio",
    samples: { kind: 'captured', from: 'Envoy 1.40.0', test: 'test/stack/proxies/proxies.test.ts' },
    setup: envoySetup,
    rules: [
      'In **Envoy** a handshake that failed is only in the access log of the listener, in `downstream_transport_failure_reason`; without that log nothing of it is counted. A connection that the client closed before it said why is of no signal.',
      "The address of a request is Envoy's `downstream_direct_remote_address` only: `downstream_remote_address` may come from X-Forwarded-For. `response_code_details` says who answered: what is not `via_upstream` was refused by Envoy itself, and counts on any path.",
      'Certificates of clients are read from requests, which Envoy lets in after their verification: do not log `downstream_peer_cert_v_end` where `trust_chain_verification` is `ACCEPT_UNTRUSTED`.',
    ],
  },
}

function decode(fields: Fields): Decoding {
  const time = readTime(fields.start_time)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  return isConnection(fields) ? decodeConnection(fields, time) : decodeRequest(fields, time)
}

/** Envoy knows no method, path or status of a connection; where its format has these fields, they are null. */
const isConnection = ({ response_code: status, method }: Fields): boolean =>
  (status === undefined || status === null || status === 0) && typeof method !== 'string'

function decodeConnection(fields: Fields, time: number): Decoding {
  const reason = reasonOf(fields.downstream_transport_failure_reason)
  if (reason === undefined) return { kind: 'no_signal', time, template: 'envoy-connection' }
  // In the log of a listener, no header was read yet.
  const peerAddress = directAddress(fields) ?? socketAddress(fields.downstream_remote_address)
  return proxyClaim(failedHandshake('envoy', reason), { proxy: 'envoy', time, peerAddress })
}

const reasonOf = (text: unknown): MtlsReason | undefined =>
  typeof text === 'string' && text !== '' && text !== '-' ? reasonOfTransportFailure(text) : undefined

function decodeRequest(fields: Fields, time: number): Decoding {
  const paths = typeof fields.path === 'string' ? pathsOfTarget(fields.path) : []
  const draft = claimOf(fields, paths)
  if (draft !== undefined) {
    return proxyClaim(draft, {
      proxy: 'envoy',
      time,
      paths,
      peerAddress: directAddress(fields),
      trace: traceOfHeader(fields.traceparent),
    })
  }
  return (
    shownCertificate('envoy', time, fields.downstream_peer_subject, readTime(fields.downstream_peer_cert_v_end)) ?? {
      kind: 'no_signal',
      time,
      template: 'envoy-request',
    }
  )
}

function claimOf(fields: Fields, paths: readonly string[]): ClaimDraft | undefined {
  const isAnsweredByProxy = isAnsweredByEnvoy(fields.response_code_details)
  const refused = refusedRequest({ status: Number(fields.response_code), paths, isAnsweredByProxy })
  return refused ?? (isObsoleteVersion(fields.downstream_tls_version) ? obsoleteTls : undefined)
}

/** A format without the details leaves it open. */
const isAnsweredByEnvoy = (details: unknown): boolean =>
  typeof details === 'string' && details !== '-' && details !== 'via_upstream'

/** Of the log of requests; a handshake that failed is in that of connections, and reached nothing. */
function access(fields: Fields): Access | undefined {
  if (isConnection(fields)) return undefined
  const { authority, downstream_peer_subject: subject } = fields
  const isVerified = readTime(fields.downstream_peer_cert_v_end) !== undefined
  const local = hostReached(fields.downstream_local_address)
  return accessOfRequest({
    status: fields.response_code,
    peerAddress: textOf(fields.downstream_direct_remote_address_without_port) ?? directAddress(fields),
    identity: isVerified ? commonNameOf(subject) : undefined,
    isMutuallyAuthenticated: isVerified ? true : subject === null || subject === '-' ? false : undefined,
    destination: { ...hostReached(authority).end, ...local.end },
    port: local.port,
  })
}

const directAddress = (fields: Fields): string | undefined => socketAddress(fields.downstream_direct_remote_address)
