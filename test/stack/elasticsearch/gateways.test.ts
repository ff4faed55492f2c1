import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HOUR_MS } from '../../../core/clock.ts'
import { withCommands } from '../../requirements.ts'
import { eventually } from '../servers/eventually.ts'
import { freePort, startProcess } from '../servers/process.ts'
import { FaultyProxy } from './faulty-proxy.ts'
import { ObservedExporter, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'

const GATEWAYS = 10_000
const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0)

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))

let server: PlainServer
beforeAll(async () => {
  server = await plainServer()
}, 180_000)
afterAll(() => server.stop())

describe(`${GATEWAYS} gateways in one index`, () => {
  it('are shared by two readers, each document counted by exactly one, a new gateway from its first document', async () => {
    const index = await new OpenclawIndex(server.client).create({ number_of_shards: 2 })
    const keys = { nodes: [server.url], index: [index.name], shard_field: 'host.name' }
    const readers = await Promise.all(
      ['1/2', '2/2'].map(shard => new ObservedExporter({ ...keys, shard, page_size: 5_000 }).start()),
    )
    for (const reader of readers) await reader.ready()
    const hosts = Array.from({ length: GATEWAYS }, (_, number) => `gw-${number}`)
    let written = 0
    for (let first = 0; first < GATEWAYS; first += 2_000) {
      const part = hosts.slice(first, first + 2_000)
      const documents = part.flatMap(host => index.documents({ connections: 1, host }))
      written += documents.length
      await index.put(documents)
    }
    const records = ({ exposed }: ObservedExporter) =>
      (exposed.value('clawtrust_events_total') ?? 0) + (exposed.value('clawtrust_undecoded_total') ?? 0)
    const read = () => sum(readers.map(records))
    const reach = (total: number) =>
      eventually(`${total} documents are read`, async () => read() >= total || undefined, { limitMs: 90_000 })
    await reach(written)
    const ofNew = index.documents({ connections: 5, host: 'gw-that-is-new' })
    await index.put(ofNew)
    await reach(written + ofNew.length)
    for (const reader of readers) await reader.comparedAgain(index)
    const counts = readers.map(reader => records(reader))
    for (const reader of readers) await reader.stop()
    await index.delete()
    expect(sum(counts)).toBe(written + ofNew.length)
    for (const count of counts) expect(count).toBeGreaterThan(0.4 * written)
    for (const reader of readers) expect(reader.exposed.falls).toEqual([])
  }, 180_000)

  it('cannot be shared by a field that is not mapped, and the error says so', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const exporter = await new ObservedExporter({
      nodes: [server.url],
      index: [index.name],
      shard: '1/2',
      shard_field: 'gateway.name',
    }).start()
    await exporter.goesDown('shard_field gateway.name is not mapped')
    await exporter.stop()
    await index.delete()
  }, 60_000)
})

describe('the past of an index', () => {
  it('is read into minutes at the first start, and never into counters', async () => {
    const index = await new OpenclawIndex(server.client).create()
    for (const hours of [40, 20, 3]) await index.write({ connections: 200, ingested: Date.now() - hours * HOUR_MS })
    const past = sum(index.truth.values())
    index.truth.clear()
    await index.refresh()
    const exporter = await new ObservedExporter({ nodes: [server.url], index: [index.name] }).start()
    await exporter.ready()
    const told = () => exporter.log.some(line => line.includes('Backfill finished'))
    await eventually('the history is read', async () => told() || undefined)
    await index.write({ connections: 50 })
    const counted = await exporter.settlesAt(index)
    await exporter.stop()
    await index.delete()
    expect(counted).toEqual(sorted(index.truth))
    expect(sum(exporter.failuresByMinute.values())).toBe(past + sum(index.truth.values()))
  }, 60_000)
})

withCommands('script').describe('the progress of a past', () => {
  let proxy: FaultyProxy
  let keys: { readonly nodes: readonly string[]; readonly index: readonly string[]; readonly page_size: number }
  let index: OpenclawIndex
  beforeAll(async () => {
    proxy = new FaultyProxy(server.url)
    index = await new OpenclawIndex(server.client).create()
    for (let hours = 100; hours > 0; hours--) {
      await index.write({ connections: 5, ingested: Date.now() - hours * HOUR_MS })
    }
    await index.refresh()
    keys = { nodes: [await proxy.start()], index: [index.name], page_size: 10 }
  }, 60_000)
  afterAll(async () => {
    await proxy.stop()
    await index.delete()
  })

  it('is shown by a bar on a terminal', async () => {
    // Each page of the past is so late that the bar, which is drawn at most ten times a second, is drawn several times.
    proxy.spoil(path => (isPage(path) ? pause(20, 'pass') : 'pass'))
    const folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-progress-'))
    const sources = [{ type: 'elasticsearch', name: 'logs', ...keys }]
    const configuration = { exporter: { listen_address: `127.0.0.1:${await freePort()}`, sources } }
    writeFileSync(join(folder, 'clawtrust.yml'), JSON.stringify(configuration))
    const command = `${process.execPath} ${main} exporter`
    const terminal = startProcess('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd: folder,
    })
    const isRead = async () => terminal.output().includes('Backfill finished') || undefined
    await eventually('the history is read', isRead, { by: terminal })
    await terminal.stop()
    rmSync(folder, { recursive: true, force: true })

    const bars = terminal
      .output()
      .split('\r')
      .filter(line => /█*░+ +\d+ % of the backfill of logs/.test(line))
    expect(bars.length).toBeGreaterThan(3)
    expect(terminal.output()).not.toContain('is read into minutes')
  }, 60_000)

  it('is told by lines of the log where there is no terminal, and always by a metric', async () => {
    const exporter = new ObservedExporter(keys)
    const lines = () => exporter.log.filter(line => line.includes('% of the backfill is read'))
    // In the middle the past waits until the metric has told so.
    const seen = Promise.withResolvers<void>()
    proxy.spoil(async path => {
      if (isPage(path) && lines().length > 3) await seen.promise
      return 'pass' as const
    })
    await exporter.start()
    const isPartly = (share = 0) => (share > 0 && share < 1) || undefined
    await eventually('the metric tells a share', async () =>
      isPartly(exporter.exposed.value('clawtrust_source_history_progress_ratio')),
    ).finally(seen.resolve)
    const isRead = async () => exporter.log.some(line => line.includes('Backfill finished')) || undefined
    await eventually('the history is read', isRead)
    await exporter.stop()
    expect(lines().length).toBeGreaterThan(3)
  }, 60_000)
})

/** A page is searched in a point in time, which names no index. */
const isPage = (path: string) => path.startsWith('/_search')
