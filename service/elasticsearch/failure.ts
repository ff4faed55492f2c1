import { errors } from '@elastic/elasticsearch'
import type { ErrorCode } from '../../core/error-catalogue.ts'
import { ClawtrustError, failureCode, failureReason } from '../../core/errors.ts'
import { foreignWords } from '../http-client/foreign-words.ts'
import { REMOTE_REMEDY, remoteClusters, remoteIsAway } from './remote.ts'

/** The request, for the message. */
export interface Asked {
  readonly index: readonly string[]
  /** Nodes or cloud id, as configured. */
  readonly address: string
}

interface Account {
  readonly code: ErrorCode
  readonly sentence: string
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
    return {
      code: 'ELASTICSEARCH_OTHER_PRODUCT',
      sentence: `${address} is not Elasticsearch 8 or 9; check the address and the proxies in front of it`,
    }
  }
  if (failure instanceof errors.TimeoutError) {
    return { code: 'ELASTICSEARCH_TIMEOUT', sentence: timeout(asked) }
  }
  if (failure instanceof errors.ConnectionError) return connection(failure, address)
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

function response(failure: errors.ResponseError, { address, index }: Asked): Account {
  const pattern = index.join(',')
  const { type, reason, whole } = causeOf(failure)
  const remote = remoteClusters(index)
  if (remote !== undefined && NO_WAY.test(whole)) {
    return { code: 'ELASTICSEARCH_REMOTE', sentence: `${remoteIsAway(remote)}; ${REMOTE_REMEDY}` }
  }
  switch (failure.statusCode) {
    case 401:
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

/** Node's and OpenSSL's codes of a certificate that is not trusted. */
const UNTRUSTED = /certificate|CERT|altnames|UNABLE_TO_|ERR_TLS|self.signed/i

/** A server ends the handshake because a certificate is missing: by an alert, or, since TLS 1.3, by closing. */
const DEMANDED = /alert (?:certificate required|bad certificate|handshake failure|unknown ca)/i
const CLOSED = /other side closed|socket hang up/i

/** The message of the client's agent if the proxy responds with a status other than 200. */
const BY_PROXY = /^Bad response: (\d{3})$/

/** What Node, OpenSSL and undici say of a connection. Anything else may quote a header. */
const CONNECTION_WORDS =
  /\b(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|EACCES)\b|self-signed certificate(?: in certificate chain)?|unable to (?:verify the first|get local issuer|get issuer) certificate|certificate (?:has expired|is not yet valid|required|unknown)|(?:bad|no) certificate|does not match certificate's altnames|certificate fingerprint does not match|handshake failure|unknown ca|wrong version number|other side closed|socket hang up|Connection closed while reading the body/i

function connectionReason(failure: errors.ConnectionError): string {
  return CONNECTION_WORDS.exec(failure.message)?.[0] ?? failureCode(failure) ?? 'connection failed'
}

function connection(failure: errors.ConnectionError, address: string): Account {
  const message = connectionReason(failure)
  const refusedByProxy = BY_PROXY.exec(failure.message)
  if (refusedByProxy !== null) return proxy(refusedByProxy[1] ?? '', address)
  if (DEMANDED.test(failure.message) || (CLOSED.test(failure.message) && address.startsWith('https:'))) {
    return {
      code: 'ELASTICSEARCH_UNREACHABLE',
      sentence: `${address} closes the connection (${message}); if it requires a client certificate, set client_cert_file and client_key_file to a certificate that it trusts`,
    }
  }
  if (UNTRUSTED.test(failure.message)) {
    return {
      code: 'ELASTICSEARCH_UNTRUSTED',
      sentence: `the certificate of ${address} is not trusted (${message}); set ca_file to the authority that signed it, and use a host name that is in it`,
    }
  }
  const plain = CLOSED.test(failure.message) || /wrong version number/i.test(failure.message)
  const hint = plain
    ? 'check whether the address must start with https:// or http://'
    : 'check address, port and network'
  return { code: 'ELASTICSEARCH_UNREACHABLE', sentence: `${address} cannot be reached (${message}); ${hint}` }
}

function proxy(status: string, address: string): Account {
  const what =
    status === '407'
      ? 'refuses the credentials (407); check proxy_username and proxy_password'
      : `does not connect to it (${status}); allow tunnels (CONNECT) to that address, or correct proxy`
  return { code: 'ELASTICSEARCH_PROXY', sentence: `the proxy for ${address} ${what}` }
}

/** The root cause is more specific than the error itself, which is often "all shards failed". */
function causeOf(failure: errors.ResponseError): { type: string; reason: string; whole: string } {
  const { body } = failure as { body?: unknown }
  const error = (body as { error?: unknown } | undefined)?.error
  if (typeof error !== 'object' || error === null)
    return { type: 'no error of Elasticsearch', reason: quote(error ?? body), whole: '' }
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
function quote(value: unknown): string {
  const said = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return foreignWords(said.replace(CREDENTIALS, '$1 <secret>'), MAX_QUOTE_LENGTH)
}
