import { freePort } from '../../servers/process.ts'
import { type Elasticsearch, startElasticsearch } from './elasticsearch.ts'
import { Relay } from './relay.ts'

/** Two clusters of one node each; `local` knows the other one as a remote cluster, under both names. */
export interface RemoteCluster {
  readonly local: Elasticsearch
  readonly remote: Elasticsearch
  /** The only way from the one to the other. */
  readonly way: Relay
  stop(): Promise<void>
}

/** Its name where a search fails while it is away (`skip_unavailable: false`); found by a seed. */
export const NEEDED = 'needed'
/** Its name where a search leaves it out while it is away (`skip_unavailable: true`); found by a proxy's address. */
export const SKIPPED = 'skipped'

export async function startRemoteCluster(): Promise<RemoteCluster> {
  const way = new Relay(await freePort(), await freePort())
  const address = `127.0.0.1:${way.port}`
  const remotes = {
    [`cluster.remote.${NEEDED}.seeds`]: `["${address}"]`,
    [`cluster.remote.${NEEDED}.skip_unavailable`]: 'false',
    [`cluster.remote.${SKIPPED}.mode`]: 'proxy',
    [`cluster.remote.${SKIPPED}.proxy_address`]: `"${address}"`,
    [`cluster.remote.${SKIPPED}.skip_unavailable`]: 'true',
  }
  const transport = {
    'transport.port': String(way.target),
    // Who was led here by a seed is told this one.
    'transport.publish_port': String(way.port),
  }
  await way.open()
  const started = await Promise.allSettled([
    startElasticsearch({ name: 'local', settings: { 'cluster.name': 'local', ...remotes } }),
    startElasticsearch({ name: 'remote', settings: { 'cluster.name': 'remote', ...transport } }),
  ])
  const nodes = started.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
  const stop = async () => void (await Promise.all([way.cut(), ...nodes.map(node => node.stop())]))
  const [local, remote] = started
  if (local.status === 'fulfilled' && remote.status === 'fulfilled') {
    return { local: local.value, remote: remote.value, way, stop }
  }
  await stop()
  throw started.find(one => one.status === 'rejected')?.reason
}
