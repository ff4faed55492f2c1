import type { Building } from '../../../core/building.ts'
import type { EpochMs } from '../../../core/clock.ts'
import type { Access } from '../../toolkit/access.ts'
import { datasetFields, datasetOf, ownDatasets } from '../../toolkit/dataset.ts'
import { type Fields, readFields, textOf } from '../../toolkit/fields.ts'
import { originFields, originOf } from '../../toolkit/origin.ts'
import { pathReaders } from '../../toolkit/path.ts'
import type { Claim, Decoding } from '../../toolkit/record.ts'
import { readStoredTime } from '../../toolkit/time.ts'
import type { DocumentDialect } from '../dialect.ts'
import { listsOf } from '../flow-tuple.ts'
import { accessOfEvent, decodeEvent } from './decode-event.ts'
import { type KeycloakEvent, put } from './event.ts'
import { EVENT_LOGGER, keycloakJsonDialect } from './json-console.ts'
import { keycloakIndexSetup } from './setup.ts'
import { keycloakTextDialect, keycloakUnquotedTextDialect } from './text-console.ts'

const paths = {
  original: 'event.original',
  action: 'event.action',
  code: 'event.code',
  logger: 'log.logger',
  kind: 'event.kind',
  realm: 'keycloak.realm.id',
  client: 'keycloak.client.id',
  type: 'keycloak.login.type',
  operation: 'keycloak.admin.operation',
  resourceType: 'keycloak.admin.resource.type',
  resourcePath: 'keycloak.admin.resource.path',
  userId: 'user.id',
  userName: 'user.name',
  address: 'source.ip',
} as const
const readers = pathReaders(paths)

/**
 * Documents of Elastic's integration for Keycloak. Its pipeline splits the message at each `, `, so that a user can add
 * fields and second values to it, and sets no outcome in most of its versions: the event's type decides. Where the line
 * is kept (`event.original`), that is read instead.
 */
export const keycloakElasticDialect: DocumentDialect = {
  name: 'keycloak-elastic',
  format: 'document',
  prefilter: 'all',
  sourceFields: ['@timestamp', 'ts', ...datasetFields, ...originFields, ...Object.values(paths)],
  signals: ['auth_failures', 'auth_lockouts', 'auth_successes', 'posture_drifts'],
  observer: 'identity-provider',
  recognises: document => datasetOf(document) === ownDatasets.keycloak,
  tuple: {
    marks: ['data_stream.dataset', 'event.action'],
    required: [{ field: 'data_stream.dataset', value: ownDatasets.keycloak }],
    times: ['@timestamp'],
    keys: listsOf(...Object.values(paths).filter(path => path !== paths.original)),
  },
  decode,
  access,
  documentation: {
    reads: "documents of Elastic's integration for Keycloak (`data_stream.dataset: keycloak.log`); documents only",
    samples: { kind: 'documented', from: "the ingest pipeline of Elastic's integration" },
    setup: keycloakIndexSetup,
    rules: [
      "Elastic's pipeline for Keycloak splits the message at `, `: a user can add fields to it. **`source.ip` of its documents is shown and never trusted** (`forgeable_text`), and `event.action` decides and not `event.outcome`, which most versions do not set. Where the integration keeps the original event (`preserve_original_event`), that line is read as it would be in a file, and its address can be trusted.",
      'The same events of Keycloak in a file and in documents of the integration count twice: an event has no id in either. Ship one of them. Where both are read, `clawtrust_repeated_form_events_total` and ClawtrustCountedTwice show it.',
    ],
  },
}

function decode(document: Fields): Decoding {
  const time = readStoredTime(document)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  if (readers.kind(document) === 'pipeline_error') return { kind: 'undecoded', time, reason: 'unknown_layout' }
  const logger = readers.logger(document)
  if (logger !== undefined && logger !== EVENT_LOGGER) return { kind: 'no_signal', time, template: 'keycloak message' }
  const original = readers.original(document)
  const decoding = typeof original === 'string' ? decodeLine(original, time) : undefined
  return withOrigin(document, decoding ?? decodeSplit(document, time))
}

/** The line that the pipeline has read, in any layout of Keycloak's console; undefined where it is in none. */
function decodeLine(line: string, time: EpochMs): Decoding | undefined {
  const fields = jsonIn(line)
  if (fields !== undefined) return keycloakJsonDialect.decode(fields)
  const dialect = [keycloakTextDialect, keycloakUnquotedTextDialect].find(each => each.recognises(line))
  return dialect?.decode(line, time)
}

function accessOfLine(line: string, decoding: Decoding): Access | undefined {
  const fields = jsonIn(line)
  if (fields !== undefined) return keycloakJsonDialect.access?.(fields, decoding)
  return keycloakTextDialect.recognises(line) ? keycloakTextDialect.access?.(line, decoding) : undefined
}

function jsonIn(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined
  const fields = readFields(line)
  return typeof fields !== 'string' && keycloakJsonDialect.recognises(fields) ? fields : undefined
}

/** Where the line is kept, it says to which client; the fields of the pipeline do not for certain. */
function access(document: Fields, decoding: Decoding): Access | undefined {
  if (decoding.kind !== 'claim') return undefined
  const original = readers.original(document)
  const ofLine = typeof original === 'string' ? accessOfLine(original, decoding) : undefined
  return ofLine ?? accessOfEvent({ isExact: false }, decoding.claim)
}

/**
 * By the fields that the pipeline has made, of which only those before a text of a user are certain: type and realm. A
 * user can add an operation to an event of his own, but no administrator's event has a type.
 */
function decodeSplit(document: Fields, time: EpochMs): Decoding {
  const userType = firstText(readers.type(document))
  const operation = userType === undefined ? firstText(readers.operation(document)) : undefined
  const type = userType ?? operation ?? firstText(readers.action(document))
  if (type === undefined) return { kind: 'no_signal', time, template: 'keycloak message' }
  const by = operation === undefined ? 'user' : 'administrator'
  const event: Building<KeycloakEvent> = { by, type, isExact: false, address: 'ambiguous' }
  put(event, 'realm', firstText(readers.realm(document)))
  put(event, 'userId', textOf(readers.userId(document)))
  if (by === 'user') {
    put(event, 'clientId', textOf(readers.client(document)))
    put(event, 'username', textOf(readers.userName(document)))
    put(event, 'error', textOf(readers.code(document)))
  } else {
    put(event, 'resourceType', textOf(readers.resourceType(document)))
    put(event, 'resourcePath', textOf(readers.resourcePath(document)))
  }
  return withClaimedAddress(decodeEvent(event, time, {}), textOf(readers.address(document)))
}

function withClaimedAddress(decoding: Decoding, claimedAddress: string | undefined): Decoding {
  if (decoding.kind !== 'claim' || claimedAddress === undefined) return decoding
  const actor = { ...decoding.claim.actor, claimedAddress }
  return { ...decoding, claim: { ...decoding.claim, actor } }
}

function withOrigin(document: Fields, decoding: Decoding): Decoding {
  if (decoding.kind !== 'claim') return decoding
  const claim: Claim = { ...decoding.claim, origin: { ...decoding.claim.origin, ...originOf(document) } }
  return { ...decoding, claim }
}

/** Where a user has added a second value, there is a list: the first one is the message's own, because it begins with it. */
const firstText = (value: unknown): string | undefined => textOf(Array.isArray(value) ? value[0] : value)
