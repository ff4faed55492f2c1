import type { Client } from '@elastic/elasticsearch'
import { connect } from '../../service/elasticsearch/compatibility.ts'
import { type ElasticsearchOptions, startElasticsearch } from '../../test/stack/elasticsearch/servers/elasticsearch.ts'
import { installationNeeds } from '../../test/stack/elasticsearch/servers/installation.ts'
import { end, missing, programs } from '../needs.ts'

/** The server that is measured: a node of its own on loopback, or the one at `ES_URL`. */
export interface Server {
  readonly url: string
  readonly version: string
  readonly client: Client
  stop(): Promise<void>
}

export async function openServer(options: ElasticsearchOptions = {}): Promise<Server> {
  const url = process.env.ES_URL
  if (url === undefined) {
    const { lackOfJava, programs: needed } = await installationNeeds()
    end([
      ...missing(needed.map(name => programs[name])),
      ...(lackOfJava === undefined
        ? []
        : [`${lackOfJava}; install the Debian package: apt-get install openjdk-17-jdk-headless.`]),
    ])
    return startElasticsearch(options)
  }
  const client = await connect({ nodes: [url], requestTimeout: 60_000 }, 'auto', ['*'])
  return { url, version: 'given', client, stop: () => client.close() }
}
