import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { withCommands } from '../../requirements.ts'
import { eventually } from '../servers/eventually.ts'
import { freePort, startProcess } from '../servers/process.ts'
import { ObservedExporter } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'

const GATEWAYS = 10_000
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
    const expected = GATEWAYS * 5
    const hosts = Array.from({ length: GATEWAYS }, (_, number) => `gw-${number}`)
    for (let first = 0; first < GATEWAYS; first += 2_000) {
      const part = hosts.slice(first, first + 2_000)
      const written = part.map(host => ({ host, documents: index.documents({ connections: 5, host }) }))
      await index.put(written.flatMap(({ documents }) => documents))
    }
    const records = ({ exposed }: ObservedExporter) =>
      (exposed.value('clawtrust_events_total') ?? 0) + (exposed.value('clawtrust_undecoded_total') ?? 0)
    const sum = () => readers.reduce((total, reader) => total + records(reader), 0)
    const reach = (total: number) =>
      eventually(`${total} documents are read`, async () => sum() >= total || undefined, { limitMs: 90_000 })
    await reach((expected * 7) / 5)
    await index.put(index.documents({ connections: 5, host: 'gw-that-is-new' }))
    await reach(((expected + 5) * 7) / 5)
    await pause(3_000)
    const counts = readers.map(reader => records(reader))
    for (const reader of readers) await reader.stop()
    await index.delete()
    expect(counts.reduce((a, b) => a + b)).toBe(((expected + 5) * 7) / 5)
    for (const count of counts) expect(count).toBeGreaterThan(expected / 2)
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
  }, 30_000)
})

describe('the past of an index', () => {
  it('is read into minutes at the first start, and never into counters', async () => {
    const index = await new OpenclawIndex(server.client).create()
    for (const hours of [40, 20, 3]) await index.write({ connections: 200, ingested: Date.now() - hours * 3_600_000 })
    index.truth.clear()
    await index.refresh()
    const exporter = await new ObservedExporter({ nodes: [server.url], index: [index.name] }).start()
    await exporter.ready()
    const told = () => exporter.log.some(line => line.includes('history was read'))
    await eventually('the history is read', async () => told() || undefined)
    await index.write({ connections: 50 })
    const counted = await exporter.settlesAt(index.truth)
    await exporter.stop()
    await index.delete()
    expect(counted).toEqual(Object.fromEntries([...index.truth].sort()))
  }, 60_000)
})

withCommands('script').describe('the progress of a past', () => {
  it('is shown by a bar on a terminal, otherwise by lines of the log, and always by a metric', async () => {
    const index = await new OpenclawIndex(server.client).create()
    for (let hours = 100; hours > 0; hours--) {
      await index.write({ connections: 50, ingested: Date.now() - hours * 3_600_000 })
    }
    await index.refresh()
    const folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-progress-'))
    const keys = { nodes: [server.url], index: [index.name], page_size: 10, slices: 1 }
    const sources = [{ type: 'elasticsearch', name: 'logs', ...keys }]
    const configuration = { exporter: { listen_address: `127.0.0.1:${await freePort()}`, sources } }
    writeFileSync(join(folder, 'clawtrust.yml'), JSON.stringify(configuration))
    const command = `${process.execPath} ${main} exporter`
    const terminal = startProcess('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd: folder,
    })
    const isRead = async () => terminal.output().includes('history was read') || undefined
    await eventually('the history is read', isRead, { by: terminal })
    await terminal.stop()
    const plain = new ObservedExporter({ ...keys })
    await plain.start()
    const shares = new Set<number>()
    await eventually('the history is read', async () => {
      const share = plain.exposed.value('clawtrust_source_history_progress_ratio')
      if (share !== undefined) shares.add(share)
      return plain.log.some(line => line.includes('history was read')) || undefined
    })
    await plain.stop()
    await index.delete()
    rmSync(folder, { recursive: true, force: true })

    const bars = terminal
      .output()
      .split('\r')
      .filter(line => /█*░+ +\d+ % of the history of logs/.test(line))
    expect(bars.length).toBeGreaterThan(3)
    expect(terminal.output()).not.toContain('is read into minutes')
    const lines = plain.log.filter(line => line.includes('% of the history is read into minutes'))
    expect(lines.length).toBeGreaterThan(3)
    expect([...shares].filter(share => share > 0 && share < 1).length).toBeGreaterThan(0)
  }, 90_000)
})
