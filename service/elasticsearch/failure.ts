import { errors } from '@elastic/elasticsearch'
import { ClawtrustError, failureReason } from '../../core/errors.ts'
import { foreignWords } from '../http-client/foreign-words.ts'
import { type Account, connectionFailure } from './connection-failure.ts'
import { otherServer } from './other-server.ts'
import { REMOTE_REMEDY, remoteClusters, remoteIsAway } from './remote.ts'

/** The request, for the message. */
export interface Asked {
  readonly index: readonly string[]
  /** Nodes or cloud id, as configured. */
  readonly address: string
  /** Texts of the credentials, which a server may quote. */
  readonly secrets?: readonly string[]
}

const MAX_QUOTE_LENGTH = 300

/** The failure as one sentence that says what is wrong and what to do. A ClawtrustError is returned unchanged. */
export function explainFailure(failure: unknown, asked: Asked): ClawtrustError {
  if (failure instanceof ClawtrustError) return failure
  const { code, sentence } = account(failure, asked)
  return new ClawtrustError(code, sentence, { cause: failure, recoverable: true })
}

/** True if new credentials or certificates may help: they are then read from their files again. */
export function isRefusal({ code }: ClawtrustError): boolean {
  return [
    'ELASTICSEARCH_UNAUTHENTICATED',
    'ELASTICSEARCH_FORBIDDEN',
    'ELASTICSEARCH_UNTRUSTED',
    'ELASTICSEARCH_PROXY',
  ].includes(code)
}

function account(failure: unknown, asked: Asked): Account {
  const { address } = asked
  if (failure instanceof errors.ResponseError) return response(failure, asked)
  if (failure instanceof errors.ProductNotSupportedError || failure instanceof errors.DeserializationError) {
    const { meta } = failure as { meta?: Partial<errors.ResponseError> }
    const other = meta?.statusCode === undefined ? undefined : otherServer(meta, address, asked.secrets)
    if (other !== undefined) return other
    return {
      code: 'ELASTICSEARCH_OTHER_PRODUCT',
      sentence: `${address} is not Elasticsearch 8 or 9; check the address and the proxies in front of it`,
    }
  }
  if (failure instanceof errors.TimeoutError) {
    return { code: 'ELASTICSEARCH_TIMEOUT', sentence: timeout(asked) }
  }
  if (failure instanceof errors.ConnectionError) return connectionFailure(failure, address)
  if (failure instanceof errors.RequestAbortedError && TOO_LARGE.test(failure.message)) {
    return {
      code: 'ELASTICSEARCH_FAILED',
      sentence: `${address} gives a larger answer than clawtrust reads; check that it is Elasticsearch, and the proxies in front of it`,
    }
  }
  return {
    code: 'ELASTICSEARCH_FAILED',
    sentence: `Elasticsearch at ${address} could not be read (${failureReason(failure)}); clawtrust retries`,
  }
}

/** In the words of the client. */
const TOO_LARGE = /is bigger than the maximum allowed/

function timeout({ address, index }: Asked): string {
  const remote = remoteClusters(index)
  return remote === undefined
    ? `Elasticsearch at ${address} did not answer in time; check its load, or raise request_timeout`
    : `Elasticsearch at ${address}, or the remote cluster ${remote}, did not answer in time; check the load of both and the network between them, or raise request_timeout`
}

/** With these, a cluster reports that it has no connection to another one. */
const NO_WAY = /^(?:connect_transport|no_seed_node_left|node_not_connected|node_disconnected)_exception$/

function response(failure: errors.ResponseError, { address, index, secrets }: Asked): Account {
  const quote = (value: unknown) => quoted(value, secrets ?? [])
  const pattern = index.join(',')
  const { type, reason, whole } = causeOf(failure)
  const remote = remoteClusters(index)
  if (remote !== undefined && NO_WAY.test(whole)) {
    return { code: 'ELASTICSEARCH_REMOTE', sentence: `${remoteIsAway(remote)}; ${REMOTE_REMEDY}` }
  }
  const foreign = otherServer(failure, address, secrets)
  if (foreign !== undefined) return foreign
  switch (failure.statusCode) {
    case 401:
      if (reason.startsWith('missing authentication credentials')) {
        return {
          code: 'ELASTICSEARCH_UNAUTHENTICATED',
          sentence: `Elasticsearch at ${address} requires credentials, and none are configured; set api_key_file, or username and password_file`,
        }
      }
      return {
        code: 'ELASTICSEARCH_UNAUTHENTICATED',
        sentence: `Elasticsearch at ${address} refuses the credentials; check api_key or username and password (the key may have expired or been revoked)`,
      }
    case 403:
      return {
        code: 'ELASTICSEARCH_FORBIDDEN',
        sentence: `the credentials have no privilege to read ${pattern}; grant their role read and view_index_metadata on it (${quote(reason)})`,
      }
    case 404:
      if (type === 'index_not_found_exception') {
        return {
          code: 'ELASTICSEARCH_NO_INDEX',
          sentence: `${quote(reason)}; correct index, or start the shipper that creates it`,
        }
      }
      if (type === 'no_such_remote_cluster_exception') {
        return {
          code: 'ELASTICSEARCH_REMOTE',
          sentence: `Elasticsearch at ${address} knows ${quote(reason)}; correct index, or add that remote cluster`,
        }
      }
      break
    case 429:
      return {
        code: 'ELASTICSEARCH_OVERLOADED',
        sentence: `Elasticsearch at ${address} is overloaded and refused the search (429); it is retried`,
      }
    case 502:
    case 503:
    case 504:
      return {
        code: 'ELASTICSEARCH_UNAVAILABLE',
        sentence: `Elasticsearch at ${address} cannot search ${pattern} now (${failure.statusCode} ${quote(reason)}); check the health of the cluster`,
      }
  }
  return {
    code: 'ELASTICSEARCH_FAILED',
    sentence: `Elasticsearch at ${address} answered ${failure.statusCode ?? 'without a status'}: ${quote(`${type}: ${reason}`)}`,
  }
}

/** The root cause is more specific than the error itself, which is often "all shards failed". */
function causeOf(failure: errors.ResponseError): { type: string; reason: string; whole: string } {
  const { body } = failure as { body?: unknown }
  const error = (body as { error?: unknown } | undefined)?.error
  if (typeof error !== 'object' || error === null)
    return { type: 'no error of Elasticsearch', reason: textOf(error ?? body), whole: '' }
  const { root_cause: [root] = [], ...whole } = error as { root_cause?: Cause[] } & Cause
  return { type: root?.type ?? whole.type ?? '', reason: root?.reason ?? whole.reason ?? '', whole: whole.type ?? '' }
}

interface Cause {
  readonly type?: string
  readonly reason?: string
}

/** A proxy may quote the header that it refuses. */
const CREDENTIALS = /\b(ApiKey|Basic|Bearer)\s+[^\s"',;]+/gi

/** The words of a server, never those of an exception. */
function quoted(value: unknown, secrets: readonly string[]): string {
  return foreignWords(textOf(value).replace(CREDENTIALS, '$1 <secret>'), MAX_QUOTE_LENGTH, secrets)
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
