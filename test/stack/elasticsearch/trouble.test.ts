import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { FaultyProxy } from './faulty-proxy.ts'
import { ObservedExporter, type SourceKeys, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'

let server: PlainServer
let proxy: FaultyProxy
let proxied: string
beforeAll(async () => {
  server = await plainServer()
  proxy = new FaultyProxy(server.url)
  proxied = await proxy.start()
}, 180_000)
afterAll(async () => {
  await proxy.stop()
  await server.stop()
})

async function exporterOf(keys: SourceKeys): Promise<ObservedExporter> {
  return new ObservedExporter({ nodes: [server.url], ...keys }).start()
}

async function holdsTrue(index: OpenclawIndex, exporter: ObservedExporter) {
  const counted = await exporter.settlesAt(index.truth)
  await exporter.stop()
  await index.delete()
  expect(counted).toEqual(sorted(index.truth))
  expect(exporter.exposed.falls).toEqual([])
}

describe('reading through trouble', () => {
  it('loses nothing where a third of all answers are 429, 503, cut off or never come', async () => {
    const index = await new OpenclawIndex(server.client).create({ number_of_shards: 2 })
    const exporter = await exporterOf({ index: [index.name], nodes: [proxied], page_size: 50, request_timeout: '1s' })
    await exporter.ready()
    const fates = [429, 503, 'cut', 429, 503, 'hang'] as const
    proxy.spoil(() => (Math.random() < 0.33 ? (fates[Math.floor(Math.random() * fates.length)] ?? 503) : 'pass'))
    for (let round = 0; round < 12; round++) {
      await index.write({ connections: 60 })
      await pause(700)
    }
    proxy.spoil(() => 'pass')
    await holdsTrue(index, exporter)
  }, 120_000)

  it('says that Elasticsearch has too much to do, and goes on by itself', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const exporter = await exporterOf({ index: [index.name], nodes: [proxied] })
    await exporter.ready()
    proxy.spoil(() => 429)
    await exporter.goesDown('has too much to do')
    await index.write({ connections: 50 })
    proxy.spoil(() => 'pass')
    await exporter.comesUp()
    await holdsTrue(index, exporter)
  }, 90_000)

  it('goes on with the next index of a rollover, and after the index is deleted and comes again', async () => {
    const index = await new OpenclawIndex(server.client).create({}, undefined)
    const exporter = await exporterOf({ index: [`${index.name}*`] })
    await exporter.ready()
    await index.write({ connections: 100 })
    await index.create({}, `${index.name}-000002`)
    await index.write({ connections: 100, index: `${index.name}-000002` })
    await exporter.settlesAt(index.truth)
    await index.delete()
    await exporter.goesDown('no index matches')
    await index.create({}, `${index.name}-000003`)
    await index.write({ connections: 100, index: `${index.name}-000003` })
    await exporter.comesUp()
    await holdsTrue(index, exporter)
  }, 120_000)

  it('stops and says so where a new index maps the cursor field as text, and counts all when that is mended', async () => {
    const index = await new OpenclawIndex(server.client).create({}, undefined)
    const exporter = await exporterOf({ index: [`${index.name}*`] })
    await exporter.ready()
    await index.write({ connections: 50 })
    await exporter.settlesAt(index.truth)
    const wrong = `${index.name}-wrong`
    const properties = { event: { properties: { ingested: { type: 'keyword' } } } } as const
    await server.client.indices.create({ index: wrong, mappings: { dynamic: false, properties } })
    const documents = await new OpenclawIndex(server.client, wrong).write({ connections: 1 })
    expect(documents.length).toBeGreaterThan(0)
    await exporter.goesDown('event.ingested is mapped as')
    await index.write({ connections: 50 })
    await server.client.indices.delete({ index: wrong })
    await exporter.comesUp()
    await holdsTrue(index, exporter)
  }, 120_000)

  it('takes a document of 10 MB for what it is and reads on', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const exporter = await exporterOf({ index: [index.name] })
    await exporter.ready()
    const [large] = await index.write({ connections: 1 })
    const ingested = { event: { ingested: new Date().toISOString() } }
    const huge = { ...large?.document, ...ingested, message: 'x'.repeat(10 * 1024 * 1024) }
    await index.put([{ id: 'huge', document: huge }])
    await index.write({ connections: 100 })
    const counted = await exporter.settlesAt(index.truth)
    const tooLong = exporter.exposed.value('clawtrust_undecoded_total', 'line_too_long')
    await exporter.stop()
    await index.delete()
    expect(counted).toEqual(sorted(index.truth))
    expect(tooLong).toBe(1)
  }, 60_000)
})

describe('a source that cannot be read', () => {
  it.each([
    ['an index that does not exist', { index: ['nowhere'] }, 'no such index [nowhere]'],
    ['a pattern that matches nothing', { index: ['nowhere-*'] }, 'no index matches nowhere-*'],
    ['nobody at the address', { index: ['a'], nodes: ['http://127.0.0.1:1'] }, 'cannot be reached'],
  ])(
    'says so for %s',
    async (_, keys, words) => {
      const exporter = await exporterOf(keys)
      await exporter.goesDown(words)
      await pause(300)
      await exporter.stop()
      expect(exporter.log.join('')).toContain(words)
    },
    30_000,
  )

  it('says so for a cursor field that is not mapped', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const exporter = await exporterOf({ index: [index.name], cursor_field: 'arrived' })
    await exporter.goesDown('arrived is not mapped')
    await exporter.stop()
    await index.delete()
  }, 30_000)

  it('says so for a server that is no Elasticsearch', async () => {
    const plain = createServer((_, answer) => void answer.end('<html>hello</html>'))
    await new Promise<void>(resolve => plain.listen(0, '127.0.0.1', resolve))
    const { port } = plain.address() as { port: number }
    const exporter = await exporterOf({ index: ['a'], nodes: [`http://127.0.0.1:${port}`] })
    await exporter.goesDown('is no Elasticsearch')
    await exporter.stop()
    plain.closeAllConnections()
    plain.close()
  }, 30_000)
})
