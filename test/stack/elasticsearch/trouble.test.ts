import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { clawtrust } from '../servers/clawtrust.ts'
import { eventually } from '../servers/eventually.ts'
import { FaultyProxy } from './faulty-proxy.ts'
import { ObservedExporter, type SourceKeys, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'
import { checked, type Said, saidBy, saidOf } from './said-of.ts'

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
  const counted = await exporter.settlesAt(index)
  await exporter.stop()
  await index.delete()
  expect(counted).toEqual(sorted(index.truth))
  expect(exporter.exposed.falls).toEqual([])
  expect(exporter.skippedMinutes).toBe(0)
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
    await exporter.goesDown('is overloaded')
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
    await exporter.reaches(index.truth)
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
    await exporter.reaches(index.truth)
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

  it('names an index and a gateway of which nothing is in a known format, beside those that are read', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const other = `${index.name}-2`
    await index.create({}, other)
    const source = { nodes: [server.url], index: [index.name, other] }
    const exporter = await exporterOf(source)
    await exporter.ready()
    await index.write({ connections: 20 })
    const document = {
      event: { ingested: new Date().toISOString() },
      host: { name: 'edge-9' },
      message: '198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 401 0',
    }
    await index.put(
      ['a', 'b', 'c'].map(id => ({ id, document })),
      other,
    )
    const looks = 'is in a known format: it looks like an access log in the common format'
    const named = async () => exporter.log.some(line => line.includes(`index ${other} ${looks}`)) || undefined
    await eventually('the index is named', named)
    expect(exporter.log.filter(line => line.includes(looks))).toHaveLength(2)
    const page = await exporter.page()
    for (const place of [`index ${other}`, 'gateway edge-9']) expect(page).toContain(`${place} ${looks}`)
    expect(page).not.toContain(`index ${index.name} is in a known format`)
    const { check, code } = await checked(source)
    expect(check).toContain(`PROBLEM Nothing that was read of index ${other} ${looks}`)
    expect(check).not.toContain(`index ${index.name} is in a known format`)
    expect(code).toBe(1)
    expect(exporter.exposed.value('clawtrust_source_recognised')).toBe(1)
    await holdsTrue(index, exporter)
  }, 60_000)

  it('takes a document of 10 MB for what it is and reads on', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const exporter = await exporterOf({ index: [index.name] })
    await exporter.ready()
    const [large] = await index.write({ connections: 1 })
    const ingested = { event: { ingested: new Date().toISOString() } }
    const huge = { ...large?.document, ...ingested, message: 'x'.repeat(10 * 1024 * 1024) }
    await index.put([{ id: 'huge', document: huge }])
    await index.write({ connections: 100 })
    const counted = await exporter.settlesAt(index)
    const tooLong = () => exporter.exposed.value('clawtrust_undecoded_total', 'line_too_long')
    await eventually('the large one is skipped', async () => tooLong())
    const words = '1 document was skipped because of a text of more than 131,072 characters'
    expect(await exporter.page()).toContain(words)
    expect(exporter.log.filter(line => line.includes(words))).toHaveLength(1)
    const folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-large-'))
    const source = { type: 'elasticsearch', name: 'logs', nodes: [server.url], index: [index.name] }
    writeFileSync(join(folder, 'clawtrust.yml'), JSON.stringify({ exporter: { sources: [source] } }))
    const check = await clawtrust(folder, ['elastic', 'check'])
    rmSync(folder, { recursive: true })
    expect(check).toMatchObject({ code: 0, output: expect.stringContaining('1 line_too_long') })
    await exporter.stop()
    await index.delete()
    expect(counted).toEqual(sorted(index.truth))
    expect(tooLong()).toBe(1)
  }, 60_000)
})

