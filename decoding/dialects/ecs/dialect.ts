import type { Mechanism } from '../../../core/labels/authentication.ts'
import { signals } from '../../../core/signals.ts'
import { foldReason, refused } from '../../toolkit/claims.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { originOf } from '../../toolkit/origin.ts'
import { type PathReader, pathReader } from '../../toolkit/path.ts'
import type { Claim, ClaimedActor, Decoding } from '../../toolkit/record.ts'
import { readStoredTime } from '../../toolkit/time.ts'
import type { DocumentDialect } from '../dialect.ts'

const paths = {
  category: 'event.category',
  method: 'http.request.method',
  outcome: 'event.outcome',
  reason: 'event.reason',
  type: 'event.type',
  userName: 'user.name',
  userId: 'user.id',
  deviceId: 'device.id',
  sourceIp: 'source.ip',
  clientIp: 'client.ip',
} as const

type Readers = Readonly<Record<keyof typeof paths, PathReader>>
const readers = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, pathReader(path)])) as Readers

/**
 * Authentication events in the Elastic Common Schema, as pipelines normalise those of identity providers and proxies:
 * `event.category: authentication` with an `event.outcome`. Other ECS documents are not recognised.
 */
export const ecsDialect: DocumentDialect = {
  name: 'ecs',
  format: 'document',
  prefilter: 'all',
  sourceFields: ['@timestamp', 'ts', ...Object.values(paths)],
  signals: ['auth_failures', 'auth_lockouts', 'auth_successes'],
  recognises: isAuthentication,
  decode,
  documentation: {
    reads:
      'authentication events in the Elastic Common Schema (`event.category: authentication` with an `event.outcome`); documents only',
    rules: [],
    samples: { kind: 'documented', from: 'the Elastic Common Schema 9.5' },
  },
}

function isAuthentication(fields: Fields): boolean {
  const category = readers.category(fields)
  return category === 'authentication' || (Array.isArray(category) && category.includes('authentication'))
}

function decode(fields: Fields): Decoding {
  const time = readStoredTime(fields)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const draft = read(fields)
  if (draft === undefined) return { kind: 'no_signal', time, template: 'ecs-authentication' }
  return {
    kind: 'claim',
    time,
    claim: { ...draft, time, count: 1, stream: 'other', origin: originOf(fields), actor: actorOf(fields) },
  }
}

/** The end of a session and an unknown outcome are not authentication attempts. */
function read(fields: Fields): Pick<Claim, 'signal' | 'labels' | 'outcome' | 'severity'> | undefined {
  const mechanism: Mechanism = readers.method(fields) === undefined ? 'other' : 'http'
  switch (readers.outcome(fields)) {
    case 'failure':
      return refused(mechanism, foldReason(readers.reason(fields)))
    case 'success': {
      if (isEnd(readers.type(fields))) return undefined
      const { severity } = signals.auth_successes
      return { signal: 'auth_successes', labels: { mechanism }, outcome: 'success', severity }
    }
    default:
      return undefined
  }
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
