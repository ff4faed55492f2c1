import { freePort } from '../../servers/process.ts'
import { type Elasticsearch, startElasticsearch } from './elasticsearch.ts'

/** Two clusters of one node each; `local` knows the other one as a remote cluster, under both names. */
export interface RemoteCluster {
  readonly local: Elasticsearch
  readonly remote: Elasticsearch
}

/** Its name where a search fails while it is away (`skip_unavailable: false`); found by a seed. */
export const NEEDED = 'needed'
/** Its name where a search leaves it out while it is away (`skip_unavailable: true`); found by a proxy's address. */
export const SKIPPED = 'skipped'

export async function startRemoteCluster(): Promise<RemoteCluster> {
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  const remotes = {
    [`cluster.remote.${NEEDED}.seeds`]: `["${address}"]`,
    [`cluster.remote.${NEEDED}.skip_unavailable`]: 'false',
    [`cluster.remote.${SKIPPED}.mode`]: 'proxy',
    [`cluster.remote.${SKIPPED}.proxy_address`]: `"${address}"`,
    [`cluster.remote.${SKIPPED}.skip_unavailable`]: 'true',
  }
  const started = await Promise.allSettled([
    startElasticsearch({ name: 'local', settings: { 'cluster.name': 'local', ...remotes } }),
    startElasticsearch({ name: 'remote', settings: { 'cluster.name': 'remote', 'transport.port': String(port) } }),
  ])
  const [local, remote] = started
  if (local.status === 'fulfilled' && remote.status === 'fulfilled') return { local: local.value, remote: remote.value }
  await Promise.all(started.map(one => (one.status === 'fulfilled' ? one.value.stop() : undefined)))
  throw started.find(one => one.status === 'rejected')?.reason
}
