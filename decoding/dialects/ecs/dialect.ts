import { transports } from '../../../core/flow.ts'
import type { Mechanism } from '../../../core/labels/authentication.ts'
import { type Access, accessOfSignIn, hostReached, portReached } from '../../toolkit/access.ts'
import { authenticated, lockedOut, refused } from '../../toolkit/claims.ts'
import { datasetFields, datasetOf, ownDatasets } from '../../toolkit/dataset.ts'
import { codeOf, type Fields, textOf } from '../../toolkit/fields.ts'
import { originFields, originOf } from '../../toolkit/origin.ts'
import { pathReaders } from '../../toolkit/path.ts'
import type { ClaimDraft, ClaimedActor, Decoding, Origin } from '../../toolkit/record.ts'
import { readStoredTime } from '../../toolkit/time.ts'
import { traceOf } from '../../toolkit/trace.ts'
import type { DocumentDialect } from '../dialect.ts'
import { listsOf } from '../flow-tuple.ts'
import { readIndex } from '../setup.ts'
import { reasonOfWord } from './reasons.ts'

const paths = {
  category: 'event.category',
  kind: 'event.kind',
  module: 'event.module',
  code: 'event.code',
  method: 'http.request.method',
  outcome: 'event.outcome',
  reason: 'event.reason',
  type: 'event.type',
  userName: 'user.name',
  userId: 'user.id',
  deviceId: 'device.id',
  sourceIp: 'source.ip',
  clientIp: 'client.ip',
  traceId: 'trace.id',
  spanId: 'span.id',
} as const

const readers = pathReaders(paths)

/** What was signed in to, the best field first. */
const reachedPaths = {
  urlDomain: 'url.domain',
  destinationDomain: 'destination.domain',
  serverDomain: 'server.domain',
  destinationIp: 'destination.ip',
  serverIp: 'server.ip',
  destinationAddress: 'destination.address',
  serverAddress: 'server.address',
  urlPort: 'url.port',
  destinationPort: 'destination.port',
  serverPort: 'server.port',
  urlScheme: 'url.scheme',
  service: 'service.name',
  transport: 'network.transport',
} as const
const reached = pathReaders(reachedPaths)

/** Fields of an attempt on which its access does not depend. */
const ofClaimsAlone: ReadonlySet<string> = new Set([
  paths.category,
  paths.code,
  paths.method,
  paths.reason,
  paths.deviceId,
  paths.traceId,
  paths.spanId,
])

/**
 * Authentication events in the Elastic Common Schema, as pipelines normalise those of identity providers and proxies:
 * `event.category: authentication` with an `event.outcome`. Other ECS documents are not recognised.
 */
export const ecsDialect: DocumentDialect = {
  name: 'ecs',
  format: 'document',
  prefilter: 'all',
  sourceFields: [
    '@timestamp',
    'ts',
    ...datasetFields,
    ...originFields,
    ...Object.values(paths),
    ...Object.values(reachedPaths),
  ],
  signals: ['auth_failures', 'auth_lockouts', 'auth_successes'],
  observer: 'identity-provider',
  recognises: isAuthentication,
  tuple: {
    marks: ['event.category', 'event.outcome'],
    required: [{ field: 'event.category', value: 'authentication' }],
    excluded: datasetFields.flatMap(field => Object.values(ownDatasets).map(value => ({ field, value }))),
    times: ['@timestamp'],
    keys: listsOf(...Object.values(paths).filter(path => !ofClaimsAlone.has(path)), ...Object.values(reachedPaths)),
  },
  decode,
  access,
  documentation: {
    reads:
      'authentication events in the Elastic Common Schema (`event.category: authentication` with an `event.outcome`); documents only',
    samples: { kind: 'documented', from: 'the Elastic Common Schema 9.5' },
    rules: [
      'An authentication event in ECS counts by `event.outcome`; the end of a session and an unknown outcome are of no signal. `event.reason` becomes a reason by a table of the words of several products; another one is `other`, with `event.code` on the page. Where a document has no `service.name`, its service is `event.module`.',
      '**Alerts that Elastic made of such events** (`event.kind` is not `event`) repeat them and are not counted; a document whose pipeline failed (`pipeline_error`) may lack fields or hold wrong ones and is undecoded. A list of addresses or names, as pipelines make of a field that occurs twice in a text, is no address and no identity.',
      'The trace of an event is that of `trace.id` and `span.id`.',
    ],
    setup: [readIndex('identity', 'logs-identity-*')],
  },
}

