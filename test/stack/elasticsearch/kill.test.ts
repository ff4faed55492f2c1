import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../../core/clock.ts'
import { FaultyProxy } from './faulty-proxy.ts'
import { interruptedHistory } from './interrupted-history.ts'
import { killedExporter } from './killed-exporter.ts'
import { sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'

const KILLS = 30

let server: PlainServer
beforeAll(async () => {
  server = await plainServer()
}, 180_000)
afterAll(() => server.stop())

describe('an exporter that is killed while it reads Elasticsearch', () => {
  it(`counts the truth after ${KILLS} times kill -9 at random moments, and no exposed counter ever falls`, async () => {
    const index = await new OpenclawIndex(server.client).create({ number_of_shards: 2 })
    const { exposed, skippedMinutes } = await killedExporter(index, { nodes: [server.url], index: [index.name] }, KILLS)
    await index.delete()
    expect(exposed.value('clawtrust_events_total')).toBeGreaterThan(0)
    expect(exposed.falls).toEqual([])
    expect(skippedMinutes).toBe(0)
    expect(sorted(exposed.failures())).toEqual(sorted(index.truth))
  }, 600_000)

  it('goes on with its history where it was, each minute exact, while live documents count as they come', async () => {
    const index = await new OpenclawIndex(server.client).create({ number_of_shards: 2 })
    const truth = new Map<number, number>()
    const write = async (connections: number, time: number) => {
      const counts = new Map<string, number>()
      await index.put(index.documents({ connections, ingested: time, eventTime: time }, counts))
      const failures = [...counts.values()].reduce((sum, count) => sum + count, 0)
      const minute = Math.floor(time / MINUTE_MS) * 60
      truth.set(minute, (truth.get(minute) ?? 0) + failures)
      return failures
    }
    const began = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS / 2
    for (let part = 0; part < 200; part++) await write(150, began - part * 97 * MINUTE_MS)
    await index.refresh()
    let live = 0
    const proxy = new FaultyProxy(server.url)
    const source = {
      type: 'elasticsearch',
      name: 'logs',
      index: [index.name],
      nodes: [await proxy.start()],
      interval: '200ms',
      reconcile_interval: '1s',
      lag: '1s',
      overlap: '1s',
      page_size: 16,
      slices: 1,
    }
    const { interruptions, minutes, exposed } = await interruptedHistory(index, source, proxy, async () => {
      // Some lines tell of 20 ms later, which are of the same minute, whenever this runs.
      live += await write(10, Math.floor(Date.now() / 1_000) * 1_000)
      return live
    })
    await proxy.stop()
    await index.delete()
    process.stderr.write(`the history was broken off ${interruptions} times\n`)
    expect(interruptions).toBeGreaterThanOrEqual(2)
    expect(minutes).toEqual(truth)
    expect([...exposed.failures().values()].reduce((sum, count) => sum + count, 0)).toBe(live)
    expect(exposed.falls).toEqual([])
  }, 600_000)
})
