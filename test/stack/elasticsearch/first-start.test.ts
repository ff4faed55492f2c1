import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { eventually } from '../servers/eventually.ts'
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

const exporterOf = (keys: SourceKeys) => new ObservedExporter({ nodes: [server.url], ...keys })
const backfill = ({ exposed }: ObservedExporter) => exposed.value('clawtrust_backfill_events_total') ?? 0
const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((one, other) => one + other, 0)

async function holdsTrue(index: OpenclawIndex, exporter: ObservedExporter) {
  const counted = await exporter.settlesAt(index)
  await exporter.stop()
  await index.delete()
  expect(counted).toEqual(sorted(index.truth))
  expect(exporter.exposed.falls).toEqual([])
}

describe('the first attack on a fresh installation', () => {
  it.each([0, -2 * HOUR_MS, 2 * HOUR_MS])(
    'counts where there was no index before it, by a clock of the server that is %d ms ahead',
    async ahead => {
      const index = new OpenclawIndex(server.client)
      const exporter = await exporterOf({ index: [`${index.name}*`] }).start()
      await exporter.goesDown('no index matches')
      await index.create()
      await index.write({ connections: 100, ingested: Date.now() + ahead, eventTime: Date.now() })
      await holdsTrue(index, exporter)
    },
    60_000,
  )

  it('counts where the index was empty, also for a source that was added later', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const exporter = await (await exporterOf({ index: [index.name] }).start()).ready()
    await index.write({ connections: 100 })
    await holdsTrue(index, exporter)
  }, 60_000)

  it('counts where it came while the server was away, and only what came since', async () => {
    const index = await new OpenclawIndex(server.client).create()
    await index.write({ connections: 50, ingested: Date.now() - MINUTE_MS })
    index.truth.clear()
    await index.refresh()
    proxy.spoil(() => 503)
    const exporter = exporterOf({ index: [index.name], nodes: [proxied] })
    await exporter.start()
    await exporter.goesDown('check the health of the cluster')
    await index.write({ connections: 100, eventTime: Date.now() })
    // Its time is that of the first process.
    await exporter.halt()
    await exporter.start()
    proxy.spoil(() => 'pass')
    await exporter.comesUp()
    await holdsTrue(index, exporter)
  }, 90_000)

  it('pages nobody for a log of ten days ago that is shipped afterwards', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const exporter = await (await exporterOf({ index: [index.name] }).start()).ready()
    await index.write({ connections: 100, eventTime: Date.now() - 10 * DAY_MS })
    const old = sum(index.truth)
    index.truth.clear()
    await index.write({ connections: 10, eventTime: Date.now() })
    await eventually('the old log is read', async () => backfill(exporter) === old || undefined)
    const late = exporter.exposed.value('clawtrust_late_events_total')
    await holdsTrue(index, exporter)
    expect(late).toBe(0)
    expect(backfill(exporter)).toBe(old)
  }, 60_000)
})
