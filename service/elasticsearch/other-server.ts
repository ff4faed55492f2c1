import type { errors } from '@elastic/elasticsearch'
import { isObject, valueAt } from '../../core/json.ts'
import { foreignWords } from '../http-client/foreign-words.ts'
import type { Account } from './connection-failure.ts'

type Response = Partial<Pick<errors.ResponseError, 'statusCode' | 'headers' | 'body'>>

/** Header with which Elasticsearch names itself. */
const PRODUCT = 'x-elastic-product'

/** Servers that are taken for Elasticsearch, by what their responses alone contain. */
const products: readonly { readonly name: string; readonly advice: string; is(response: Response): boolean }[] = [
  {
    name: 'Kibana',
    advice: 'set the address of Elasticsearch instead, whose port is 9200 by default',
    is: ({ headers }) => headerOf(headers, 'kbn-name') !== '' || headerOf(headers, 'kbn-license-sig') !== '',
  },
  {
    name: 'OpenSearch Dashboards',
    advice: 'clawtrust reads Elasticsearch 8 and 9',
    is: ({ headers }) => headerOf(headers, 'osd-name') !== '',
  },
  {
    name: 'OpenSearch or another fork of Elasticsearch',
    advice: 'clawtrust reads Elasticsearch 8 and 9',
    is: ({ statusCode, body }) =>
      statusCode === 406 && /application\/vnd\.elasticsearch/.test(String(valueAt(body, 'error'))),
  },
]

/**
 * What to say of a response that is not of Elasticsearch; undefined if it is. A proxy in front of Elasticsearch responds
 * itself if it refuses the credentials or does not reach it.
 */
export function otherServer(response: Response, address: string, secrets: readonly string[] = []): Account | undefined {
  const { statusCode = 0, headers, body } = response
  if (isOfElasticsearch(response)) {
    if (valueAt(body, 'error', 'type') !== 'media_type_header_exception') return undefined
    return other(`${address} is Elasticsearch 7 or older; clawtrust reads Elasticsearch 8 and 9`)
  }
  const product = products.find(one => one.is(response))
  if (product !== undefined) return other(`${address} is ${product.name}, not Elasticsearch; ${product.advice}`)
  const name = foreignWords(headerOf(headers, 'server'), 40, secrets)
  const who = name === '' ? '' : ` (${name})`
  if (statusCode >= 300 && statusCode < 400) {
    const target = URL.parse(headerOf(headers, 'location'))?.origin
    const where =
      target === undefined || target === 'null' ? 'to another page' : `to ${foreignWords(target, 100, secrets)}`
    return other(
      `${address} is not Elasticsearch: it redirects ${where} (${statusCode}); set the address of Elasticsearch itself`,
    )
  }
  if (statusCode === 401) {
    return {
      code: 'ELASTICSEARCH_UNAUTHENTICATED',
      sentence: `a server in front of ${address}${who}, not Elasticsearch, refuses the credentials (401); set its user and password, or the address of Elasticsearch itself`,
    }
  }
  if (statusCode === 403) {
    return {
      code: 'ELASTICSEARCH_FORBIDDEN',
      sentence: `a server in front of ${address}${who}, not Elasticsearch, refuses the request (403); allow searches (POST) there, or set the address of Elasticsearch itself`,
    }
  }
  if ([502, 503, 504].includes(statusCode)) {
    return {
      code: 'ELASTICSEARCH_UNAVAILABLE',
      sentence: `a server in front of ${address}${who} does not reach Elasticsearch (${statusCode}); start Elasticsearch, or correct the address to which that server forwards`,
    }
  }
  if (statusCode === 429) return undefined
  const what = isPage(response) ? 'a web page' : 'something else'
  return other(
    `${address} is not Elasticsearch: another service${who} answers ${statusCode} with ${what}; check the address, its port and the proxies in front of it`,
  )
}

const other = (sentence: string): Account => ({ code: 'ELASTICSEARCH_OTHER_PRODUCT', sentence })

/** By its own header, or by an error as only Elasticsearch writes it: not every version sets the header on errors. */
function isOfElasticsearch({ headers, body }: Response): boolean {
  if (headerOf(headers, PRODUCT) === 'Elasticsearch') return true
  const error = valueAt(body, 'error')
  return isObject(error) && typeof error.type === 'string'
}

function isPage({ headers, body }: Response): boolean {
  return /\bhtml\b/i.test(headerOf(headers, 'content-type')) || (typeof body === 'string' && /^\s*</.test(body))
}

function headerOf(headers: Response['headers'], name: string): string {
  const value: unknown = headers?.[name]
  return typeof value === 'string' ? value : ''
}