describe('a cluster that does not answer', () => {
  afterEach(() => proxy.spoil(() => 'pass'))

  it('never holds up a scrape, the page or the health, while it hangs and while it fails', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const exporter = await exporterOf({ index: [index.name], nodes: [proxied], request_timeout: '2s' })
    await exporter.ready()
    await index.write({ connections: 200 })
    await exporter.reaches(index.truth)
    const fates = [
      ['hang', 'did not answer in time'],
      [503, 'check the health of the cluster'],
    ] as const
    for (const [fate, words] of fates) {
      proxy.spoil(() => fate)
      const took: number[] = []
      for (let scrape = 0; scrape < 100; scrape++) {
        const began = performance.now()
        await exporter.text('/metrics')
        took.push(performance.now() - began)
        await exporter.text('/-/healthy')
        await pause(20)
      }
      took.sort((a, b) => a - b)
      // One that waited for the cluster would take the 2 seconds of `request_timeout`.
      expect(took[94]).toBeLessThan(1_000)
      await exporter.goesDown(words)
    }
    proxy.spoil(() => 'pass')
    await exporter.comesUp()
    await holdsTrue(index, exporter)
  }, 120_000)

  it('is asked ever more rarely, and then one small question, before documents are read again', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const exporter = await exporterOf({ index: [index.name], nodes: [proxied] })
    await exporter.ready()
    const times: number[] = []
    proxy.spoil(() => {
      times.push(performance.now())
      return 503
    })
    await exporter.goesDown('check the health of the cluster')
    proxy.requests.length = 0
    // Pauses of 0.5, 1, 2 and 4 seconds, each shorter or longer by a quarter at most.
    const isRare = async () => times.some((time, number) => time - (times[number - 1] ?? time) >= 3_000) || undefined
    await eventually('it waits for 4 seconds', isRare)
    const asked = [...proxy.requests]
    proxy.spoil(() => 'pass')
    await exporter.comesUp()
    await holdsTrue(index, exporter)
    // One request after each pause; a new client first asks which version the server speaks.
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.length).toBeLessThanOrEqual(8)
    expect(asked.filter(path => /_field_caps|_search/.test(path))).toEqual(asked)
    expect(asked.filter(path => path.includes('_pit'))).toEqual([])
  }, 90_000)

  it.each([
    ['nobody listens', async () => 'http://127.0.0.1:1'],
    ['requests hang', async () => proxied],
  ])(
    'is read through its other nodes where at one of them %s',
    async (_, lame) => {
      proxy.spoil(() => 'hang')
      const index = await new OpenclawIndex(server.client).create()
      const nodes = [await lame(), server.url]
      const exporter = await exporterOf({ index: [index.name], nodes, request_timeout: '1s' })
      await exporter.ready(60_000)
      for (let round = 0; round < 5; round++) {
        await index.write({ connections: 40 })
        await pause(500)
      }
      await holdsTrue(index, exporter)
      proxy.spoil(() => 'pass')
    },
    120_000,
  )
})

describe('a source that cannot be read', () => {
  const noElasticsearch = createServer((_, answer) => void answer.end('<html>hello</html>'))
  const silent = createServer(() => undefined)
  const address = (other: Server) => `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  let index: OpenclawIndex
  let all: readonly PromiseSettledResult<Said>[] = []
  beforeAll(async () => {
    for (const other of [noElasticsearch, silent]) {
      await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    }
    index = await new OpenclawIndex(server.client).create()
    await index.write({ connections: 1 })
    await index.refresh()
    // All at once: each mostly waits until its source is down.
    all = await Promise.allSettled(cases.map(([, keys, words]) => saidOf({ nodes: [server.url], ...keys() }, words)))
  }, 90_000)
  afterAll(async () => {
    for (const other of [noElasticsearch, silent]) {
      other.closeAllConnections()
      other.close()
    }
    await index.delete()
  })

  const cases: readonly [string, () => SourceKeys & { nodes?: string[] }, string][] = [
    ['an index that does not exist', () => ({ index: ['nowhere'] }), 'no such index [nowhere]'],
    ['a pattern that matches nothing', () => ({ index: ['nowhere-*'] }), 'no index matches nowhere-*'],
    [
      'nobody at the address',
      () => ({ index: ['a'], nodes: ['http://127.0.0.1:1'] }),
      'check address, port and network',
    ],
    [
      'a server that is no Elasticsearch',
      () => ({ index: ['a'], nodes: [address(noElasticsearch)] }),
      'is not Elasticsearch: another service answers 200',
    ],
    [
      'a server that does not answer',
      () => ({ index: ['a'], nodes: [address(silent)], request_timeout: '1s' }),
      'did not answer in time; check its load, or raise request_timeout',
    ],
    [
      'a cursor field that is not mapped',
      () => ({ index: [index.name], cursor_field: 'arrived' }),
      'arrived is not mapped in',
    ],
    [
      'a cursor field that is no date',
      () => ({ index: [index.name], cursor_field: 'host.name' }),
      'host.name is mapped as keyword in',
    ],
  ]

  it.each(cases.map(([name, , words], number) => [name, words, number] as const))(
    'gives one clear sentence for %s: in the log, on the page and from the check, and goes on trying',
    (_, words, number) => {
      const { log, page, check, code } = saidBy(all[number])
      for (const said of [log, page, check]) expect(said).toContain(words)
      expect(log.split('\n').filter(line => line.includes(words))).toHaveLength(1)
      expect(code).toBe(1)
    },
  )
})