function isAuthentication(fields: Fields): boolean {
  const category = readers.category(fields)
  const isOne = category === 'authentication' || (Array.isArray(category) && category.includes('authentication'))
  return isOne && !ofOtherDialects.has(datasetOf(fields))
}

const ofOtherDialects = new Set<unknown>(Object.values(ownDatasets))

function decode(fields: Fields): Decoding {
  const time = readStoredTime(fields)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const kind = readers.kind(fields)
  if (kind === 'pipeline_error') return { kind: 'undecoded', time, reason: 'unknown_layout' }
  const draft = kind === undefined || kind === 'event' ? read(fields) : undefined
  if (draft === undefined) return { kind: 'no_signal', time, template: 'ecs-authentication' }
  const code = draft.labels.reason === 'other' ? codeOf(readers.code(fields)) : undefined
  const trace = traceOf(readers.traceId(fields), readers.spanId(fields))
  return {
    kind: 'claim',
    time,
    claim: {
      ...draft,
      time,
      count: 1,
      stream: 'other',
      origin: { ...serviceOf(fields), ...originOf(fields) },
      actor: actorOf(fields),
      ...(code !== undefined && { code }),
      ...(trace !== undefined && { trace }),
    },
  }
}

/** Where a document names no service, its module did, which is the program that the client signed in to. */
function access(fields: Fields, decoding: Decoding): Access | undefined {
  if (decoding.kind !== 'claim') return undefined
  const [address, host] = [
    [reached.destinationIp, reached.serverIp],
    [
      reached.urlDomain,
      reached.destinationDomain,
      reached.serverDomain,
      reached.destinationAddress,
      reached.serverAddress,
    ],
  ].map(some => some.map(read => textOf(read(fields))).find(text => text !== undefined))
  const named = hostReached(host)
  const service = textOf(reached.service(fields)) ?? textOf(readers.module(fields))
  const ports = [reached.urlPort, reached.destinationPort, reached.serverPort].map(read => portReached(read(fields)))
  const scheme = portsBySchemes.get(reached.urlScheme(fields))
  const port = ports.find(each => each !== undefined) ?? named.port ?? scheme
  const written = reached.transport(fields)
  const transport = transports.find(each => each === written) ?? (scheme === undefined ? undefined : 'tcp')
  return accessOfSignIn(decoding.claim, {
    destination: { ...named.end, ...(address !== undefined && { address }), ...(service !== undefined && { service }) },
    ...(port !== undefined && { port }),
    ...(transport !== undefined && { transport }),
  })
}

const portsBySchemes = new Map<unknown, number>([
  ['http', 80],
  ['https', 443],
])

/** The end of a session and an unknown outcome are not authentication attempts. */
function read(fields: Fields): ClaimDraft | undefined {
  const mechanism: Mechanism = readers.method(fields) === undefined ? 'other' : 'http'
  switch (readers.outcome(fields)) {
    case 'failure': {
      const reason = reasonOfWord(readers.reason(fields))
      return reason === 'locked' ? lockedOut(mechanism) : refused(mechanism, reason)
    }
    case 'success':
      return isEnd(readers.type(fields)) ? undefined : authenticated(mechanism)
    default:
      return undefined
  }
}

function serviceOf(fields: Fields): Origin {
  const service = textOf(readers.module(fields))
  return service === undefined ? {} : { service }
}

function isEnd(type: unknown): boolean {
  return type === 'end' || (Array.isArray(type) && type.includes('end') && !type.includes('start'))
}

/**
 * `source.ip` is the address that the writing pipeline resolved for the connection: it corresponds to the gateway's own
 * resolved address.
 */
function actorOf(fields: Fields): ClaimedActor {
  const identity = textOf(readers.userName(fields)) ?? textOf(readers.userId(fields))
  const device = textOf(readers.deviceId(fields))
  const resolvedAddress = textOf(readers.sourceIp(fields)) ?? textOf(readers.clientIp(fields))
  return {
    ...(identity !== undefined && { identity }),
    ...(device !== undefined && { device }),
    ...(resolvedAddress !== undefined && { resolvedAddress }),
  }
}
