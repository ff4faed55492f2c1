import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { FaultyProxy } from './faulty-proxy.ts'
import { ObservedExporter, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'

const DOWNTIME_MS = 30 * MINUTE_MS
const CONNECTIONS = 3_000
/** More than the request timeout of these tests. */
const HELD_MS = 7_000

let server: PlainServer
let proxy: FaultyProxy
let proxied: string
beforeAll(async () => {
  server = await plainServer()
  proxy = new FaultyProxy(server.url)
  proxied = await proxy.start()
}, 180_000)
afterEach(() => proxy.spoil(() => 'pass'))
afterAll(async () => {
  await proxy.stop()
  await server.stop()
})

function movableClock() {
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead, monotonic: () => performance.now() }
  return clock
}

/** An exporter that was halted half an hour ago, and what was written since into three shards, in no order. */
async function downtime() {
  const index = await new OpenclawIndex(server.client).create({ number_of_shards: 3 })
  const clock = movableClock()
  clock.ahead = -DOWNTIME_MS
  const exporter = new ObservedExporter({ nodes: [proxied], index: [index.name], page_size: 100 }, clock)
  await (await exporter.start()).ready()
  await exporter.halt()
  clock.ahead = 0
  const began = Date.now() - DOWNTIME_MS
  const documents = Array.from({ length: CONNECTIONS / 10 }, (_, number) => {
    const ingested = began + ((number * 7_919) % (DOWNTIME_MS - MINUTE_MS))
    return index.documents({ connections: 10, ingested }, index.truth)
  }).flat()
  for (let put = 0; put < documents.length; put += 1_000) await index.put(documents.slice(put, put + 1_000))
  await index.refresh()
  return { index, clock, exporter }
}

/** Lets something happen once, when so many pages of documents have been asked for. */
function atPage(page: number, happens: () => Promise<void> | void): Promise<void> {
  const happened = Promise.withResolvers<void>()
  let pages = 0
  proxy.spoil(async path => {
    if (path.startsWith('/_search') && ++pages === page) {
      await happens()
      happened.resolve()
    }
    return 'pass' as const
  })
  return happened.promise
}

async function holdsTrue(index: OpenclawIndex, exporter: ObservedExporter) {
  const counted = await exporter.settlesAt(index)
  await exporter.stop()
  await index.delete()
  expect(counted).toEqual(sorted(index.truth))
  expect(exporter.exposed.falls).toEqual([])
  expect(exporter.exposed.value('clawtrust_beyond_overlap_total')).toBe(0)
}

const given = process.env.ES_URL !== undefined
const itWithOwnServer = given ? it.skip : it
const reason = given ? ' [skipped: the server of ES_URL is not ours to stop]' : ''

describe('a backlog of half an hour', () => {
  itWithOwnServer(
    `is counted exactly where the server is held up in the middle of it${reason}`,
    async () => {
      const { index, exporter } = await downtime()
      const held = atPage(20, async () => {
        await server.node?.signal('SIGSTOP')
        setTimeout(() => void server.node?.signal('SIGCONT'), HELD_MS)
      })
      await exporter.start()
      await held
      await holdsTrue(index, exporter)
    },
    120_000,
  )

  it('is counted exactly where the clock of the exporter jumps in the middle of it, there and back', async () => {
    for (const jump of [-25 * HOUR_MS, 25 * HOUR_MS]) {
      const { index, clock, exporter } = await downtime()
      const jumped = atPage(20, () => {
        clock.ahead = jump
      })
      await exporter.start()
      await jumped
      await pause(3_000)
      clock.ahead = 0
      await holdsTrue(index, exporter)
    }
  }, 180_000)

  it('is counted exactly where an exporter reads it that is halted again and again', async () => {
    const { index, exporter } = await downtime()
    for (const page of [5, 30, 60]) {
      const reached = atPage(page, () => undefined)
      await exporter.start()
      await reached
      await exporter.halt()
    }
    await exporter.start()
    await holdsTrue(index, exporter)
  }, 120_000)
})

describe('documents that are written again with a newer ingest time', () => {
  it('hide none that come late into their old minute', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const exporter = await new ObservedExporter({ nodes: [server.url], index: [index.name] }).start()
    await exporter.ready()
    const eventTime = Date.now()
    const early = Date.now() - 5 * MINUTE_MS
    const written = await index.write({ connections: 50, ingested: early, eventTime })
    await exporter.reaches(index.truth)
    const late = index.documents({ connections: 50, ingested: early, eventTime }, index.truth)
    const again = written.map(({ id, document }) => {
      return [
        { index: { _index: index.name, _id: id } },
        { ...document, event: { ingested: new Date().toISOString() } },
      ]
    })
    await server.client.bulk({ operations: again.flat() })
    await index.put(late)
    const counted = await exporter.settlesAt(index)
    await exporter.stop()
    await index.delete()
    expect(counted).toEqual(sorted(index.truth))
    expect(exporter.exposed.value('clawtrust_duplicate_events_total')).toBe(written.length)
  }, 60_000)
})
