import { type Client, errors } from '@elastic/elasticsearch'
import { ClawtrustError } from '../../core/errors.ts'
import { isObject, valueAt } from '../../core/json.ts'
import { connect } from '../../service/elasticsearch/compatibility.ts'
import { type SearchCompleteness, whatIsMissing } from '../../service/elasticsearch/completeness.ts'
import { type Compatibility, type Connection, secretsOf } from '../../service/elasticsearch/connection.ts'
import { explainFailure } from '../../service/elasticsearch/failure.ts'
import type { Json } from '../../service/state/state.ts'
import { ConsecutiveFailures } from './consecutive-failures.ts'
import type { DocumentStore } from './stores.ts'
import { CLOSED_SETTING, closedIndices, localPatterns, unreadablePatterns } from './unsearched.ts'

export interface ElasticsearchStoreOptions {
  readonly connection: Omit<Connection, 'compatibility'>
  readonly compatibility: 'auto' | Compatibility
  /** Nodes or host of the cloud, without credentials. */
  readonly address: string
}

export interface ElasticsearchStore extends DocumentStore {
  close(): Promise<void>
}

/** An answer has five ids and some hundred buckets. */
const LARGEST_ANSWER = 16 * 1024 * 1024

/** With these, no other request of the same report would be answered either. */
const LOST: ReadonlySet<string> = new Set([
  'ELASTICSEARCH_UNREACHABLE',
  'ELASTICSEARCH_UNTRUSTED',
  'ELASTICSEARCH_UNAUTHENTICATED',
  'ELASTICSEARCH_OTHER_PRODUCT',
  'ELASTICSEARCH_PROXY',
])

/**
 * The searches of one report. Connects at the first one. Where the cluster cannot be reached, each further search fails at
 * once.
 */
export function elasticsearchStore({
  connection,
  compatibility,
  address,
}: ElasticsearchStoreOptions): ElasticsearchStore {
  let client: Promise<Client> | undefined
  const failures = new ConsecutiveFailures()

  async function request({ index, path, method, ...rest }: Request, signal: AbortSignal): Promise<unknown> {
    failures.check()
    try {
      client ??= connect(connection, compatibility, ['*'])
      const { transport } = await client
      const url = index === undefined ? `/${path}` : `/${encodeURIComponent(index)}/${path}`
      const bounds = { signal, maxResponseSize: LARGEST_ANSWER, maxCompressedResponseSize: LARGEST_ANSWER }
      const answer = await transport.request({ method, path: url, ...rest }, bounds)
      failures.answered()
      return answer
    } catch (failure) {
      signal.throwIfAborted()
      const explained = explainFailure(failure, {
        index: index === undefined ? [] : [index],
        address,
        secrets: secretsOf(connection),
      })
      const isFinal = LOST.has(explained.code)
      if (isFinal || explained.code === 'ELASTICSEARCH_TIMEOUT') failures.failed(explained, isFinal)
      else failures.answered()
      throw explained
    }
  }

  return {
    address,
    async search(index, body, signal) {
      const querystring = { allow_partial_search_results: false }
      const answer = await request({ index, method: 'POST', path: '_search', body: body as Body, querystring }, signal)
      refusePartial(index, answer as SearchCompleteness)
      return answer as Json
    },
    async unmapped(index, fields, signal) {
      const asked = [...new Set(fields.flatMap(prefixes))]
      const answer = await request({ index, method: 'POST', path: '_field_caps', body: { fields: asked } }, signal)
      return fields.filter(field => !isMapped(field, valueAt(answer, 'fields')))
    },
    async unsearched(index, signal) {
      const patterns = localPatterns(index)
      const privileges = { index: [{ names: patterns, privileges: ['read'] }] }
      const [settings, granted] = await Promise.all([
        request({ index, method: 'GET', path: `_settings/${CLOSED_SETTING}`, querystring: WITH_CLOSED }, signal),
        patterns.length === 0
          ? undefined
          : request({ method: 'POST', path: '_security/user/_has_privileges', body: privileges }, signal).catch(
              withoutSecurity,
            ),
      ])
      return [closedIndices(settings), unreadablePatterns(granted)].filter(reason => reason !== undefined)
    },
    async close() {
      const connected = await client?.catch(() => undefined)
      await connected?.close()
    },
  }
}

type Body = Record<string, unknown>

interface Request {
  /** Absent where it is about no index. */
  readonly index?: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: Body
  readonly querystring?: Record<string, unknown>
}

const WITH_CLOSED = { expand_wildcards: 'open,closed', flat_settings: true }

/** A server without security does not know the question, and lets everyone read everything. */
function withoutSecurity(failure: unknown): undefined {
  const { cause } = failure as { readonly cause?: unknown }
  if (cause instanceof errors.ResponseError && UNKNOWN_TO_SERVER.has(cause.statusCode ?? 0)) return undefined
  throw failure
}

const UNKNOWN_TO_SERVER: ReadonlySet<number> = new Set([400, 404, 405])

function refusePartial(index: string, answer: SearchCompleteness): void {
  const what = whatIsMissing(answer)
  if (what === undefined) return
  throw new ClawtrustError(
    'ELASTICSEARCH_PARTIAL',
    `Elasticsearch could search ${index} only in part: ${what}; check the health of the cluster`,
    { recoverable: true },
  )
}

/** `a`, `a.b`, `a.b.c`. */
function prefixes(field: string): string[] {
  const names = field.split('.')
  return names.map((_, index) => names.slice(0, index + 1).join('.'))
}

/** A field of metadata is in no mapping, and a key of a flattened field only as that field. */
function isMapped(field: string, found: unknown): boolean {
  if (field.startsWith('_')) return true
  const types = (name: string) => Object.keys((isObject(found) && Object.hasOwn(found, name) && found[name]) || {})
  const isFlattened = prefixes(field).some(name => types(name).includes('flattened'))
  return isFlattened || types(field).some(type => type !== 'unmapped')
}
