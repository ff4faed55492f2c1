import { type Access, hostReached, portReached } from '../../toolkit/access.ts'
import type { Fields } from '../../toolkit/fields.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import { traceOf } from '../../toolkit/trace.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { accessOfRequest } from '../proxy/access.ts'
import { type ClaimDraft, proxyClaim } from '../proxy/claim.ts'
import { obsoleteTls } from '../proxy/obsolete-tls.ts'
import { pathsOfTarget } from '../proxy/paths.ts'
import { refusalStatuses, refusedRequest } from '../proxy/refusal.ts'
import { socketAddress } from '../proxy/socket-address.ts'
import { traefikFootprint, traefikSetup } from './setup.ts'

/** As Traefik calls the versions before 1.2. */
const obsoleteVersions = ['1.0', '1.1'] as const

/** Traefik's access log as JSON, after its documentation. */
export const traefikDialect: JsonLineDialect = {
  name: 'traefik',
  format: 'json-line',
  prefilter: [
    ...refusalStatuses.map(status => `"DownstreamStatus":${status}`),
    ...obsoleteVersions.map(version => `"TLSVersion":"${version}"`),
  ],
  sourceFields: [
    'StartUTC',
    'time',
    'ClientAddr',
    'ClientUsername',
    'DownstreamStatus',
    'OriginStatus',
    'RequestHost',
    'RequestPath',
    'RequestPort',
    'RequestScheme',
    'TLSVersion',
    'TraceId',
    'SpanId',
  ],
  signals: ['auth_failures', 'auth_lockouts', 'policy_decisions', 'posture_drifts'],
  observer: 'proxy',
  footprint: traefikFootprint,
  recognises: fields => typeof fields.DownstreamStatus === 'number' && typeof fields.ClientAddr === 'string',
  decode,
  access,
  documentation: {
    reads: "Traefik's access log as JSON (`accessLog.format: json`), as `deploy/traefik/traefik.yml` configures it",
    samples: { kind: 'documented', from: "the documentation of Traefik's access logs, version 3" },
    setup: traefikSetup,
    rules: [
      '**Traefik** was never run in the tests. Its access log contains no failed handshake and no expiry of certificates: of client certificates nothing is counted. Traefik answered itself where `OriginStatus` is 0: such a refusal counts on any path.',
    ],
  },
}

function decode(fields: Fields): Decoding {
  const time = readTime(fields.StartUTC) ?? readTime(fields.time)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const paths = typeof fields.RequestPath === 'string' ? pathsOfTarget(fields.RequestPath) : []
  const draft = claimOf(fields, paths)
  if (draft === undefined) return { kind: 'no_signal', time, template: 'traefik-request' }
  const { ClientUsername: name } = fields
  return proxyClaim(draft, {
    proxy: 'traefik',
    time,
    paths,
    peerAddress: socketAddress(fields.ClientAddr),
    user: name === '-' ? undefined : name,
    trace: traceOf(fields.TraceId, fields.SpanId),
  })
}

const defaultPorts = new Map<unknown, number>([
  ['http', 80],
  ['https', 443],
])

/** The host and its port are those that the client asked for. */
function access(fields: Fields): Access | undefined {
  return accessOfRequest({
    status: fields.DownstreamStatus,
    peerAddress: socketAddress(fields.ClientAddr),
    destination: hostReached(fields.RequestHost).end,
    port: portReached(fields.RequestPort) ?? defaultPorts.get(fields.RequestScheme),
  })
}

function claimOf(fields: Fields, paths: readonly string[]): ClaimDraft | undefined {
  const status = Number(fields.DownstreamStatus)
  const refused = refusedRequest({ status, paths, isAnsweredByProxy: fields.OriginStatus === 0 })
  return refused ?? ((obsoleteVersions as readonly unknown[]).includes(fields.TLSVersion) ? obsoleteTls : undefined)
}
