import type { Client } from '@elastic/elasticsearch'
import { connect } from '../../../service/elasticsearch/compatibility.ts'
import type { Elasticsearch } from './servers/elasticsearch.ts'
import { sharedElasticsearch } from './servers/shared.ts'

/** A server without security: the one of this run, or the one that ES_URL names, which is never stopped or started. */
export interface PlainServer {
  readonly url: string
  readonly client: Client
  /** Undefined where the server is not ours. */
  readonly node: Elasticsearch | undefined
  /** Of this test file's part in it; the server goes on. */
  stop(): Promise<void>
}

export async function plainServer(): Promise<PlainServer> {
  const url = process.env.ES_URL
  if (url === undefined) {
    const node = await sharedElasticsearch()
    return { url: node.url, client: node.client, node, stop: () => node.client.close() }
  }
  const client = await connect({ nodes: [url], requestTimeout: 60_000 }, 'auto', ['*'])
  return { url, client, node: undefined, stop: () => client.close() }
}
