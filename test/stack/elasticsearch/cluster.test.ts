import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { FaultyProxy } from './faulty-proxy.ts'
import { ObservedExporter, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { startCluster } from './servers/cluster.ts'
import type { Elasticsearch } from './servers/elasticsearch.ts'

let nodes: readonly Elasticsearch[] = []
let index: OpenclawIndex
let exporter: ObservedExporter
/** In front of the first node, which stays. */
let proxy: FaultyProxy
beforeAll(async () => {
  nodes = await startCluster()
  proxy = new FaultyProxy((nodes[0] as Elasticsearch).url)
}, 240_000)
afterAll(async () => {
  await proxy?.stop()
  await Promise.all(nodes.map(node => node.stop()))
})

const settings = { number_of_shards: 3, number_of_replicas: 1, 'index.unassigned.node_left.delayed_timeout': '0s' }
const green = (node: Elasticsearch | undefined, wanted: number) =>
  node?.client.cluster.health({ wait_for_status: 'green', wait_for_nodes: `>=${wanted}`, timeout: '50s' })

async function truth() {
  const counted = await exporter.settlesAt(index, index.truth, 90_000)
  expect(counted).toEqual(sorted(index.truth))
  expect(exporter.exposed.falls).toEqual([])
}

/** Of 3,000 connections, each 1.4 documents. */
const PAGES = 4_200 / 20

/** Resolves when the first node has been asked for so many pages; each other node has been asked for about as many. */
function firstPages(count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let pages = 0
  proxy.spoil(path => {
    // A search at a point in time names no index.
    if (path.startsWith('/_search') && ++pages >= count) resolve()
    return 'pass'
  })
  return promise
}

/** What writes goes through the first node, which stays. */
describe('a cluster of three nodes', () => {
  it('is read whole where one node is killed in the middle of a sweep', async () => {
    const [first, second] = nodes
    index = await new OpenclawIndex((first as Elasticsearch).client).create(settings)
    exporter = new ObservedExporter({
      nodes: [await proxy.start(), ...nodes.slice(1).map(({ url }) => url)],
      index: [index.name],
      page_size: 20,
      request_timeout: '3s',
    })
    await (await exporter.start()).ready()
    const inTheMiddle = firstPages(PAGES / nodes.length / 3)
    for (let round = 0; round < 5; round++) await index.write({ connections: 600 })
    await inTheMiddle
    await second?.signal('SIGKILL')
    await index.write({ connections: 200 })
    await truth()
    await second?.resume()
    await green(first, 3)
  }, 240_000)

  it('is read whole where a node hangs and comes back', async () => {
    const [first, , third] = nodes
    await index.write({ connections: 600 })
    await third?.signal('SIGSTOP')
    await pause(12_000)
    await third?.signal('SIGCONT')
    await green(first, 3)
    await index.write({ connections: 200 })
    await truth()
  }, 180_000)

  it('is read on from the last node where two of three are lost', async () => {
    const [first, second, third] = nodes
    await first?.client.indices.putSettings({ index: index.name, settings: { number_of_replicas: 2 } })
    await index.write({ connections: 300 })
    await green(first, 3)
    await Promise.all([second?.signal('SIGKILL'), third?.signal('SIGKILL')])
    // The last node takes no documents any more, so nothing can be marked.
    await exporter.reaches(index.truth, 90_000)
    await exporter.stop()
    expect(exporter.exposed.falls).toEqual([])
    expect(exporter.skippedMinutes).toBe(0)
  }, 180_000)
})
