import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../../core/clock.ts'
import { eventually } from '../servers/eventually.ts'
import { ObservedExporter, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'

const OUTAGE_MS = 90_000
const LONG_OUTAGE_MS = 30 * MINUTE_MS

let server: PlainServer
beforeAll(async () => {
  server = await plainServer()
}, 180_000)
afterAll(() => server.stop())

/** A clock that can be put forward, monotonic time too. */
function clockAhead() {
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead, monotonic: () => performance.now() + clock.ahead }
  return clock
}

const given = process.env.ES_URL !== undefined
const itWithOwnServer = given ? it.skip : it
const reason = given ? ' [skipped: the server of ES_URL is not ours to stop]' : ''

itWithOwnServer(
  `Elasticsearch that is away for 90 seconds, and for half an hour by the clock, costs nothing but time${reason}`,
  async () => {
    const { client, node } = server
    const short = await new OpenclawIndex(client).create()
    const long = await new OpenclawIndex(client).create()
    const clock = clockAhead()
    const exporters = [
      new ObservedExporter({ nodes: [server.url], index: [short.name] }),
      new ObservedExporter({ nodes: [server.url], index: [long.name] }, clock),
    ] as const
    for (const exporter of exporters) await (await exporter.start()).ready()
    await short.write({ connections: 100 })
    await long.write({ connections: 100 })
    await exporters[1].reaches(long.truth)
    const scoredBefore = exporters[1].exposed.value('clawtrust_scorings_total') ?? 0

    await node?.halt()
    const began = Date.now()
    for (const exporter of exporters) await exporter.goesDown('cannot be reached')
    clock.ahead = LONG_OUTAGE_MS
    await pause(OUTAGE_MS - (Date.now() - began))
    await node?.resume()

    for (const minutes of [25, 12, 3]) {
      await long.write({ connections: 40, ingested: clock.now() - minutes * MINUTE_MS })
    }
    await short.write({ connections: 100 })
    await long.write({ connections: 40, ingested: clock.now() })
    for (const [exporter, index] of [
      [exporters[0], short],
      [exporters[1], long],
    ] as const) {
      await exporter.comesUp()
      expect(await exporter.settlesAt(index)).toEqual(sorted(index.truth))
    }
    await long.write({ connections: 1, ingested: clock.now() })
    await exporters[1].reaches(long.truth)
    const scored = () => (exporters[1].exposed.value('clawtrust_scorings_total') ?? 0) - scoredBefore
    // Every minute of the outage is scored, also those without events.
    await eventually('the minutes are scored', async () => scored() >= LONG_OUTAGE_MS / MINUTE_MS || undefined)
    for (const exporter of exporters) {
      await exporter.stop()
      expect(exporter.exposed.falls).toEqual([])
      expect(exporter.skippedMinutes).toBe(0)
    }
  },
  300_000,
)
