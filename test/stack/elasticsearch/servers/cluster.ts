import { freePort } from '../../servers/process.ts'
import { type Elasticsearch, startElasticsearch } from './elasticsearch.ts'

/** Three nodes of one cluster on loopback, all able to be its master. */
export async function startCluster(): Promise<readonly Elasticsearch[]> {
  const names = ['one', 'two', 'three']
  const ports = await Promise.all(names.map(() => freePort()))
  const started = await Promise.allSettled(
    names.map((name, index) =>
      startElasticsearch({
        name,
        settings: {
          'cluster.name': 'three',
          'transport.port': String(ports[index]),
          'discovery.seed_hosts': `[${ports.map(port => `"127.0.0.1:${port}"`).join(', ')}]`,
          'cluster.initial_master_nodes': `[${names.join(', ')}]`,
        },
      }),
    ),
  )
  const nodes = started.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = started.find(one => one.status === 'rejected')
  if (failed !== undefined) {
    await Promise.all(nodes.map(node => node.stop()))
    throw failed.reason
  }
  await nodes[0]?.client.cluster.health({ wait_for_nodes: '3', timeout: '60s' })
  return nodes
}
